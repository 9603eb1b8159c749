package io.varve.query.function;

import io.varve.query.lang.BinaryOperator;

/** Arithmetic and comparison of two numbers. */
public final class Operators {

    private Operators() {}

    /** The result of an arithmetic operator. */
    public static double arithmetic(BinaryOperator operator, double a, double b) {
        return switch (operator) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case MOD -> a % b;
            case ATAN2 -> Math.atan2(a, b);
            case POW -> power(a, b);
            default -> throw new AssertionError("BUG: not an arithmetic operator: " + operator);
        };
    }

    /** As IEEE 754-2008 has it: 1 to any power is 1, and -1 to an infinite one as well. */
    private static double power(double a, double b) {
        return a == 1 || (a == -1 && Double.isInfinite(b)) ? 1 : Math.pow(a, b);
    }

    /** Whether a comparison holds. */
    public static boolean compare(BinaryOperator operator, double a, double b) {
        return switch (operator) {
            case EQ -> a == b;
            case NE -> a != b;
            case LT -> a < b;
            case LE -> a <= b;
            case GT -> a > b;
            case GE -> a >= b;
            default -> throw new AssertionError("BUG: not a comparison: " + operator);
        };
    }
}
