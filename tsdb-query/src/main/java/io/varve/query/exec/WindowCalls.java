package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.query.kernel.CounterKernels;
import io.varve.query.kernel.DeviationKernels;
import io.varve.query.kernel.EdgeKernels;
import io.varve.query.kernel.RegressionKernels;
import io.varve.query.kernel.Row;
import io.varve.query.kernel.SampleKernels;
import io.varve.query.kernel.SketchFold;
import io.varve.query.kernel.SmoothingKernel;
import io.varve.query.kernel.SummaryFold;
import io.varve.query.kernel.SummaryFolds;
import io.varve.query.kernel.TimeKernels;
import io.varve.query.kernel.WindowKernel;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Function;
import io.varve.query.plan.Steps;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Functions over the samples of windows. */
final class WindowCalls {

    private final Evaluator evaluator;
    private final SelectorReading selectors;

    WindowCalls(Evaluator evaluator, SelectorReading selectors) {
        this.evaluator = evaluator;
        this.selectors = selectors;
    }

    void evaluate(Expr.Call call, RowSink sink) {
        Function function = call.function();
        boolean quantile = function == Function.QUANTILE_OVER_TIME;
        Expr range = call.arguments().get(function.windowArgument());
        double[] q = quantile ? evaluator.scalar(call.arguments().get(0)) : new double[0];
        Supplier<WindowKernel> kernels = kernels(call, q);
        boolean fixed = SelectorReading.timing(range).anchor() != Expr.Anchor.NONE;
        boolean once = fixed && call.arguments().size() == 1;
        boolean unchecked = evaluator.context().keepsNames() || Names.single(range) || function.keepsName();
        RowSet set = new RowSet(true);
        RowSink out = unchecked ? sink : set;
        boolean[] any = {false};
        StartedKernels started = new StartedKernels(selectors, evaluator.context(), function, range);
        Told pages = started.isEmpty() ? Told.PAGES : Told.BUCKETS;
        Told told = fold(function, q) == null ? Told.SAMPLES : quantile ? Told.SKETCHES : pages;
        Supplier<RowMaker> makers =
                () -> maker(function, edges(range), kernels.get(), fold(function, q), started, once);
        selectors.rows(range, once, told, makers, (labels, row, flaws) -> {
            evaluator.context().annotations().flaws(flaws, labels.get(Labels.NAME), range.at());
            any[0] |= !row.isEmpty();
            if (row.hasFloats()) {
                hintAtCounter(call, labels.get(Labels.NAME));
            }
            Labels kept = function.keepsName() ? labels : evaluator.context().unnamed(labels, row);
            evaluator.pushUnlessEmpty(kept, row, out);
        });
        if (quantile && any[0]) {
            Parameters.warnOfQuantile(evaluator, q, call.arguments().get(0));
        }
        if (!unchecked) {
            set.drainTo(sink);
        }
    }

    /** Makes rows by a kernel and, of windows with summaries, a fold. */
    private RowMaker maker(
            Function function,
            Expr.Edges edges,
            WindowKernel kernel,
            @Nullable SummaryFold fold,
            StartedKernels started,
            boolean once) {
        WindowKernel folded = fold == null ? kernel : fold.kernel();
        Runnable question = evaluator.context().budget()::check;
        return (labels, windows, row, flaws) -> {
            WindowKernel floats = windows.summaries() == null ? started.of(labels, kernel) : folded;
            WindowKernel used = windows.histograms() == null
                    ? floats
                    : HistogramCalls.overWindows(function, edges, started.starts(labels), floats, flaws);
            if (AnomalyCalls.has(function)) {
                used.apply(windows, row);
            } else {
                PacedKernel.apply(used, windows, row, question);
            }
            if (once) {
                SelectorReading.repeatFirst(row);
            }
        };
    }

    private void hintAtCounter(Expr.Call call, String name) {
        boolean growth = call.function() == Function.RATE || call.function() == Function.INCREASE;
        boolean usual = name.isEmpty()
                || name.endsWith("_total")
                || name.endsWith("_sum")
                || name.endsWith("_count")
                || name.endsWith("_bucket");
        if (growth && !usual) {
            evaluator
                    .context()
                    .annotations()
                    .info(
                            "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \"" + name
                                    + "\"",
                            call.arguments().get(0).at());
        }
    }

    /** Makes kernels, one for each thread; parameters are evaluated now. */
    private Supplier<WindowKernel> kernels(Expr.Call call, double[] q) {
        if (AnomalyCalls.has(call.function())) {
            return AnomalyCalls.kernels(call, evaluator);
        }
        Expr.Edges edges = edges(call.arguments().get(0));
        if (edges != Expr.Edges.PLAIN) {
            return () -> edgeKernel(call.function(), edges == Expr.Edges.ANCHORED);
        }
        return switch (call.function()) {
            case DOUBLE_EXPONENTIAL_SMOOTHING -> smoothing(call);
            case PREDICT_LINEAR -> {
                Steps steps = evaluator.steps();
                double[] ahead = evaluator.scalar(call.arguments().get(1));
                yield () -> RegressionKernels.prediction(steps.start(), steps.step(), ahead);
            }
            default -> () -> kernel(call.function(), q);
        };
    }

    private static WindowKernel kernel(Function function, double[] q) {
        return switch (function) {
            case RATE -> CounterKernels.growth(true, true);
            case INCREASE -> CounterKernels.growth(true, false);
            case DELTA -> CounterKernels.growth(false, false);
            case IRATE -> CounterKernels.lastTwo(true);
            case IDELTA -> CounterKernels.lastTwo(false);
            case CHANGES -> CounterKernels::changes;
            case RESETS -> CounterKernels::resets;
            case AVG_OVER_TIME -> SampleKernels.mean();
            case SUM_OVER_TIME -> SampleKernels.sum();
            case MIN_OVER_TIME -> SampleKernels.extreme(false);
            case MAX_OVER_TIME -> SampleKernels.extreme(true);
            case COUNT_OVER_TIME -> SampleKernels::count;
            case FIRST_OVER_TIME -> SampleKernels::first;
            case LAST_OVER_TIME -> SampleKernels::last;
            case PRESENT_OVER_TIME -> SampleKernels::present;
            case STDDEV_OVER_TIME -> SampleKernels.variance(true);
            case STDVAR_OVER_TIME -> SampleKernels.variance(false);
            case QUANTILE_OVER_TIME -> SampleKernels.quantile(q);
            case MAD_OVER_TIME -> DeviationKernels.medianAbsolute();
            case TS_OF_FIRST_OVER_TIME -> TimeKernels::first;
            case TS_OF_LAST_OVER_TIME -> TimeKernels::last;
            case TS_OF_MIN_OVER_TIME -> TimeKernels.extreme(false);
            case TS_OF_MAX_OVER_TIME -> TimeKernels.extreme(true);
            case DERIV -> RegressionKernels::slope;
            default -> throw new AssertionError("BUG: not a window function: " + function);
        };
    }

    private static Expr.Edges edges(Expr range) {
        return range instanceof Expr.RangeSelector selector
                ? selector.selector().edges()
                : Expr.Edges.PLAIN;
    }

    private static WindowKernel edgeKernel(Function function, boolean anchored) {
        return switch (function) {
            case RATE, INCREASE, DELTA -> {
                boolean counter = function != Function.DELTA;
                boolean perSecond = function == Function.RATE;
                yield anchored
                        ? EdgeKernels.anchoredGrowth(counter, perSecond)
                        : EdgeKernels.smoothedGrowth(counter, perSecond);
            }
            case CHANGES -> EdgeKernels::anchoredChanges;
            case RESETS -> EdgeKernels::anchoredResets;
            default -> throw new AssertionError("BUG: no edges for function: " + function);
        };
    }

    private Supplier<WindowKernel> smoothing(Expr.Call call) {
        Expr level = call.arguments().get(1);
        Expr trend = call.arguments().get(2);
        double[] levels = evaluator.scalar(level);
        double[] trends = evaluator.scalar(trend);
        return () -> {
            WindowKernel kernel = SmoothingKernel.doubleExponential(levels, trends);
            return (windows, out) -> {
                for (int step = 0; step < windows.steps(); step++) {
                    if (windows.to()[step] > windows.from()[step]) {
                        Parameters.checkFactor(levels[step], "smoothing", level);
                        Parameters.checkFactor(trends[step], "trend", trend);
                    }
                }
                kernel.apply(windows, out);
            };
        };
    }

    /** How summaries of pages answer for a function, or null if they do not. */
    private static @Nullable SummaryFold fold(Function function, double[] q) {
        return switch (function) {
            case QUANTILE_OVER_TIME -> new SketchFold(q);
            case RATE -> SummaryFolds.growth(true, true);
            case INCREASE -> SummaryFolds.growth(true, false);
            case DELTA -> SummaryFolds.growth(false, false);
            case RESETS -> SummaryFolds.resets();
            case AVG_OVER_TIME -> SummaryFolds.mean();
            case SUM_OVER_TIME -> SummaryFolds.sum();
            case MIN_OVER_TIME -> SummaryFolds.extreme(false);
            case MAX_OVER_TIME -> SummaryFolds.extreme(true);
            case COUNT_OVER_TIME -> SummaryFolds.count();
            case FIRST_OVER_TIME -> SummaryFolds.first();
            case LAST_OVER_TIME -> SummaryFolds.last();
            case PRESENT_OVER_TIME -> SummaryFolds.present();
            default -> null;
        };
    }

    /** 1 at each step at which no series has a sample in its window. */
    void absentOverTime(Expr range, RowSink sink) {
        Row seen = evaluator.row();
        boolean once = SelectorReading.timing(range).anchor() != Expr.Anchor.NONE;
        WindowKernel present = SampleKernels::present;
        WindowKernel folded = SummaryFolds.present().kernel();
        selectors.windows(range, once, Told.PAGES, (labels, windows) -> {
            (windows.summaries() == null ? present : folded).apply(windows, seen);
            if (once) {
                SelectorReading.repeatFirst(seen);
            }
        });
        Expr named = range instanceof Expr.RangeSelector selector ? selector.selector() : range;
        pushAbsent(evaluator, seen, named, sink);
    }

    /** 1 where a row has nothing, with the labels that a selector demands by equality alone. */
    static void pushAbsent(Evaluator evaluator, Row seen, Expr source, RowSink sink) {
        Row row = evaluator.row();
        for (int i = 0; i < row.steps(); i++) {
            if (!seen.has(i)) {
                row.set(i, 1);
            }
        }
        evaluator.release(seen);
        evaluator.pushUnlessEmpty(absentLabels(source), row, sink);
    }

    private static Labels absentLabels(Expr source) {
        if (!(source instanceof Expr.Selector selector)) {
            return Labels.EMPTY;
        }
        Set<String> fixed = new HashSet<>();
        Map<String, String> told = new LinkedHashMap<>();
        for (Matcher matcher : selector.matchers()) {
            boolean tells = matcher.type() == Matcher.Type.EQUAL && fixed.add(matcher.name());
            if (tells && !matcher.name().equals(Labels.NAME)) {
                told.put(matcher.name(), matcher.value());
            } else {
                told.remove(matcher.name());
            }
        }
        List<String> pairs = new ArrayList<>();
        told.forEach((name, value) -> {
            pairs.add(name);
            pairs.add(value);
        });
        return Labels.of(pairs.toArray(new String[0]));
    }
}
