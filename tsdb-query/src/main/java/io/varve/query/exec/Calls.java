package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.query.function.LabelFunctions;
import io.varve.query.function.ValueFunctions;
import io.varve.query.kernel.Row;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Function;
import io.varve.query.plan.Steps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;

/** Evaluates calls of functions. */
final class Calls {

    private final Evaluator evaluator;
    private final SelectorReading selectors;
    private final WindowCalls windows;

    Calls(Evaluator evaluator, SelectorReading selectors) {
        this.evaluator = evaluator;
        this.selectors = selectors;
        this.windows = new WindowCalls(evaluator, selectors);
    }

    /** Functions that give a scalar. */
    double[] scalar(Expr.Call call) {
        Steps steps = evaluator.steps();
        double[] values = new double[steps.count()];
        switch (call.function()) {
            case TIME -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = evaluator.context().seconds(steps.time(i));
                }
            }
            case PI -> Arrays.fill(values, Math.PI);
            case MIN_OF, MAX_OF -> {
                double[] a = evaluator.scalar(call.arguments().get(0));
                double[] b = evaluator.scalar(call.arguments().get(1));
                boolean max = call.function() == Function.MAX_OF;
                Arrays.setAll(values, i -> max ? Math.max(a[i], b[i]) : Math.min(a[i], b[i]));
            }
            default -> {
                int[] counts = new int[values.length];
                evaluator.vector(call.arguments().get(0), (labels, row) -> {
                    for (int i = 0; i < values.length; i++) {
                        if (row.has(i) && row.histogram(i) == null) {
                            values[i] = row.get(i);
                            counts[i]++;
                        }
                    }
                    evaluator.release(row);
                });
                for (int i = 0; i < values.length; i++) {
                    values[i] = counts[i] == 1 ? values[i] : Double.NaN;
                }
            }
        }
        return values;
    }

    void vector(Expr.Call call, RowSink sink) {
        Function function = call.function();
        DoubleUnaryOperator operator = ValueFunctions.of(function);
        if (operator != null) {
            eachValue(call, operator, sink);
            return;
        }
        switch (function) {
            case ABSENT_OVER_TIME -> windows.absentOverTime(call.arguments().get(0), sink);
            case ABSENT -> absent(call.arguments().get(0), sink);
            case TIMESTAMP -> timestamp(call.arguments().get(0), sink);
            case VECTOR ->
                sink.accept(
                        Labels.EMPTY, rowOf(evaluator.scalar(call.arguments().get(0))));
            case START_TIMESTAMP -> startTimestamp(call.arguments().get(0), sink);
            case ROUND -> round(call, sink);
            case CLAMP, CLAMP_MIN, CLAMP_MAX -> clamp(call, sink);
            case SORT, SORT_DESC -> sort(call, sink);
            case SORT_BY_LABEL, SORT_BY_LABEL_DESC -> new LabelSort(evaluator, call).evaluate(sink);
            case INFO -> new InfoJoin(evaluator, selectors, call).evaluate(sink);
            case LABEL_REPLACE, LABEL_JOIN -> relabel(call, sink);
            case HISTOGRAM_COUNT, HISTOGRAM_SUM, HISTOGRAM_AVG, HISTOGRAM_STDDEV, HISTOGRAM_STDVAR ->
                HistogramCalls.numbers(evaluator, call, sink);
            case HISTOGRAM_QUANTILE, HISTOGRAM_QUANTILES, HISTOGRAM_FRACTION ->
                new HistogramQuantiles(evaluator, call).evaluate(sink);
            default -> windows.evaluate(call, sink);
        }
    }

    private Row rowOf(double[] values) {
        Row row = evaluator.row();
        for (int i = 0; i < values.length; i++) {
            row.set(i, values[i]);
        }
        return row;
    }

    private void eachValue(Expr.Call call, DoubleUnaryOperator operator, RowSink sink) {
        if (call.arguments().isEmpty()) { // a date function of the evaluation time
            double[] times = new double[evaluator.steps().count()];
            for (int i = 0; i < times.length; i++) {
                times[i] = operator.applyAsDouble(
                        evaluator.context().seconds(evaluator.steps().time(i)));
            }
            sink.accept(Labels.EMPTY, rowOf(times));
            return;
        }
        evaluator.unnamed(call.arguments().get(0), sink, (labels, row, out) -> {
            row.dropHistograms();
            double[] values = row.values();
            for (int i = 0; i < values.length; i++) {
                if (row.has(i)) {
                    values[i] = operator.applyAsDouble(values[i]);
                }
            }
            evaluator.pushUnlessEmpty(evaluator.context().unnamed(labels, row), row, out);
        });
    }

    private void absent(Expr source, RowSink sink) {
        Row seen = evaluator.row();
        evaluator.vector(source, (labels, row) -> {
            seen.mark(row);
            evaluator.release(row);
        });
        WindowCalls.pushAbsent(evaluator, seen, source, sink);
    }

    private void timestamp(Expr source, RowSink sink) {
        if (source instanceof Expr.Selector selector) {
            boolean single = evaluator.context().keepsNames() || Names.single(source);
            RowSet set = new RowSet();
            RowSink out = single ? sink : set;
            selectors.instant(
                    selector,
                    true,
                    (labels, row) -> out.accept(evaluator.context().unnamed(labels, row), row));
            set.drainTo(sink);
            return;
        }
        evaluator.unnamed(source, sink, (labels, row, out) -> {
            for (int i = 0; i < row.steps(); i++) {
                if (row.has(i)) {
                    row.set(i, evaluator.context().seconds(evaluator.steps().time(i)));
                }
            }
            out.accept(evaluator.context().unnamed(labels, row), row);
        });
    }

    /** Nothing but a selector has samples that began to count. */
    private void startTimestamp(Expr source, RowSink sink) {
        if (source instanceof Expr.Selector selector && selector.edges() == Expr.Edges.PLAIN) {
            RowSet set = new RowSet();
            selectors.startTimes(
                    selector, (labels, row) -> set.accept(evaluator.context().unnamed(labels, row), row));
            set.drainTo(sink);
        }
    }

    private void round(Expr.Call call, RowSink sink) {
        List<Expr> arguments = call.arguments();
        double[] unit = arguments.size() < 2 ? null : evaluator.scalar(arguments.get(1));
        evaluator.unnamed(arguments.get(0), sink, (labels, row, out) -> {
            row.dropHistograms();
            double[] values = row.values();
            for (int i = 0; i < values.length; i++) {
                values[i] = ValueFunctions.round(values[i], unit == null ? 1 : unit[i]);
            }
            evaluator.pushUnlessEmpty(evaluator.context().unnamed(labels, row), row, out);
        });
    }

    private void clamp(Expr.Call call, RowSink sink) {
        List<Expr> arguments = call.arguments();
        boolean hasMin = call.function() != Function.CLAMP_MAX;
        boolean hasMax = call.function() != Function.CLAMP_MIN;
        double[] min = hasMin ? evaluator.scalar(arguments.get(1)) : new double[0];
        double[] max = hasMax ? evaluator.scalar(arguments.get(hasMin ? 2 : 1)) : new double[0];
        evaluator.unnamed(arguments.get(0), sink, (labels, row, out) -> {
            row.dropHistograms();
            double[] values = row.values();
            for (int i = 0; i < values.length; i++) {
                if (hasMin && hasMax && max[i] < min[i]) {
                    row.remove(i);
                }
                double limited = hasMax ? ValueFunctions.smaller(max[i], values[i]) : values[i];
                values[i] = hasMin ? ValueFunctions.larger(min[i], limited) : limited;
            }
            evaluator.pushUnlessEmpty(evaluator.context().unnamed(labels, row), row, out);
        });
    }

    private void sort(Expr.Call call, RowSink sink) {
        if (evaluator.steps().count() > 1 || !evaluator.context().isInstant()) {
            evaluator
                    .context()
                    .annotations()
                    .warn(call.function().text() + " is ineffective for range queries", call.at());
            evaluator.vector(call.arguments().get(0), sink);
            return;
        }
        List<Map.Entry<Labels, Row>> rows = new ArrayList<>();
        evaluator.vector(call.arguments().get(0), (labels, row) -> {
            row.dropHistograms();
            evaluator.pushUnlessEmpty(labels, row, (name, kept) -> rows.add(Map.entry(name, kept)));
        });
        Ranking byValue = ranking(call.function() == Function.SORT_DESC);
        rows.sort((a, b) -> byValue.compare(a.getValue().get(0), b.getValue().get(0)));
        rows.forEach(entry -> sink.accept(entry.getKey(), entry.getValue()));
    }

    /** An order of numbers that boxes none. */
    @FunctionalInterface
    interface Ranking {
        int compare(double a, double b);
    }

    /** Smallest first or largest first; NaN last in both. */
    static Ranking ranking(boolean largestFirst) {
        return (a, b) -> {
            if (Double.isNaN(a) || Double.isNaN(b)) {
                return Boolean.compare(Double.isNaN(a), Double.isNaN(b));
            }
            int order = a < b ? -1 : a > b ? 1 : 0;
            return largestFirst ? -order : order;
        };
    }

    private void relabel(Expr.Call call, RowSink sink) {
        List<String> texts =
                call.arguments().stream().skip(1).map(Evaluator::text).toList();
        UnaryOperator<Labels> change = call.function() == Function.LABEL_REPLACE
                ? LabelFunctions.replace(texts.get(0), texts.get(1), texts.get(2), texts.get(3))
                : LabelFunctions.join(texts.get(0), texts.get(1), texts.subList(2, texts.size()));
        RowSet set = new RowSet();
        boolean names = texts.get(0).equals(Labels.NAME);
        evaluator.vector(call.arguments().get(0), (labels, row) -> {
            Labels changed = change.apply(labels);
            if (isOther(changed, labels)) {
                evaluator
                        .context()
                        .budget()
                        .charge(0, 2L * changed.get(texts.get(0)).length());
                row.nameless(row.isNameless() && !names); // a name that is written stays
            }
            set.accept(changed, row);
        });
        set.drainTo(sink);
    }

    @SuppressWarnings("ReferenceEquality") // the question is whether a label was written, the same value too
    private static boolean isOther(Labels changed, Labels labels) {
        return changed != labels;
    }
}
