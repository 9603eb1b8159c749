package io.varve.core.compact;

import io.varve.core.index.LabelIndex;
import io.varve.core.index.PostingsSelector;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.RetentionRule;
import io.varve.core.model.TimeRange;
import java.util.List;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * What retention by age means at one moment: the time, in ticks, before which the samples of a series have expired.
 * Immutable, read by any thread.
 */
public final class Cutoffs {

    /** Nothing expires. */
    public static final Cutoffs NONE = new Cutoffs(Long.MIN_VALUE, List.of(), new long[0]);

    private final long standard;
    private final List<RetentionRule> rules;
    private final long[] byRule;
    private final long lowest;
    private final RollupCutoffs rollups;

    /**
     * Cutoffs.
     *
     * @param standard cutoff of series that no rule matches, {@link Long#MIN_VALUE} if they are kept
     * @param rules the first that matches a series holds
     * @param byRule cutoff of each rule
     */
    public Cutoffs(long standard, List<RetentionRule> rules, long[] byRule) {
        this(standard, rules, byRule, RollupCutoffs.NONE);
    }

    /** As the other; {@code rollups} says what has expired of rollups. */
    Cutoffs(long standard, List<RetentionRule> rules, long[] byRule, RollupCutoffs rollups) {
        this.rollups = rollups;
        this.standard = standard;
        this.rules = List.copyOf(rules);
        this.byRule = byRule.clone();
        long least = standard;
        for (long cutoff : byRule) {
            least = Math.min(least, cutoff);
        }
        lowest = least;
    }

    /** Before this, samples of any series have expired; {@link Long#MIN_VALUE} if some are kept for ever. */
    public long lowest() {
        return lowest;
    }

    /** Before this, samples have expired of series that no rule matches. */
    public long standard() {
        return standard;
    }

    /** Rules, of which the first that matches a series holds. */
    public List<RetentionRule> rules() {
        return rules;
    }

    /** Before this, samples have expired of series for which a rule holds. */
    public long ofRule(int rule) {
        return byRule[rule];
    }

    /** What has expired of rollups. */
    public RollupCutoffs rollups() {
        return rollups;
    }

    /** The latest of all cutoffs; {@link Long#MIN_VALUE} if nothing expires. */
    public long highest() {
        long most = standard;
        for (long cutoff : byRule) {
            most = Math.max(most, cutoff);
        }
        return most;
    }

    /**
     * The same, but that nothing expires from a time on, and only whole buckets do.
     *
     * @param width ticks of a bucket
     */
    public Cutoffs mapped(long time, long width) {
        long[] limited = new long[byRule.length];
        for (int i = 0; i < limited.length; i++) {
            limited[i] = mapped(byRule[i], time, width);
        }
        return new Cutoffs(mapped(standard, time, width), rules, limited, rollups);
    }

    private static long mapped(long cutoff, long time, long width) {
        // A bucket ends with the tick that is a multiple of the width, so that one has to go with it.
        return cutoff == Long.MIN_VALUE ? cutoff : Math.floorDiv(Math.min(cutoff, time) - 1, width) * width + 1;
    }

    /** Before this, samples of a series have expired. */
    public long of(Labels labels) {
        for (int i = 0; i < byRule.length; i++) {
            if (rules.get(i).matches(labels)) {
                return byRule[i];
            }
        }
        return standard;
    }

    /** What of a range has not expired for a series; may be empty. */
    public TimeRange within(Labels labels, TimeRange range) {
        long cutoff = rules.isEmpty() ? standard : of(labels);
        return cutoff <= range.from() ? range : TimeRange.of(cutoff, range.to());
    }

    /** Whether all of a range is kept for every series. */
    public boolean keepAll(TimeRange range) {
        if (standard > range.from()) {
            return false;
        }
        for (long cutoff : byRule) {
            if (cutoff > range.from()) {
                return false;
            }
        }
        return true;
    }

    /**
     * The series of a block or head of which nothing is left.
     *
     * @param newest newest time that a sample in it has
     * @return a bitmap of the caller's own
     */
    public MutableRoaringBitmap expired(LabelIndex index, long newest) {
        MutableRoaringBitmap expired = new MutableRoaringBitmap();
        MutableRoaringBitmap decided = new MutableRoaringBitmap();
        for (int i = 0; i < byRule.length; i++) {
            MutableRoaringBitmap matched =
                    PostingsSelector.select(index, rules.get(i).match().toArray(Matcher[]::new));
            matched.andNot(decided);
            decided.or(matched);
            if (byRule[i] > newest) {
                expired.or(matched);
            }
        }
        if (standard > newest) {
            MutableRoaringBitmap rest = index.all().toMutableRoaringBitmap();
            rest.andNot(decided);
            expired.or(rest);
        }
        return expired;
    }
}
