package io.varve.query.exec;

import io.varve.core.storage.ReadEstimate;
import io.varve.query.QueryLimits;
import io.varve.query.QueryPlan.Node;
import io.varve.query.QueryPlan.Read;
import io.varve.query.kernel.Row;
import io.varve.query.lang.Expr;
import io.varve.query.plan.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * About what a query holds at most: rows where series are collected, accumulators of groups, the columns of the largest
 * series, postings. How many groups there are is known only where there is one; else there may be as many as series.
 */
final class PlanMemory {

    /** About what the labels of a series take. */
    private static final long LABEL_BYTES = 256;

    private static final long SAMPLE_BYTES = 16;
    /** What is more is as much as this. */
    private static final double MOST = 1L << 60;

    private static final double MEBI = 1 << 20;

    private long held;
    private long columns;

    private PlanMemory() {}

    /** Evaluation times of a part. */
    private record Grid(long count, double stepNanos) {}

    /** Bytes of a whole query. */
    static long of(Expr expr, Node root, Steps steps, QueryContext context) {
        PlanMemory memory = new PlanMemory();
        Grid grid = new Grid(
                steps.count(), (double) steps.step() * context.resolution().nanosPerTick());
        long series = memory.series(expr, root, grid);
        if (expr instanceof Expr.RangeSelector) {
            ReadEstimate all = estimate(root);
            memory.hold(1, SAMPLE_BYTES * all.samples() + LABEL_BYTES * series);
        } else {
            memory.rows(series, grid);
        }
        return memory.held + memory.columns;
    }

    private void hold(long count, long each) {
        held = (long) Math.min(held + (double) count * each, MOST);
    }

    private void rows(long series, Grid grid) {
        hold(series, Row.bytes(grid.count) + LABEL_BYTES);
    }

    /** How many series an expression has at most; what is held for it is added up. */
    private long series(Expr expr, Node node, Grid grid) {
        if (expr instanceof Expr.Selector || expr instanceof Expr.RangeSelector) {
            ReadEstimate estimate = estimate(node);
            columns = Math.max(columns, SAMPLE_BYTES * estimate.mostSamples());
            hold(1, estimate.postingsBytes());
            return estimate.series();
        } else if (expr instanceof Expr.Subquery sub) {
            Grid inner = inner(sub, grid);
            long series = series(sub.expr(), node.children().get(0), inner);
            rows(series, inner);
            return series;
        } else if (expr instanceof Expr.Negation negation) {
            return series(negation.expr(), node.children().get(0), grid);
        } else if (expr instanceof Expr.Plus plus) {
            return series(plus.expr(), node.children().get(0), grid);
        } else if (expr instanceof Expr.Binary binary) {
            long left = series(binary.left(), node.children().get(0), grid);
            long right = series(binary.right(), node.children().get(1), grid);
            if (left > 0 && right > 0) {
                rows(left + right, grid);
            }
            return switch (binary.operator()) {
                case OR -> left + right;
                case AND, UNLESS -> left;
                default -> Math.max(left, right);
            };
        } else if (expr instanceof Expr.Aggregation aggregation) {
            return aggregated(aggregation, node, grid);
        }
        long most = 0;
        hold(1, expr instanceof Expr.Call call ? AnomalyCalls.bytes(call.function()) : 0);
        List<Node> children = node.children();
        for (int i = 0; expr instanceof Expr.Call call && i < children.size(); i++) {
            most = Math.max(most, series(call.arguments().get(i), children.get(i), grid));
        }
        return most;
    }

    private long aggregated(Expr.Aggregation expr, Node node, Grid grid) {
        List<Node> children = node.children();
        long series = series(expr.expr(), children.get(children.size() - 1), grid);
        switch (expr.aggregator()) {
            case TOPK, BOTTOMK, QUANTILE, COUNT_VALUES -> {
                rows(series, grid);
                return series;
            }
            case LIMITK, LIMIT_RATIO -> {
                return series;
            }
            default -> {
                long groups = expr.labels().isEmpty() && !expr.without() ? Math.min(1, series) : series;
                hold(groups, 3 * Row.bytes(grid.count));
                return groups;
            }
        }
    }

    private static Grid inner(Expr.Subquery sub, Grid grid) {
        long step = sub.stepNanos() == 0 ? SelectorReading.DEFAULT_STEP_NANOS : sub.stepNanos();
        double span = sub.rangeNanos() + (grid.count - 1) * grid.stepNanos;
        return new Grid(1 + (long) (span / step), step);
    }

    private static ReadEstimate estimate(Node node) {
        ReadEstimate all = ReadEstimate.NONE;
        for (Read read : node.reads()) {
            all = all.plus(read.estimate());
        }
        return all;
    }

    /** Which limits would be exceeded. */
    static List<String> refusals(Node root, long memory, QueryLimits limits) {
        List<String> refusals = new ArrayList<>();
        ReadEstimate all = root.total();
        if (all.samples() > limits.maxSamples()) {
            refusals.add(String.format(
                    Locale.ROOT,
                    "it would load %,d samples: limit=%,d, use a narrower range or raise limits.query_samples",
                    all.samples(),
                    limits.maxSamples()));
        }
        if (memory > limits.maxBytes()) {
            refusals.add(String.format(
                    Locale.ROOT,
                    "it may take %.0f MiB of memory: limit=%.0f MiB, use a narrower range, a longer step or fewer"
                            + " series",
                    memory / MEBI,
                    limits.maxBytes() / MEBI));
        }
        return List.copyOf(refusals);
    }
}
