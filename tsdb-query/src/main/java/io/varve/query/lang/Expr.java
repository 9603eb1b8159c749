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
     * @param offset taken off the time afterwards; negative looks ahead
     */
    record Timing(Anchor anchor, long anchorNanos, DurationExpr offset) {
        /** No modifier at all. */
        public static final Timing PLAIN = new Timing(Anchor.NONE, 0, DurationExpr.Literal.ZERO);

        /** The offset of a resolved expression. */
        public long offsetNanos() {
            return offset.nanos();
        }
    }

    /** How a selector takes the edges of its window. */
    enum Edges {
        /** Samples within the window alone. */
        PLAIN("plain"),
        /** From the last sample before the window on. */
        ANCHORED("anchored"),
        /** Lines are drawn to the samples beyond either edge. */
        SMOOTHED("smoothed");

        private final String text;

        Edges(String text) {
            this.text = text;
        }

        /** The modifier as written. */
        public String text() {
            return text;
        }
    }

    /**
     * Series by their labels; the name, if given by itself, is the first matcher.
     *
     * @param edges of the window that a range selector reads; without a range it is plain or smoothed
     */
    record Selector(Position at, List<Matcher> matchers, Timing timing, Edges edges) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.VECTOR;
        }

        /** What has such labels, at the evaluation time. */
        public static Selector of(Position at, List<Matcher> matchers) {
            return new Selector(at, List.copyOf(matchers), Timing.PLAIN, Edges.PLAIN);
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
    record RangeSelector(Position at, Selector selector, DurationExpr range) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.MATRIX;
        }

        /** The range of a resolved expression. */
        public long rangeNanos() {
            return range.nanos();
        }
    }

    /**
     * An expression evaluated at the multiples of a step within a window.
     *
     * @param step {@link DurationExpr#ZERO} for the default
     */
    record Subquery(Position at, Expr expr, DurationExpr range, DurationExpr step, Timing timing) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.MATRIX;
        }

        /** The range of a resolved expression. */
        public long rangeNanos() {
            return range.nanos();
        }

        /** The step of a resolved expression, 0 for the default. */
        public long stepNanos() {
            return step.nanos();
        }
    }

    /** A changed sign. */
    record Negation(Position at, Expr expr) implements Expr {
        @Override
        public ValueType type() {
            return expr.type();
        }
    }

    /** A plus sign before what stays as it is, name included, but is no selector any more. */
    record Plus(Position at, Expr expr) implements Expr {
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
     * @param fillLeft value of what is missing on the left, or null if it stays missing
     * @param fillRight value of what is missing on the right, or null if it stays missing
     */
    record Matching(
            Cardinality cardinality,
            boolean on,
            List<String> labels,
            List<String> include,
            @Nullable Double fillLeft,
            @Nullable Double fillRight) {
        /** All labels but the name, one to one. */
        public static final Matching PLAIN =
                new Matching(Cardinality.ONE_TO_ONE, false, List.of(), List.of(), null, null);

        /** Whether anything that is missing is filled in. */
        public boolean fills() {
            return fillLeft != null || fillRight != null;
        }
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
