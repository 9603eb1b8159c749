package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.query.function.Operators;
import io.varve.query.kernel.Row;
import io.varve.query.lang.BinaryOperator;
import io.varve.query.lang.Expr;
import io.varve.query.lang.ValueType;
import io.varve.query.plan.Steps;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Evaluates expressions at given steps. Vectors are pushed series by series into a sink, so that what aggregates them
 * need not hold them; rows that are done with come back by {@link #release} and are used again.
 */
final class Evaluator {

    private static final int POOLED_ROWS = 64;

    private final QueryContext context;
    private final Steps steps;
    private final Deque<Row> pool = new ArrayDeque<>();
    private final SelectorReading selectors;
    private final Calls calls;

    Evaluator(QueryContext context, Steps steps) {
        this.context = context;
        this.steps = steps;
        this.selectors = new SelectorReading(this);
        this.calls = new Calls(this, selectors);
    }

    QueryContext context() {
        return context;
    }

    Steps steps() {
        return steps;
    }

    /** An empty row. */
    Row row() {
        Row row = pool.poll();
        if (row == null) {
            context.budget().charge(0, Row.bytes(steps.count()));
            return new Row(steps.count());
        }
        row.clear();
        return row;
    }

    /** A row with the same values. */
    Row copy(Row row) {
        Row copy = row();
        copy.takeAll(row);
        if (row.hasHistograms()) {
            context.budget().charge(0, row.histogramBytes());
            copy.histogramBytes(row.histogramBytes());
        }
        return copy;
    }

    /** Takes back a row that nobody needs any more. */
    void release(Row row) {
        if (row.histogramBytes() != 0) {
            context.budget().giveBack(row.histogramBytes());
            row.histogramBytes(0);
        }
        if (pool.size() < POOLED_ROWS) {
            pool.push(row);
        }
    }

    /** A scalar's value at each step; the caller owns the array. */
    double[] scalar(Expr expr) {
        if (expr instanceof Expr.NumberLiteral number) {
            double[] values = new double[steps.count()];
            Arrays.fill(values, number.value());
            return values;
        } else if (expr instanceof Expr.Negation negation) {
            double[] values = scalar(negation.expr());
            for (int i = 0; i < values.length; i++) {
                values[i] = -values[i];
            }
            return values;
        } else if (expr instanceof Expr.Plus plus) {
            return scalar(plus.expr());
        } else if (expr instanceof Expr.Binary binary) {
            double[] left = scalar(binary.left());
            double[] right = scalar(binary.right());
            BinaryOperator operator = binary.operator();
            for (int i = 0; i < left.length; i++) {
                left[i] = operator.isComparison()
                        ? (Operators.compare(operator, left[i], right[i]) ? 1 : 0)
                        : Operators.arithmetic(operator, left[i], right[i]);
            }
            return left;
        }
        return calls.scalar((Expr.Call) expr);
    }

    /** A string's value. */
    static String text(Expr expr) {
        return ((Expr.StringLiteral) expr).value();
    }

    /** Pushes the series of a vector that have a value at any step. */
    void vector(Expr expr, RowSink sink) {
        SharedVector shared = context.repeats().shared(expr);
        if (shared == null) {
            evaluate(expr, sink);
        } else {
            shared.push(this, expr, sink);
        }
    }

    /** The same, whether or not it was evaluated before. */
    void evaluate(Expr expr, RowSink sink) {
        context.budget().check();
        if (expr instanceof Expr.Selector selector) {
            selectors.instant(selector, false, sink);
        } else if (expr instanceof Expr.Negation negation) {
            unnamed(negation.expr(), sink, (labels, row, out) -> {
                double[] values = row.values();
                for (int i = 0; i < values.length; i++) {
                    values[i] = -values[i];
                }
                HistogramOperators.negate(row);
                out.accept(context.unnamed(labels, row), row);
            });
        } else if (expr instanceof Expr.Plus plus) {
            vector(plus.expr(), sink);
        } else if (expr instanceof Expr.Binary binary) {
            if (binary.left().type() == ValueType.VECTOR && binary.right().type() == ValueType.VECTOR) {
                new VectorMatching(this, binary).evaluate(sink);
            } else {
                withScalar(binary, sink);
            }
        } else if (expr instanceof Expr.Aggregation aggregation) {
            new Aggregations(this, aggregation).evaluate(sink);
        } else {
            calls.vector((Expr.Call) expr, sink);
        }
    }

    /** Changes one series on its way from one sink to the next. */
    @FunctionalInterface
    interface Stage {
        void accept(Labels labels, Row row, RowSink out);
    }

    /**
     * Pushes a vector through a stage that takes the metric's name away. Where series may differ by name alone they
     * are collected before they go on, to notice those that come to the same labels; unless the names fall away at the
     * end, where that is noticed then.
     */
    void unnamed(Expr source, RowSink sink, Stage stage) {
        if (context.keepsNames() || Names.single(source)) {
            vector(source, (labels, row) -> stage.accept(labels, row, sink));
        } else {
            RowSet set = new RowSet();
            vector(source, (labels, row) -> stage.accept(labels, row, set));
            set.drainTo(sink);
        }
    }

    private void withScalar(Expr.Binary binary, RowSink sink) {
        boolean vectorLeft = binary.left().type() == ValueType.VECTOR;
        Expr vector = vectorLeft ? binary.left() : binary.right();
        double[] scalar = scalar(vectorLeft ? binary.right() : binary.left());
        BinaryOperator operator = binary.operator();
        HistogramOperators histograms = new HistogramOperators(context.annotations(), binary);
        if (operator.keepsName(binary.bool())) {
            vector(vector, (labels, row) -> {
                if (row.hasHistograms() || operator.isTrim()) {
                    histograms.withScalar(row, scalar, vectorLeft);
                    pushUnlessEmpty(labels, row, sink);
                    return;
                }
                for (int i = 0; i < scalar.length; i++) {
                    double a = vectorLeft ? row.get(i) : scalar[i];
                    double b = vectorLeft ? scalar[i] : row.get(i);
                    if (!Operators.compare(operator, a, b)) {
                        row.remove(i);
                    }
                }
                pushUnlessEmpty(labels, row, sink);
            });
            return;
        }
        unnamed(vector, sink, (labels, row, out) -> {
            if (row.hasHistograms()) {
                histograms.withScalar(row, scalar, vectorLeft);
                pushUnlessEmpty(context.unnamed(labels, row), row, out);
                return;
            }
            double[] values = row.values();
            double[] left = vectorLeft ? values : scalar;
            double[] right = vectorLeft ? scalar : values;
            if (operator.isComparison()) {
                for (int i = 0; i < scalar.length; i++) {
                    values[i] = Operators.compare(operator, left[i], right[i]) ? 1 : 0;
                }
            } else {
                Operators.arithmetic(operator, left, right, values);
            }
            out.accept(context.unnamed(labels, row), row);
        });
    }

    /** Hands a row on if it has a value, else takes it back. */
    void pushUnlessEmpty(Labels labels, Row row, RowSink sink) {
        if (row.hasHistograms()) {
            long bytes = HistogramCalls.bytes(row);
            context.budget().charge(0, bytes - row.histogramBytes());
            row.histogramBytes(bytes);
        }
        if (row.isEmpty()) {
            release(row);
        } else {
            long labelBytes = labels.heapBytes();
            if (labelBytes > row.labelBytes()) { // rows that are used again seldom need more than before
                context.budget().charge(0, labelBytes - row.labelBytes());
                row.labelBytes(labelBytes);
            }
            sink.accept(labels, row);
        }
    }
}
