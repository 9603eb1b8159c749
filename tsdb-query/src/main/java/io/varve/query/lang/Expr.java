package io.varve.query.lang;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of a parsed expression. Trees are immutable, well-typed, and at most {@link Parser#MAX_DEPTH} deep.
 * Parentheses leave no node; the printer sets them where they are needed.
 */
public sealed interface Expr {

    /** Where the node stands. */
    Position at();

    /** What it evaluates to. */
    ValueType type();

    /** A number or a duration used as one, in seconds. */
    record NumberLiteral(Position at, double value) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.SCALAR;
        }
    }

    /** A text. */
    record StringLiteral(Position at, String value) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.STRING;
        }
    }

    /** How the {@code @} modifier fixes the time of a selector. */
    enum Anchor {
        NONE,
        /** A time of its own. */
        LITERAL,
        /** The first evaluation time of the query. */
        START,
        /** The last evaluation time of the query. */
        END
    }

    /**
     * How a selector's time is derived from the evaluation time.
     *
     * @param anchor what {@code @} says
     * @param anchorNanos nanoseconds since 1970 for {@link Anchor#LITERAL}, else 0
     * @param offsetNanos taken off the time afterwards; negative looks ahead
     */
    record Timing(Anchor anchor, long anchorNanos, long offsetNanos) {
        /** No modifier at all. */
        public static final Timing PLAIN = new Timing(Anchor.NONE, 0, 0);
    }

    /** Series by their labels; the name, if given by itself, is the first matcher. */
    record Selector(Position at, List<Matcher> matchers, Timing timing) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.VECTOR;
        }

        /** The one metric name that is selected, or the empty string if there may be several. */
        public String metricName() {
            for (Matcher matcher : matchers) {
                if (matcher.type() == Matcher.Type.EQUAL && matcher.name().equals(Labels.NAME)) {
                    return matcher.value();
                }
            }
            return "";
        }
    }

    /** The samples of a window, left end excluded, for each series of a selector. */
    record RangeSelector(Position at, Selector selector, long rangeNanos) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.MATRIX;
        }
    }

    /**
     * An expression evaluated at the multiples of a step within a window.
     *
     * @param stepNanos 0 for the default
     */
    record Subquery(Position at, Expr expr, long rangeNanos, long stepNanos, Timing timing) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.MATRIX;
        }
    }

    /** A changed sign. */
    record Negation(Position at, Expr expr) implements Expr {
        @Override
        public ValueType type() {
            return expr.type();
        }
    }

    /** Which sides may have several series for one of the other. */
    enum Cardinality {
        ONE_TO_ONE,
        /** {@code group_left} */
        MANY_TO_ONE,
        /** {@code group_right} */
        ONE_TO_MANY
    }

    /**
     * How two vectors are matched.
     *
     * @param on whether the labels are those to compare, not those to leave out
     * @param include labels that the many side takes over from the one side
     */
    record Matching(Cardinality cardinality, boolean on, List<String> labels, List<String> include) {
        /** All labels but the name, one to one. */
        public static final Matching PLAIN = new Matching(Cardinality.ONE_TO_ONE, false, List.of(), List.of());
    }

    /**
     * Two operands.
     *
     * @param bool whether a comparison gives 0 or 1 and does not filter
     */
    record Binary(Position at, BinaryOperator operator, Expr left, Expr right, boolean bool, Matching matching)
            implements Expr {
        @Override
        public ValueType type() {
            return left.type() == ValueType.SCALAR && right.type() == ValueType.SCALAR
                    ? ValueType.SCALAR
                    : ValueType.VECTOR;
        }
    }

    /**
     * A value for each group of series.
     *
     * @param parameter what stands before the vector, or null
     * @param without whether the labels are those left out
     */
    record Aggregation(
            Position at,
            Aggregator aggregator,
            Expr expr,
            @Nullable Expr parameter,
            boolean without,
            List<String> labels)
            implements Expr {
        @Override
        public ValueType type() {
            return ValueType.VECTOR;
        }
    }

    /** A function with its arguments. */
    record Call(Position at, Function function, List<Expr> arguments) implements Expr {
        @Override
        public ValueType type() {
            return function.result();
        }
    }
}
