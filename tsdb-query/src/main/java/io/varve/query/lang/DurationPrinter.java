package io.varve.query.lang;

import io.varve.query.lang.DurationExpr.Clock;
import io.varve.query.lang.DurationExpr.Literal;
import io.varve.query.lang.DurationExpr.Negation;
import io.varve.query.lang.DurationExpr.Operation;
import io.varve.query.lang.DurationExpr.Operator;
import java.math.BigDecimal;

/** Writes durations as text that parses to equal ones. */
final class DurationPrinter {

    private static final int ATOM = 8;

    private DurationPrinter() {}

    /** A duration as it stands in brackets. */
    static String whole(DurationExpr duration) {
        if (duration instanceof Literal literal) {
            return literal.bare() ? seconds(literal.nanos()) : Literals.printNanos(literal.nanos());
        } else if (duration instanceof Clock clock) {
            return clock.text();
        } else if (duration instanceof Negation negation) {
            return "-" + operand(negation.of(), BinaryOperator.UNARY_PRECEDENCE + 1);
        }
        Operation operation = (Operation) duration;
        Operator operator = operation.operator();
        if (operator.isFunction()) {
            return operator.text() + "(" + whole(operation.left()) + ", " + whole(operation.right()) + ")";
        }
        int own = operator.precedence();
        boolean toTheRight = operator == Operator.POW;
        return operand(operation.left(), toTheRight ? own + 1 : own)
                + " " + operator.text() + " "
                + operand(operation.right(), toTheRight ? own : own + 1);
    }

    /** A duration as it stands behind {@code offset}. */
    static String offset(DurationExpr duration) {
        return duration instanceof Literal ? whole(duration) : operand(duration, ATOM);
    }

    private static String operand(DurationExpr duration, int needed) {
        return precedence(duration) < needed ? "(" + whole(duration) + ")" : whole(duration);
    }

    private static int precedence(DurationExpr duration) {
        if (duration instanceof Operation operation) {
            return operation.operator().precedence();
        }
        boolean signed = duration instanceof Negation || (duration instanceof Literal literal && literal.nanos() < 0);
        return signed ? BinaryOperator.UNARY_PRECEDENCE : ATOM;
    }

    private static String seconds(long nanos) {
        return nanos == 0
                ? "0"
                : BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString();
    }
}
