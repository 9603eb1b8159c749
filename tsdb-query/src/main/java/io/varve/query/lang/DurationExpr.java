package io.varve.query.lang;

/**
 * A length of time as an expression writes it. Most are literals; others are computed from literals and from the times
 * of the query, by {@link Resolver}, once these are known. Immutable.
 */
public sealed interface DurationExpr {

    /**
     * What was written as it is.
     *
     * @param nanos nanoseconds, negative ones included
     * @param bare whether it was written as a number within a computation, and not with units
     */
    record Literal(long nanos, boolean bare) implements DurationExpr {
        /** No time at all. */
        public static final Literal ZERO = new Literal(0, false);
    }

    /** What the query's times give. */
    enum Clock implements DurationExpr {
        /** The distance of evaluation times, 0 for an instant query. */
        STEP("step()"),
        /** From the first evaluation time to the end that was asked for. */
        RANGE("range()");

        private final String text;

        Clock(String text) {
            this.text = text;
        }

        /** As written. */
        String text() {
            return text;
        }
    }

    /** A changed sign. */
    record Negation(DurationExpr of) implements DurationExpr {}

    /** What can be done with two durations, in seconds. */
    enum Operator {
        ADD("+", 4),
        SUB("-", 4),
        MUL("*", 5),
        DIV("/", 5),
        MOD("%", 5),
        POW("^", 7),
        MIN_OF("min_of", 8),
        MAX_OF("max_of", 8);

        private final String text;
        private final int precedence;

        Operator(String text, int precedence) {
            this.text = text;
            this.precedence = precedence;
        }

        /** As written. */
        String text() {
            return text;
        }

        /** Binds tighter the greater it is, as the operators of expressions do. */
        int precedence() {
            return precedence;
        }

        /** Whether it is written before its operands, in parentheses. */
        boolean isFunction() {
            return this == MIN_OF || this == MAX_OF;
        }
    }

    /** Two durations that give a third. */
    record Operation(Position at, Operator operator, DurationExpr left, DurationExpr right) implements DurationExpr {}

    /** The nanoseconds of a literal, which every duration of a resolved expression is. */
    default long nanos() {
        throw new AssertionError("BUG: a duration that was not resolved: " + this);
    }
}
