package io.varve.core.compact;

import io.varve.core.block.BlockMeta;
import io.varve.core.model.Resolution;
import io.varve.core.model.RetentionRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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

    /**
     * A policy.
     *
     * @param time age at which samples expire; zero keeps them
     * @param rules exceptions, of which the first that matches a series holds
     * @param maxBytes size of blocks and log beyond which the oldest blocks go; zero for no limit
     */
    public RetentionPolicy(Resolution resolution, Duration time, List<RetentionRule> rules, long maxBytes) {
        this.standard = ticks(resolution, time);
        this.rules = List.copyOf(rules);
        this.ages =
                rules.stream().mapToLong(rule -> ticks(resolution, rule.time())).toArray();
        this.maxBytes = maxBytes;
    }

    private static long ticks(Resolution resolution, Duration age) {
        return age.isZero() ? Long.MAX_VALUE : resolution.ticksOfMillis(age.toMillis());
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
        return new Cutoffs(cutoff(now, standard), rules, cutoffs);
    }

    private static long cutoff(long now, long age) {
        return age == Long.MAX_VALUE || now < Long.MIN_VALUE + age ? Long.MIN_VALUE : now - age;
    }

    /**
     * Blocks that must go for the store to keep within its size: those whose newest sample is oldest. The block with
     * the newest sample of all stays, so that a mistake in the configuration does not empty a store.
     *
     * @param logBytes what the log takes
     */
    public List<BlockMeta> beyondSize(List<BlockMeta> blocks, long logBytes) {
        long excess = logBytes - maxBytes;
        for (BlockMeta block : blocks) {
            excess += block.bytes();
        }
        if (maxBytes == 0 || excess <= 0 || blocks.size() < 2) {
            return List.of();
        }
        List<BlockMeta> byAge = new ArrayList<>(blocks);
        byAge.sort(Comparator.comparingLong(BlockMeta::maxTime));
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
