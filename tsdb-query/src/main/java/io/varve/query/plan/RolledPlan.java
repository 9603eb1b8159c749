package io.varve.query.plan;

import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Querier;
import io.varve.core.storage.RollupSet;
import io.varve.core.storage.SummaryRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which buckets of rollups may stand for samples that have expired, for windows or for the newest sample at a time.
 * Immutable.
 */
public final class RolledPlan {

    private final RollupPlan plan;
    private final @Nullable SummaryRule rule;
    private final boolean sketched;
    private final long lookback;
    private final long tooWide;
    private final Spans spans;
    private final List<TimeRange> stored;

    private RolledPlan(
            RollupPlan plan,
            @Nullable SummaryRule rule,
            boolean sketched,
            long lookback,
            long tooWide,
            Spans spans,
            List<TimeRange> stored) {
        this.plan = plan;
        this.rule = rule;
        this.sketched = sketched;
        this.lookback = lookback;
        this.tooWide = tooWide;
        this.spans = spans;
        this.stored = stored;
    }

    /**
     * A plan for windows, of which none is shorter than its buckets: widths that windows are made of first, the widest
     * of them before others, then the narrowest.
     *
     * @param querier of rollups
     * @param sketched whether buckets must have sketches
     */
    public static RolledPlan ofWindows(Querier querier, Spans spans, boolean sketched, Matcher... matchers) {
        List<RollupPlan.Width> widths = new ArrayList<>();
        List<TimeRange> stored = new ArrayList<>();
        long tooWide = 0;
        for (long width : querier.rollupWidths()) {
            try (RollupSet set = querier.rollups(width, matchers)) {
                stored.addAll(set.covered());
                if (width > spans.length()) {
                    tooWide = tooWide == 0 ? width : tooWide;
                } else {
                    widths.add(new RollupPlan.Width(width, sketched ? set.sketched() : set.covered()));
                }
            }
        }
        RollupPlan plan = RollupPlan.of(widths, spans, false);
        PageRule rule = new PageRule(
                spans.count(),
                spans.end(0),
                spans.count() == 1 ? 0 : spans.steps().step(),
                spans.length());
        return new RolledPlan(plan, rule, sketched, 0, tooWide, spans, stored);
    }

    /**
     * A plan for the newest sample at a time: the narrowest buckets that there are.
     *
     * @param lookback how long a sample is seen, ticks; that of a bucket no shorter than the bucket
     */
    public static RolledPlan ofNewest(Querier querier, long lookback, Matcher... matchers) {
        List<RollupPlan.Width> widths = new ArrayList<>();
        for (long width : querier.rollupWidths()) {
            try (RollupSet set = querier.rollups(width, matchers)) {
                widths.add(new RollupPlan.Width(width, set.covered()));
            }
        }
        // No width is what a window of one tick less than for ever is made of: the narrowest comes first.
        Spans anything = new Spans(Steps.at(1), Long.MAX_VALUE);
        return new RolledPlan(RollupPlan.of(widths, anything, false), null, false, lookback, 0, anything, List.of());
    }

    /** Whether some bucket may answer. */
    public boolean isEmpty() {
        return plan.segments().isEmpty();
    }

    List<Long> widths() {
        return plan.widths();
    }

    /** The widest bucket that may answer, ticks; 0 if none may. */
    public long widest() {
        return widths().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** The narrowest width of buckets that are wider than windows, so that they do not answer; 0 if none are. */
    public long tooWide() {
        return tooWide;
    }

    /**
     * Whether windows have ticks for which there are rollups, of which none may answer.
     *
     * @param samplesFrom the tick from which on samples do
     */
    public boolean leavesOut(long samplesFrom) {
        for (TimeRange range : stored) {
            for (TimeRange part : plan.uncovered(TimeRange.of(range.from(), Math.min(range.to(), samplesFrom - 1)))) {
                if (spans.reach(part.from(), part.to())) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean holds(long width, long bucketEnd) {
        return plan.holds(width, bucketEnd);
    }

    boolean sketched() {
        return sketched;
    }

    long lookback() {
        return lookback;
    }

    /** Whether a window begins or ends between samples at these times. */
    boolean isCut(long firstTime, long lastTime) {
        SummaryRule windows = rule;
        return windows != null && !windows.fits(firstTime, lastTime);
    }
}
