package io.varve.query.exec;

import io.varve.core.model.Histogram;
import io.varve.core.model.ResetHint;
import io.varve.query.function.Operators;
import io.varve.query.histogram.Flaw;
import io.varve.query.histogram.HistogramFold;
import io.varve.query.histogram.HistogramMath;
import io.varve.query.histogram.HistogramTrim;
import io.varve.query.kernel.Row;
import io.varve.query.lang.BinaryOperator;
import io.varve.query.lang.Expr;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Binary operators of which one operand may be a histogram. What makes no sense comes to nothing, with an info. */
final class HistogramOperators {

    private final Annotations annotations;
    private final Expr.Binary expr;
    private final Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
    private final HistogramFold fold = new HistogramFold(flaws);
    private final HistogramTrim trim = new HistogramTrim();

    HistogramOperators(Annotations annotations, Expr.Binary expr) {
        this.annotations = annotations;
        this.expr = expr;
    }

    /** An operand at a step: a histogram, or else a float. */
    private record Operand(double number, @Nullable Histogram histogram) {

        static Operand of(Row row, int step) {
            return new Operand(row.get(step), row.histogram(step));
        }

        private String type() {
            return histogram == null ? "float" : "histogram";
        }
    }

    /** Takes a row to its negative where it has histograms, which so become gauges. */
    static void negate(Row row) {
        if (row.hasHistograms()) {
            for (int step = 0; step < row.steps(); step++) {
                Histogram histogram = row.has(step) ? row.histogram(step) : null;
                if (histogram != null) {
                    row.set(step, HistogramMath.times(histogram, -1));
                }
            }
        }
    }

    /** Combines a row with a scalar, in place. */
    void withScalar(Row row, double[] scalar, boolean vectorLeft) {
        for (int step = 0; step < scalar.length; step++) {
            if (row.has(step)) {
                Operand vector = Operand.of(row, step);
                Operand number = new Operand(scalar[step], null);
                if (vectorLeft) {
                    apply(vector, number, vector, step, row);
                } else {
                    apply(number, vector, vector, step, row);
                }
            }
        }
    }

    /** Combines two rows where both have a value; {@code both} says where, and takes the results. */
    void withVector(Row left, Row right, Row both) {
        for (int step = 0; step < both.steps(); step++) {
            if (both.has(step)) {
                Operand a = Operand.of(left, step);
                apply(a, Operand.of(right, step), a, step, both);
            }
        }
    }

    /**
     * Puts the result, or takes away what is there.
     *
     * @param kept the operand that a comparison lets through
     */
    private void apply(Operand a, Operand b, Operand kept, int step, Row out) {
        BinaryOperator operator = expr.operator();
        Histogram left = a.histogram();
        Histogram right = b.histogram();
        if (left == null && right == null && !operator.isTrim()) {
            floats(a.number(), b.number(), kept.number(), step, out);
            return;
        }
        Histogram result = null;
        boolean fits = true;
        if (left != null && right != null) {
            if (operator == BinaryOperator.EQ || operator == BinaryOperator.NE) {
                compare(left, right, step, out);
                return;
            }
            fits = operator == BinaryOperator.ADD || operator == BinaryOperator.SUB;
            result = fits ? combine(left, right, operator == BinaryOperator.SUB) : null;
        } else if (left != null) {
            result = switch (operator) {
                case MUL -> HistogramMath.times(left, b.number());
                case DIV -> HistogramMath.divided(left, b.number());
                case TRIM_UPPER -> trim.trim(left, b.number(), true);
                case TRIM_LOWER -> trim.trim(left, b.number(), false);
                default -> null;
            };
            fits = result != null;
        } else {
            fits = right != null && operator == BinaryOperator.MUL;
            result = fits && right != null ? HistogramMath.times(right, a.number()) : null;
        }
        if (!fits) {
            annotations.info(
                    "incompatible sample types encountered for binary operator \"" + operator.symbol() + "\": "
                            + a.type() + " " + operator.symbol() + " " + b.type(),
                    expr.at());
        }
        put(result, step, out);
    }

    private void floats(double a, double b, double kept, int step, Row out) {
        BinaryOperator operator = expr.operator();
        if (!operator.isComparison()) {
            out.set(step, Operators.arithmetic(operator, a, b));
        } else if (expr.bool()) {
            out.set(step, Operators.compare(operator, a, b) ? 1 : 0);
        } else if (Operators.compare(operator, a, b)) {
            out.set(step, kept);
        } else {
            out.remove(step);
        }
    }

    private static void put(@Nullable Histogram result, int step, Row out) {
        if (result == null) {
            out.remove(step);
        } else {
            out.set(step, result);
        }
    }

    private void compare(Histogram left, Histogram right, int step, Row out) {
        boolean holds = HistogramMath.areEqual(left, right) == (expr.operator() == BinaryOperator.EQ);
        if (expr.bool()) {
            out.set(step, holds ? 1 : 0);
        } else {
            put(holds ? left : null, step, out);
        }
    }

    private @Nullable Histogram combine(Histogram left, Histogram right, boolean subtract) {
        fold.clear().add(left);
        Histogram total = (subtract ? fold.subtract(right) : fold.add(right))
                .checkResets()
                .total();
        annotations.flaws(flaws, "", expr.at());
        return total == null || !subtract ? total : total.withHint(ResetHint.GAUGE);
    }
}
