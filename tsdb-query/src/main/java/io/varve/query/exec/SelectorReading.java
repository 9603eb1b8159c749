package io.varve.query.exec;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.ResetHint;
import io.varve.core.model.StaleMarker;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.SummaryRule;
import io.varve.query.QueryException;
import io.varve.query.histogram.Flaw;
import io.varve.query.kernel.CounterKernels;
import io.varve.query.kernel.HistogramEdgeKernels;
import io.varve.query.kernel.Row;
import io.varve.query.kernel.Starts;
import io.varve.query.kernel.WindowKernel;
import io.varve.query.kernel.Windows;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Expr.Anchor;
import io.varve.query.lang.Expr.Edges;
import io.varve.query.plan.PageRule;
import io.varve.query.plan.SampleReader;
import io.varve.query.plan.Steps;
import io.varve.query.plan.WindowBounds;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the samples of selectors, once for all steps of a query. */
final class SelectorReading {

    /** Step of a subquery that gives none: a minute. */
    private static final long DEFAULT_STEP_NANOS = 60_000_000_000L;

    private final Evaluator evaluator;
    private final QueryContext context;
    private final Steps steps;

    /** What was charged for the histograms of a series, bytes. */
    private long charged;

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
            Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
            WindowKernel kernel = HistogramEdgeKernels.smoothedValue(flaws);
            each(selector, context.lookback(), labels -> kernel, sink);
            context.annotations().flaws(flaws, selector.metricName(), selector.at());
            return;
        }
        boolean fixed = selector.timing().anchor() != Anchor.NONE;
        int count = fixed ? 1 : steps.count();
        long lookback = context.lookback();
        long first = context.shift(steps.start(), selector.timing());
        long last = context.shift(steps.last(), selector.timing());
        WindowBounds bounds = bounds(count, first, lookback);
        SampleReader reader = new SampleReader();
        try (SeriesSet set = context.select(selector.matchers(), Steps.minus(first, lookback), last)) {
            while (set.next()) {
                context.budget().series();
                reader.readAll(set.columns());
                chargeFor(reader);
                Windows windows = bounds.over(reader);
                Row row = evaluator.row();
                newest(windows, asTime, row);
                if (fixed) {
                    repeatFirst(row);
                }
                evaluator.pushUnlessEmpty(set.labels(), row, sink);
            }
            context.annotations().holes(set.holes());
        }
    }

    /** When the counting began from which the newest sample of each series within the lookback counts. */
    void startTimes(Expr.Selector selector, RowSink sink) {
        Map<Labels, Starts> starts = starts(selector, context.lookback());
        each(selector, 0, labels -> CounterKernels.newestStart(starts.getOrDefault(labels, Starts.NONE)), sink);
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
     * What a kernel makes of the samples around each step.
     *
     * @param after how far samples may lie behind the step, ticks; before it they may by the lookback
     */
    private void each(Expr.Selector selector, long after, Function<Labels, WindowKernel> kernels, RowSink sink) {
        boolean fixed = selector.timing().anchor() != Anchor.NONE;
        long lookback = context.lookback();
        long first = context.shift(steps.start(), selector.timing());
        long last = context.shift(steps.last(), selector.timing());
        WindowBounds bounds = bounds(fixed ? 1 : steps.count(), first, steps.step(), 0, lookback, after);
        SampleReader reader = new SampleReader();
        try (SeriesSet set = context.select(selector.matchers(), Steps.minus(first, lookback), last + after)) {
            while (set.next()) {
                context.budget().series();
                reader.readAll(set.columns());
                chargeFor(reader);
                Row row = evaluator.row();
                kernels.apply(set.labels()).apply(bounds.over(reader), row);
                if (fixed) {
                    repeatFirst(row);
                }
                evaluator.pushUnlessEmpty(set.labels(), row, sink);
            }
            context.annotations().holes(set.holes());
        }
    }

    private void read(SampleReader reader, SeriesSet set) {
        reader.readAllValues(set.columns());
        chargeFor(reader);
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
                    read(reader, set);
                    break;
                }
            }
            context.annotations().holes(set.holes());
        }
    }

    /** What one series after the other needs is what the largest does. */
    private void chargeFor(SampleReader reader) {
        long bytes = reader.histogramBytes();
        if (bytes > charged) {
            context.budget().charge(0, bytes - charged);
            charged = bytes;
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

    private WindowBounds bounds(int count, long firstEnd, long range) {
        return bounds(count, firstEnd, steps.step(), range);
    }

    private WindowBounds bounds(int count, long firstEnd, long step, long range) {
        return bounds(count, firstEnd, step, range, 0, 0);
    }

    private WindowBounds bounds(int count, long firstEnd, long step, long range, long before, long after) {
        context.budget().charge(0, 8L * count);
        return new WindowBounds(count, firstEnd, step, range, before, after, (double)
                context.resolution().ticksPerSecond());
    }

    static Expr.Timing timing(Expr range) {
        return range instanceof Expr.RangeSelector selector
                ? selector.selector().timing()
                : ((Expr.Subquery) range).timing();
    }

    /**
     * The windows of a range selector or subquery at each step.
     *
     * @param once whether only the first step's windows are wanted
     */
    void windows(Expr range, boolean once, WindowSink sink) {
        windows(range, once, false, sink);
    }

    /**
     * The same for a sink that takes pages by their summaries.
     *
     * @param summarized whether the sink does
     */
    void windows(Expr range, boolean once, boolean summarized, WindowSink sink) {
        Expr.Timing timing = timing(range);
        int count = once ? 1 : steps.count();
        long first = context.shift(steps.start(), timing);
        long last = once ? first : context.shift(steps.last(), timing);
        long step = timing.anchor() == Anchor.NONE ? steps.step() : 0;
        if (range instanceof Expr.RangeSelector selector) {
            long length = context.spanTicks(selector.rangeNanos(), "range");
            Edges edges = selector.selector().edges();
            long before = edges == Edges.PLAIN ? 0 : context.lookback();
            long after = edges == Edges.SMOOTHED ? context.lookback() : 0;
            WindowBounds bounds = bounds(count, first, step, length, before, after);
            SummaryRule rule =
                    summarized && edges == Edges.PLAIN ? new PageRule(count, first, step, length) : SummaryRule.NONE;
            List<Matcher> matchers = selector.selector().matchers();
            long from = Steps.minus(first, length + before);
            SampleReader reader = new SampleReader();
            try (SeriesSet set = context.select(rule, matchers, from, last + after)) {
                while (set.next()) {
                    context.budget().series();
                    read(reader, set);
                    if (reader.summaries() != null && reader.histograms() != null) {
                        readDecoded(reader, set.labels(), from, last);
                    }
                    sink.accept(set.labels(), bounds.over(reader));
                }
                context.annotations().holes(set.holes());
            }
            return;
        }
        Expr.Subquery sub = (Expr.Subquery) range;
        long length = context.spanTicks(sub.rangeNanos(), "range");
        subquery(sub, Steps.minus(first, length), last, bounds(count, first, step, length), sink);
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
