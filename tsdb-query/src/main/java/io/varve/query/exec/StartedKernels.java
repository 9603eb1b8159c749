package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.query.kernel.CounterKernels;
import io.varve.query.kernel.Starts;
import io.varve.query.kernel.WindowKernel;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Function;
import java.util.Map;

/** Kernels of counters for series of which it is known when they began to count. */
final class StartedKernels {

    private final Function function;
    private final Map<Labels, Starts> starts;

    /** Reads the starts if the function of a range looks at them; subqueries have lost them. */
    StartedKernels(SelectorReading selectors, QueryContext context, Function function, Expr range) {
        this.function = function;
        this.starts = looks(function)
                        && range instanceof Expr.RangeSelector selector
                        && selector.selector().edges() == Expr.Edges.PLAIN
                ? selectors.starts(selector.selector(), context.spanTicks(selector.rangeNanos(), "range"))
                : Map.of();
    }

    private static boolean looks(Function function) {
        return switch (function) {
            case RATE, INCREASE, IRATE, RESETS -> true;
            default -> false;
        };
    }

    /** Whether nothing is known of any series. */
    boolean isEmpty() {
        return starts.isEmpty();
    }

    /** When a series began to count, as far as it is known. */
    Starts starts(Labels labels) {
        return starts.getOrDefault(labels, Starts.NONE);
    }

    /** The kernel for a series; what nothing is known of has the plain one. */
    WindowKernel of(Labels labels, WindowKernel plain) {
        Starts known = starts(labels);
        if (known.isEmpty()) {
            return plain;
        }
        return switch (function) {
            case RATE -> CounterKernels.growth(true, true, known);
            case INCREASE -> CounterKernels.growth(true, false, known);
            case IRATE -> CounterKernels.lastTwo(true, known);
            default -> CounterKernels.resets(known);
        };
    }
}
