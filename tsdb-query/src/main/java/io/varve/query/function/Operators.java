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

    /** The results of an arithmetic operator, place by place; {@code out} may be one of the operands. */
    public static void arithmetic(BinaryOperator operator, double[] a, double[] b, double[] out) {
        switch (operator) {
            case ADD -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = a[i] + b[i];
                }
            }
            case SUB -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = a[i] - b[i];
                }
            }
            case MUL -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = a[i] * b[i];
                }
            }
            case DIV -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = a[i] / b[i];
                }
            }
            default -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = arithmetic(operator, a[i], b[i]);
                }
            }
        }
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
