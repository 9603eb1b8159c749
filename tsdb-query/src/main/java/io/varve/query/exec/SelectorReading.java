package io.varve.query.exec;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.ResetHint;
import io.varve.core.model.StaleMarker;
import io.varve.core.storage.Selection;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.SummaryRule;
import io.varve.query.QueryException;
import io.varve.query.histogram.Flaw;
import io.varve.query.kernel.CounterKernels;
import io.varve.query.kernel.HistogramEdgeKernels;
import io.varve.query.kernel.Row;
import io.varve.query.kernel.Starts;
import io.varve.query.kernel.Windows;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Expr.Anchor;
import io.varve.query.lang.Expr.Edges;
import io.varve.query.plan.PageRule;
import io.varve.query.plan.SampleReader;
import io.varve.query.plan.Spans;
import io.varve.query.plan.Steps;
import io.varve.query.plan.WindowBounds;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the samples of selectors, once for all steps of a query. */
final class SelectorReading {

    /** Step of a subquery that gives none: a minute. */
    static final long DEFAULT_STEP_NANOS = 60_000_000_000L;

    private final Evaluator evaluator;
    private final QueryContext context;
    private final Steps steps;

    SelectorReading(Evaluator evaluator) {
        this.evaluator = evaluator;
        this.context = evaluator.context();
        this.steps = evaluator.steps();
    }

    /** Takes the windows of one series after the other; what it is given is borrowed. */
    @FunctionalInterface
    interface WindowSink {
        void accept(Labels labels, Windows windows);

        /** The same of a series whose name falls away at the end. */
        default void acceptNameless(Labels labels, Windows windows) {
            accept(labels, windows);
        }
    }

    /**
     * The newest sample of each series within the lookback, unless it is a stale marker.
     *
     * @param asTime whether the sample's time in seconds is wanted and not its value
     */
    void instant(Expr.Selector selector, boolean asTime, RowSink sink) {
        if (selector.edges() == Edges.SMOOTHED && !asTime) {
            RowMaker smoothed = (labels, windows, row, flaws) ->
                    HistogramEdgeKernels.smoothedValue(flaws).apply(windows, row);
            each(selector, context.lookback(), smoothed, (labels, row, flaws) -> {
                context.annotations().flaws(flaws, selector.metricName(), selector.at());
                evaluator.pushUnlessEmpty(labels, row, sink);
            });
            return;
        }
        boolean fixed = selector.timing().anchor() != Anchor.NONE;
        int count = fixed ? 1 : steps.count();
        long first = context.shift(steps.start(), selector.timing());
        long last = context.shift(steps.last(), selector.timing());
        Rolled rolled = Rolled.newest(context, selector.matchers(), selector.at(), first, last);
        long lookback = rolled.lookback();
        RowMaker newest = (labels, windows, row, flaws) -> newest(windows, asTime, row);
        WindowReading reading = new WindowReading(
                selector,
                false,
                SummaryRule.NONE,
                rolled,
                Steps.minus(first, lookback),
                last,
                bounds(count, first, steps.step(), lookback, 0, 0));
        RowTaker taker = (labels, row, flaws) -> evaluator.pushUnlessEmpty(labels, row, sink);
        reading.rows(() -> fixed ? repeated(newest) : newest, taker).read(reading.find());
        rolled.tell();
    }

    /** When the counting began from which the newest sample of each series within the lookback counts. */
    void startTimes(Expr.Selector selector, RowSink sink) {
        Map<Labels, Starts> starts = starts(selector, context.lookback());
        each(
                selector,
                0,
                (labels, windows, row, flaws) -> CounterKernels.newestStart(starts.getOrDefault(labels, Starts.NONE))
                        .apply(windows, row),
                (labels, row, flaws) -> evaluator.pushUnlessEmpty(labels, row, sink));
    }

    /**
     * When the series of a selector began to count.
     *
     * @param range how long before a step samples are read, ticks
     */
    Map<Labels, Starts> starts(Expr.Selector selector, long range) {
        long first = context.shift(steps.start(), selector.timing());
        long last = context.shift(steps.last(), selector.timing());
        return context.starts(selector.matchers(), Steps.minus(first, range), last);
    }

    /**
     * What is made of the samples around each step, by a maker that any number of threads may use.
     *
     * @param after how far samples may lie behind the step, ticks; before it they may by the lookback
     */
    private void each(Expr.Selector selector, long after, RowMaker maker, RowTaker taker) {
        boolean fixed = selector.timing().anchor() != Anchor.NONE;
        long lookback = context.lookback();
        long first = context.shift(steps.start(), selector.timing());
        long last = context.shift(steps.last(), selector.timing());
        WindowReading reading = new WindowReading(
                selector,
                false,
                SummaryRule.NONE,
                Rolled.not(context, selector.at()),
                Steps.minus(first, lookback),
                last + after,
                bounds(fixed ? 1 : steps.count(), first, steps.step(), 0, lookback, after));
        reading.rows(() -> fixed ? repeated(maker) : maker, taker).read(reading.find());
    }

    /** Gives every step what the first one has. */
    private static RowMaker repeated(RowMaker first) {
        return (labels, windows, row, flaws) -> {
            first.make(labels, windows, row, flaws);
            repeatFirst(row);
        };
    }

    /** Reads a series of both kinds once more, for a fold takes floats alone. */
    private void readDecoded(SampleReader reader, Labels labels, long after, long upTo) {
        List<Matcher> exactly = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            exactly.add(Matcher.equal(labels.name(i), labels.value(i)));
        }
        try (SeriesSet set = context.select(exactly, after, upTo)) {
            while (set.next()) {
                if (set.labels().equals(labels)) {
                    reader.readAllValues(set.columns());
                    break;
                }
            }
            context.annotations().holes(set.holes());
        }
    }

    private static void newest(Windows windows, boolean asTime, Row row) {
        int[] from = windows.from();
        int[] to = windows.to();
        double[] values = windows.values();
        @Nullable Histogram @Nullable [] histograms = asTime ? null : windows.histograms();
        for (int i = 0; i < windows.steps(); i++) {
            int newest = to[i] - 1;
            if (newest >= from[i] && !StaleMarker.is(values[newest])) {
                Histogram histogram = histograms == null ? null : histograms[newest];
                if (histogram != null) {
                    row.set(i, histogram);
                } else {
                    row.set(i, asTime ? windows.seconds(windows.times()[newest]) : values[newest]);
                }
            }
        }
    }

    /** Gives every step what the first one has. */
    static void repeatFirst(Row row) {
        if (row.has(0)) {
            for (int i = 1; i < row.steps(); i++) {
                row.copy(i, row, 0);
            }
        }
    }

    /** Charges for bounds of windows; each thread that reads has its own. */
    private Supplier<WindowBounds> bounds(int count, long firstEnd, long step, long range, long before, long after) {
        context.budget().charge(0, 8L * count);
        double ticksPerSecond = context.resolution().ticksPerSecond();
        return () -> new WindowBounds(count, firstEnd, step, range, before, after, ticksPerSecond);
    }

    static Expr.Timing timing(Expr range) {
        return range instanceof Expr.RangeSelector selector
                ? selector.selector().timing()
                : ((Expr.Subquery) range).timing();
    }

    /** Ends of windows: as many as steps, or one for all. */
    private Steps ends(Expr range, boolean once) {
        Expr.Timing timing = timing(range);
        long first = context.shift(steps.start(), timing);
        long step = timing.anchor() == Anchor.NONE ? steps.step() : 0;
        return new Steps(first, step, once ? 1 : steps.count());
    }

    /**
     * The windows of a range selector or subquery at each step, in the query's own thread.
     *
     * @param once whether only the first step's windows are wanted
     */
    void windows(Expr range, boolean once, WindowSink sink) {
        windows(range, once, Told.SAMPLES, sink);
    }

    /** The same for a sink that may take summaries. */
    void windows(Expr range, boolean once, Told told, WindowSink sink) {
        if (range instanceof Expr.Subquery sub) {
            subquery(sub, ends(range, once), sink);
            return;
        }
        RowMaker maker = (labels, windows, row, flaws) -> sink.accept(labels, windows);
        RowTaker taker = (labels, row, flaws) -> evaluator.release(row);
        WindowReading reading = reading((Expr.RangeSelector) range, once, told);
        reading.rows(() -> maker, taker).alone(reading.find(), reading.work(maker));
        reading.rolled.tell();
    }

    /**
     * What is made of the windows of a range selector or subquery at each step.
     *
     * @param once whether only the first step's windows are wanted
     * @param told what may tell of windows to makers
     * @param makers makes the maker of each thread; any thread asks it
     */
    void rows(Expr range, boolean once, Told told, Supplier<RowMaker> makers, RowTaker taker) {
        if (range instanceof Expr.RangeSelector selector) {
            WindowReading reading = reading(selector, once, told);
            reading.rows(makers, taker).read(reading.find());
            reading.rolled.tell();
            return;
        }
        RowMaker maker = makers.get();
        Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
        subquery((Expr.Subquery) range, ends(range, once), new WindowSink() {
            @Override
            public void accept(Labels labels, Windows windows) {
                take(labels, windows, false);
            }

            @Override
            public void acceptNameless(Labels labels, Windows windows) {
                take(labels, windows, true);
            }

            private void take(Labels labels, Windows windows, boolean nameless) {
                Row row = evaluator.row();
                row.nameless(nameless);
                maker.make(labels, windows, row, flaws);
                taker.take(labels, row, flaws);
            }
        });
    }

    private WindowReading reading(Expr.RangeSelector range, boolean once, Told told) {
        Steps ends = ends(range, once);
        long length = context.spanTicks(range.rangeNanos(), "range");
        Edges edges = range.selector().edges();
        long before = edges == Edges.PLAIN ? 0 : context.lookback();
        long after = edges == Edges.SMOOTHED ? context.lookback() : 0;
        boolean plain = edges == Edges.PLAIN;
        SummaryRule rule = told.byPages() && plain
                ? new PageRule(ends.count(), ends.start(), ends.step(), length)
                : SummaryRule.NONE;
        long last = once
                ? ends.start()
                : context.shift(steps.last(), range.selector().timing());
        List<Matcher> matchers = range.selector().matchers();
        Rolled rolled =
                Rolled.windows(context, matchers, range.at(), new Spans(ends, length), plain ? told : Told.SAMPLES);
        return new WindowReading(
                range.selector(),
                true,
                rule,
                rolled,
                Steps.minus(ends.start(), length + before),
                last + after,
                bounds(ends.count(), ends.start(), ends.step(), length, before, after));
    }

    /** How the series of a range selector are read, later than a time and no later than another. */
    private final class WindowReading {

        private final Expr.Selector selector;
        private final boolean values;
        private final SummaryRule rule;
        private final Rolled rolled;
        private final long after;
        private final long upTo;
        private final Supplier<WindowBounds> bounds;

        /** @param values whether stale markers are left out */
        WindowReading(
                Expr.Selector selector,
                boolean values,
                SummaryRule rule,
                Rolled rolled,
                long after,
                long upTo,
                Supplier<WindowBounds> bounds) {
            this.selector = selector;
            this.values = values;
            this.rule = context.used(rule);
            this.rolled = rolled;
            this.after = after;
            this.upTo = upTo;
            this.bounds = bounds;
        }

        Selection find() {
            return rolled.over(context.find(selector.matchers(), after, upTo));
        }

        SeriesWork work(RowMaker maker) {
            return new SeriesWork(values, bounds.get(), maker);
        }

        SeriesRows rows(Supplier<RowMaker> makers, RowTaker taker) {
            BiConsumer<SeriesWork, Labels> mixed = (work, labels) -> readDecoded(work.reader(), labels, after, upTo);
            return new SeriesRows(evaluator, rule, () -> work(makers.get()), mixed, taker);
        }
    }

    private void subquery(Expr.Subquery sub, Steps ends, WindowSink sink) {
        long length = context.spanTicks(sub.rangeNanos(), "range");
        long last = ends.count() == 1 ? ends.start() : context.shift(steps.last(), sub.timing());
        Supplier<WindowBounds> bounds = bounds(ends.count(), ends.start(), ends.step(), length, 0, 0);
        subquery(sub, Steps.minus(ends.start(), length), last, bounds.get(), sink);
    }

    private void subquery(Expr.Subquery sub, long after, long upTo, WindowBounds bounds, WindowSink sink) {
        long nanos = sub.stepNanos() == 0 ? DEFAULT_STEP_NANOS : sub.stepNanos();
        long step = context.spanTicks(nanos, "step");
        QueryContext.checkTime(after);
        long start = Math.multiplyExact(Math.floorDiv(after, step), step) + step;
        if (start > upTo) {
            return;
        }
        long points = (upTo - start) / step + 1;
        if (points > Integer.MAX_VALUE / 8) {
            throw new QueryException(QueryException.Kind.EXECUTION, "subquery has too many steps: steps=" + points);
        }
        int count = (int) points;
        Evaluator inner = new Evaluator(context, new Steps(start, step, count));
        context.budget().charge(0, 16L * count);
        long[] times = new long[count];
        double[] values = new double[count];
        SampleReader reader = new SampleReader();
        RowSet rows = new RowSet();
        inner.vector(sub.expr(), rows);
        rows.drainTo((labels, row) -> {
            int size = 0;
            @Nullable Histogram @Nullable [] histograms = row.hasHistograms() ? new Histogram[count] : null;
            for (int i = 0; i < count; i++) {
                if (row.has(i)) {
                    times[size] = start + i * step;
                    if (histograms != null) {
                        histograms[size] = unhinted(row.histogram(i));
                    }
                    values[size++] = row.get(i);
                }
            }
            context.budget().charge(size, histograms == null ? 0 : 8L * count);
            reader.set(times, values, histograms, size);
            if (row.isNameless()) {
                sink.acceptNameless(labels, bounds.over(reader));
            } else {
                sink.accept(labels, bounds.over(reader));
            }
        });
    }

    /** What a histogram says of a reset is of the sample before it in the store, which a subquery may leave out. */
    private static @Nullable Histogram unhinted(@Nullable Histogram histogram) {
        if (histogram == null || histogram.hint() == ResetHint.GAUGE) {
            return histogram;
        }
        return histogram.withHint(ResetHint.UNKNOWN);
    }
}
