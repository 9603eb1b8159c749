package io.varve.core.compact;

import io.varve.core.block.BlockMeta;
import io.varve.core.model.Labels;
import io.varve.core.model.Resolution;
import io.varve.core.model.RetentionRule;
import io.varve.core.model.RollupRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * How long a store keeps what: by age, by age of some series, and by size. Pure; what is decided from it is made to
 * happen elsewhere.
 */
public final class RetentionPolicy {

    /** Part of a block that must have expired before it is rewritten: writing three bytes then frees at least one. */
    private static final double WORTHWHILE = 0.25;

    private final long standard;
    private final List<RetentionRule> rules;
    private final long[] ages;
    private final long maxBytes;
    private final List<RollupRule> rollups;
    private final Resolution resolution;

    /**
     * A policy.
     *
     * @param time age at which samples expire; zero keeps them
     * @param rules exceptions, of which the first that matches a series holds
     * @param maxBytes size of blocks and log beyond which the oldest blocks go; zero for no limit
     * @param rollups what is kept for longer than samples
     */
    public RetentionPolicy(
            Resolution resolution, Duration time, List<RetentionRule> rules, long maxBytes, List<RollupRule> rollups) {
        this.resolution = resolution;
        this.rollups = List.copyOf(rollups);
        this.standard = ticks(resolution, time);
        this.rules = List.copyOf(rules);
        this.ages =
                rules.stream().mapToLong(rule -> ticks(resolution, rule.time())).toArray();
        this.maxBytes = maxBytes;
    }

    private static long ticks(Resolution resolution, Duration age) {
        return age.isZero() ? Long.MAX_VALUE : resolution.ticksOfMillis(age.toMillis());
    }

    /** A policy without rollups. */
    public RetentionPolicy(Resolution resolution, Duration time, List<RetentionRule> rules, long maxBytes) {
        this(resolution, time, rules, maxBytes, List.of());
    }

    /** The rollups that some series has, since they outlive its samples. */
    public List<RollupRule> activeRollups() {
        return rollups.stream().filter(rule -> shortestAge() < age(rule)).toList();
    }

    /** Whether a series has rollups by a rule: only if they outlive its samples. */
    public boolean hasRollups(Labels labels, RollupRule rule) {
        for (int i = 0; i < ages.length; i++) {
            if (rules.get(i).matches(labels)) {
                return ages[i] < age(rule);
            }
        }
        return standard < age(rule);
    }

    private long age(RollupRule rule) {
        return ticks(resolution, rule.time());
    }

    private long shortestAge() {
        long shortest = standard;
        for (long age : ages) {
            shortest = Math.min(shortest, age);
        }
        return shortest;
    }

    /** Whether anything expires by its age. */
    public boolean byAge() {
        boolean some = standard != Long.MAX_VALUE;
        for (long age : ages) {
            some |= age != Long.MAX_VALUE;
        }
        return some;
    }

    /** The age in ticks at which all series have expired; {@link Long#MAX_VALUE} if some never do. */
    public long longestAge() {
        long longest = standard;
        for (long age : ages) {
            longest = Math.max(longest, age);
        }
        return longest;
    }

    /**
     * What has expired.
     *
     * @param now the time that ages are counted from, in ticks
     */
    public Cutoffs at(long now) {
        long[] cutoffs = new long[ages.length];
        for (int i = 0; i < ages.length; i++) {
            cutoffs[i] = cutoff(now, ages[i]);
        }
        RollupCutoffs expired = RollupCutoffs.NONE;
        for (RollupRule rule : rollups) {
            long width = resolution.ticksOfMillis(rule.width().toMillis());
            expired = expired.with(width, cutoff(now, age(rule)));
        }
        return new Cutoffs(cutoff(now, standard), rules, cutoffs, expired);
    }

    private static long cutoff(long now, long age) {
        return age == Long.MAX_VALUE || now < Long.MIN_VALUE + age ? Long.MIN_VALUE : now - age;
    }

    /**
     * Blocks that must go for the store to keep within its size: those whose newest sample is oldest. The block with
     * the newest sample of all stays, so that a mistake in the configuration does not empty a store.
     *
     * @param logBytes what the log and rollups take
     */
    public List<BlockMeta> beyondSize(List<BlockMeta> blocks, long logBytes) {
        return beyondSize(blocks, BlockMeta::maxTime, logBytes);
    }

    /**
     * Blocks of rollups that must go for the store to keep within its size, when no others are left that could: by the
     * rules of {@link #beyondSize}, the age being that of what they cover.
     *
     * @param otherBytes what counts beside them
     */
    public List<BlockMeta> rollupsBeyondSize(List<BlockMeta> rollups, long otherBytes) {
        return beyondSize(rollups, RetentionPolicy::coveredTo, otherBytes);
    }

    private static long coveredTo(BlockMeta block) {
        return Objects.requireNonNull(block.header().rollup(), "a block of rollups")
                .to();
    }

    private List<BlockMeta> beyondSize(List<BlockMeta> blocks, ToLongFunction<BlockMeta> newest, long otherBytes) {
        long excess = excess(blocks, otherBytes);
        if (excess <= 0 || blocks.size() < 2) {
            return List.of();
        }
        List<BlockMeta> byAge = new ArrayList<>(blocks);
        byAge.sort(Comparator.comparingLong(newest));
        List<BlockMeta> gone = new ArrayList<>();
        for (BlockMeta block : byAge.subList(0, byAge.size() - 1)) {
            if (excess > 0) {
                gone.add(block);
                excess -= block.bytes();
            }
        }
        return List.copyOf(gone);
    }

    /**
     * Bytes by which blocks, and what else counts, are more than they may be; 0 or less if they are not.
     *
     * @param otherBytes what counts beside the blocks
     */
    private long excess(List<BlockMeta> blocks, long otherBytes) {
        long excess = otherBytes - maxBytes;
        for (BlockMeta block : blocks) {
            excess += block.bytes();
        }
        return maxBytes == 0 ? 0 : excess;
    }

    /**
     * Whether so much of a block has expired that it should be written anew. What it says of a block that was just
     * written with the same cutoffs is no: its expired series are gone, and it begins at or behind the lowest cutoff.
     *
     * @param expiredSeries series of the block of which nothing is left
     */
    public static boolean isWorthRewriting(BlockMeta block, long expiredSeries, Cutoffs cutoffs) {
        double bySeries = (double) expiredSeries / Math.max(1, block.series());
        double span = (double) block.maxTime() - block.minTime() + 1;
        double byTime = ((double) Math.max(cutoffs.lowest(), block.minTime()) - block.minTime()) / span;
        return Math.max(bySeries, byTime) >= WORTHWHILE;
    }
}
