package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.model.StartTime;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Found;
import io.varve.core.storage.Querier;
import io.varve.core.storage.Queryable;
import io.varve.core.storage.Selection;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.SeriesStarts;
import io.varve.core.storage.SummaryRule;
import io.varve.query.QueryException;
import io.varve.query.QueryException.Kind;
import io.varve.query.QueryOptions;
import io.varve.query.QueryWorkers;
import io.varve.query.detect.window.DetectorMemory;
import io.varve.query.kernel.Row;
import io.varve.query.kernel.Starts;
import io.varve.query.lang.Expr;
import io.varve.query.plan.QueryBudget;
import io.varve.query.plan.Steps;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all parts of one query share: the views of the store (one for each range of time that is read), its budget,
 * its annotations. Closing it lets go of the views.
 */
final class QueryContext implements AutoCloseable {

    /** Times beyond this, in ticks, are refused, so that sums of times and spans do not wrap around. */
    private static final long MAX_TIME = 1L << 62;

    private final Queryable store;
    private final Map<TimeRange, Querier> queriers = new HashMap<>();
    private final Map<TimeRange, Querier> rollups = new HashMap<>();
    private final QueryBudget budget;
    private final Annotations annotations;
    private final long start;
    private final long end;
    private final long lookback;
    private final boolean instant;
    private final QueryOptions options;
    private final Map<Asked, Selection> selections = new HashMap<>();
    private Repeats repeats = Repeats.NONE;
    private boolean startTimes;
    private boolean keepsNames;
    private @Nullable PlannedReads planned;

    /** What a selector asks the store for. */
    private record Asked(TimeRange range, List<Matcher> matchers) {}

    /**
     * A context.
     *
     * @param start what {@code @ start()} means, ticks
     * @param end what {@code @ end()} means, ticks: the end that was asked for, which may lie behind the last step
     * @param lookback how far an instant selector looks back, ticks
     * @param options how to answer
     */
    QueryContext(
            Queryable store,
            QueryBudget budget,
            Annotations annotations,
            long start,
            long end,
            long lookback,
            boolean instant,
            QueryOptions options) {
        this.store = store;
        this.budget = budget;
        this.annotations = annotations;
        this.start = start;
        this.end = end;
        this.lookback = lookback;
        this.instant = instant;
        this.options = options;
    }

    QueryBudget budget() {
        return budget;
    }

    Annotations annotations() {
        return annotations;
    }

    /** Who helps. */
    QueryWorkers workers() {
        return options.workers();
    }

    /** What detectors have learned in queries before. */
    DetectorMemory detectors() {
        return options.detectors();
    }

    /** From now on what stands in an expression several times is evaluated once, if that is wanted. */
    void share(Expr expr) {
        repeats = options.sharing() ? Repeats.of(expr) : Repeats.NONE;
    }

    /** What is evaluated once. */
    Repeats repeats() {
        return repeats;
    }

    /** Whether the query has one evaluation time. */
    boolean isInstant() {
        return instant;
    }

    long lookback() {
        return lookback;
    }

    Resolution resolution() {
        return store.resolution();
    }

    /** Seconds of a time. */
    double seconds(long ticks) {
        return ticks / (double) resolution().ticksPerSecond();
    }

    /** Ticks of a time or span in nanoseconds, the rest cut off. */
    long ticks(long nanos) {
        return nanos / resolution().nanosPerTick();
    }

    /** Ticks of a span that must be there. */
    long spanTicks(long nanos, String what) {
        long ticks = ticks(nanos);
        if (ticks <= 0) {
            throw new QueryException(
                    Kind.EXECUTION,
                    what + " is shorter than the store's unit of time: unit="
                            + resolution().unit());
        }
        return ticks;
    }

    /** The time at which a selector looks when the expression is evaluated at a time. */
    long shift(long time, Expr.Timing timing) {
        long anchored =
                switch (timing.anchor()) {
                    case NONE -> time;
                    case LITERAL -> ticks(timing.anchorNanos());
                    case START -> start;
                    case END -> end;
                };
        return checkTime(Steps.minus(anchored, ticks(timing.offsetNanos())));
    }

    static long checkTime(long time) {
        if (time > MAX_TIME || time < -MAX_TIME) {
            throw new QueryException(Kind.BAD_DATA, "time out of range: ticks=" + time);
        }
        return time;
    }

    /**
     * Opens the series of a selector.
     *
     * @param after samples are later than this, ticks
     * @param upTo and no later than this
     */
    SeriesSet select(List<Matcher> matchers, long after, long upTo) {
        return select(SummaryRule.NONE, matchers, after, upTo);
    }

    /** The same, with pages that need not be decoded. */
    SeriesSet select(SummaryRule rule, List<Matcher> matchers, long after, long upTo) {
        return querier(after, upTo).select(used(rule), matchers.toArray(new Matcher[0]));
    }

    /** The rule that holds where one is asked for. */
    SummaryRule used(SummaryRule rule) {
        return options.statistics() ? rule : SummaryRule.NONE;
    }

    /** Finds the series of a selector; what was found before is not looked for again. As {@link #select} has them. */
    Selection find(List<Matcher> matchers, long after, long upTo) {
        PlannedReads instead = planned;
        if (instead != null) {
            return instead.find(querier(after, upTo), range(after, upTo), matchers);
        }
        Asked asked = new Asked(range(after, upTo), List.copyOf(matchers));
        Selection known = selections.get(asked);
        if (known != null) {
            return known;
        }
        Selection found = querier(after, upTo).find(matchers.toArray(new Matcher[0]));
        if (options.sharing()) {
            selections.put(asked, found);
        }
        return found;
    }

    /** From now on selections are only planned: they are noted, and have no series. */
    void plan(PlannedReads reads) {
        planned = reads;
    }

    /** From now on {@link #starts} tells when series began to count. */
    void useStartTimes() {
        startTimes = true;
    }

    /** From now on names that fall away do so at the end. */
    void keepNames() {
        keepsNames = true;
    }

    /** Whether names that fall away stay among the labels to the end. */
    boolean keepsNames() {
        return keepsNames;
    }

    /** The labels of a series whose name falls away: at once, or at the end if its row says so. */
    Labels unnamed(Labels labels, Row row) {
        if (!keepsNames) {
            return labels.without(Labels.NAME);
        }
        row.nameless(true);
        return labels;
    }

    /**
     * When the series of a selector began to count, as far as it is known and wanted.
     *
     * @param after samples are later than this, ticks
     * @param upTo and no later than this
     */
    Map<Labels, Starts> starts(List<Matcher> matchers, long after, long upTo) {
        Map<Labels, Starts> starts = new HashMap<>();
        if (startTimes) {
            Found<List<SeriesStarts>> found = querier(after, upTo).startTimes(matchers.toArray(new Matcher[0]));
            for (SeriesStarts series : found.found()) {
                long[] times =
                        series.starts().stream().mapToLong(StartTime::start).toArray();
                budget.charge(0, 8L * times.length);
                starts.put(series.series(), new Starts(times));
            }
            annotations.holes(found.holes());
        }
        return starts;
    }

    /**
     * Where the rollups of a range are read: where samples of it may have expired. Null if none have, or if there are
     * no rollups. It sees what the samples' querier sees, or what came later, so that nothing lies between them.
     */
    @Nullable
    Querier rollups(long after, long upTo) {
        Querier samples = querier(after, upTo);
        long first = after == Long.MIN_VALUE ? after : after + 1;
        if (samples.samplesFrom() <= first || samples.rollupWidths().isEmpty()) {
            return null;
        }
        return rollups.computeIfAbsent(TimeRange.of(first, upTo), r -> store.querier(r, budget));
    }

    private Querier querier(long after, long upTo) {
        return queriers.computeIfAbsent(range(after, upTo), r -> store.querier(r, budget));
    }

    private static TimeRange range(long after, long upTo) {
        return TimeRange.of(after == Long.MIN_VALUE ? after : after + 1, upTo);
    }

    @Override
    public void close() {
        selections.clear();
        queriers.values().forEach(Querier::close);
        queriers.clear();
        rollups.values().forEach(Querier::close);
        rollups.clear();
    }
}
