package io.varve.query.exec;

import io.varve.core.model.Histogram;
import io.varve.query.histogram.Flaw;
import io.varve.query.histogram.HistogramEstimates;
import io.varve.query.kernel.HistogramEdgeKernels;
import io.varve.query.kernel.HistogramKernels;
import io.varve.query.kernel.Row;
import io.varve.query.kernel.Starts;
import io.varve.query.kernel.WindowKernel;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Function;
import io.varve.query.plan.SampleReader;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Functions of native histograms: what they are, and what becomes of functions over windows that have some. */
final class HistogramCalls {

    private HistogramCalls() {}

    /** {@code histogram_count} and its kin: a number for each histogram, nothing for floats. */
    static void numbers(Evaluator evaluator, Expr.Call call, RowSink sink) {
        HistogramEstimates estimates = new HistogramEstimates(EnumSet.noneOf(Flaw.class));
        ToDoubleFunction<Histogram> function = number(call.function(), estimates);
        evaluator.unnamed(call.arguments().get(0), sink, (labels, row, out) -> {
            for (int step = 0; step < row.steps(); step++) {
                Histogram histogram = row.histogram(step);
                if (histogram == null) {
                    row.remove(step);
                } else if (row.has(step)) {
                    row.set(step, function.applyAsDouble(histogram));
                }
            }
            evaluator.pushUnlessEmpty(evaluator.context().unnamed(labels, row), row, out);
        });
    }

    private static ToDoubleFunction<Histogram> number(Function function, HistogramEstimates estimates) {
        return switch (function) {
            case HISTOGRAM_COUNT -> Histogram::count;
            case HISTOGRAM_SUM -> Histogram::sum;
            case HISTOGRAM_AVG -> HistogramEstimates::mean;
            case HISTOGRAM_STDVAR -> estimates::variance;
            case HISTOGRAM_STDDEV -> histogram -> Math.sqrt(estimates.variance(histogram));
            default -> throw new AssertionError("BUG: not a function of a histogram: " + function);
        };
    }

    /**
     * What a function does with windows of which some have histograms.
     *
     * @param edges how it takes the edges of windows
     * @param starts when the series began to count, as far as it is known
     * @param floats what it does with windows that have none
     * @param flaws what it notes goes there
     */
    static WindowKernel overWindows(
            Function function, Expr.Edges edges, Starts starts, WindowKernel floats, Set<Flaw> flaws) {
        if (edges != Expr.Edges.PLAIN) {
            return overEdges(function, edges == Expr.Edges.SMOOTHED, floats, flaws);
        }
        if (floats instanceof AnomalyCalls.OfHistograms ofHistograms) {
            return ofHistograms.noting(flaws);
        }
        return switch (function) {
            case RATE -> HistogramKernels.growth(true, true, starts, floats, flaws);
            case INCREASE -> HistogramKernels.growth(true, false, starts, floats, flaws);
            case DELTA -> HistogramKernels.growth(false, false, Starts.NONE, floats, flaws);
            case IRATE -> HistogramKernels.lastTwo(true, starts, floats, flaws);
            case IDELTA -> HistogramKernels.lastTwo(false, Starts.NONE, floats, flaws);
            case SUM_OVER_TIME -> HistogramKernels.total(false, floats, flaws);
            case AVG_OVER_TIME -> HistogramKernels.total(true, floats, flaws);
            case FIRST_OVER_TIME -> HistogramKernels.edge(false);
            case LAST_OVER_TIME -> HistogramKernels.edge(true);
            case CHANGES -> HistogramKernels::changes;
            case RESETS -> HistogramKernels.resets(starts);
            case COUNT_OVER_TIME, PRESENT_OVER_TIME, TS_OF_FIRST_OVER_TIME, TS_OF_LAST_OVER_TIME -> floats;
            default -> HistogramKernels.floatsOnly(floats, flaws);
        };
    }

    private static WindowKernel overEdges(Function function, boolean smoothed, WindowKernel floats, Set<Flaw> flaws) {
        return switch (function) {
            case CHANGES -> HistogramEdgeKernels::anchoredChanges;
            case RESETS -> HistogramEdgeKernels::anchoredResets;
            default ->
                HistogramEdgeKernels.growth(
                        smoothed, function != Function.DELTA, function == Function.RATE, floats, flaws);
        };
    }

    /** About the memory of the histograms of a row, in bytes; one that holds for several steps counts once. */
    static long bytes(Row row) {
        long bytes = 8L * row.steps();
        Histogram before = null;
        for (int step = 0; step < row.steps(); step++) {
            Histogram histogram = row.has(step) ? row.histogram(step) : null;
            if (histogram != null && !isSame(histogram, before)) {
                bytes += SampleReader.bytes(histogram);
            }
            before = histogram;
        }
        return bytes;
    }

    @SuppressWarnings("ReferenceEquality") // the question is what is held, not what is equal
    private static boolean isSame(Histogram histogram, @Nullable Histogram before) {
        return histogram == before;
    }
}
