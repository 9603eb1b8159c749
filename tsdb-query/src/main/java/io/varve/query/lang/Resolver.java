package io.varve.query.lang;

import io.varve.query.QueryException;
import io.varve.query.lang.DurationExpr.Clock;
import io.varve.query.lang.DurationExpr.Literal;
import io.varve.query.lang.DurationExpr.Negation;
import io.varve.query.lang.DurationExpr.Operation;
import io.varve.query.lang.Expr.Edges;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Fixes what an expression leaves open until the times of its query are known: computed durations become literals, and
 * {@code start()}, {@code end()}, {@code range()} and {@code step()} numbers.
 */
public final class Resolver {

    private static final Set<Function> SMOOTHED = EnumSet.of(Function.DELTA, Function.INCREASE, Function.RATE);
    private static final Set<Function> ANCHORED =
            EnumSet.of(Function.CHANGES, Function.DELTA, Function.INCREASE, Function.RATE, Function.RESETS);

    private final SourceText source;
    private final Times times;

    private Resolver(SourceText source, Times times) {
        this.source = source;
        this.times = times;
    }

    /**
     * The times of a query, in ticks.
     *
     * @param start first evaluation time
     * @param end the end that was asked for
     * @param step distance of evaluation times, 0 for an instant query
     * @param ticksPerSecond unit of time
     */
    public record Times(long start, long end, long step, long ticksPerSecond) {
        private double seconds(long ticks) {
            return ticks / (double) ticksPerSecond;
        }
    }

    /**
     * The expression as it can be evaluated.
     *
     * @param text what it was parsed from, for messages
     * @throws QueryException if a duration is none, such as one that is divided by zero or a range that is not positive
     */
    public static Expr resolve(Expr expr, String text, Times times) {
        return new Resolver(new SourceText(text), times).resolve(expr);
    }

    private Expr resolve(Expr expr) {
        if (expr instanceof Expr.Selector selector) {
            return selector(selector);
        } else if (expr instanceof Expr.RangeSelector range) {
            return range(range, null);
        } else if (expr instanceof Expr.Subquery sub) {
            boolean standard = sub.step().equals(DurationExpr.Literal.ZERO);
            return new Expr.Subquery(
                    sub.at(),
                    resolve(sub.expr()),
                    positive(sub.range(), "range", sub.at()),
                    standard ? sub.step() : positive(sub.step(), "step", sub.at()),
                    timing(sub.timing(), sub.at()));
        } else if (expr instanceof Expr.Negation negation) {
            return new Expr.Negation(negation.at(), resolve(negation.expr()));
        } else if (expr instanceof Expr.Plus plus) {
            return new Expr.Plus(plus.at(), resolve(plus.expr()));
        } else if (expr instanceof Expr.Binary binary) {
            return new Expr.Binary(
                    binary.at(),
                    binary.operator(),
                    resolve(binary.left()),
                    resolve(binary.right()),
                    binary.bool(),
                    binary.matching());
        } else if (expr instanceof Expr.Aggregation aggregation) {
            Expr parameter = aggregation.parameter();
            return new Expr.Aggregation(
                    aggregation.at(),
                    aggregation.aggregator(),
                    resolve(aggregation.expr()),
                    parameter == null ? null : resolve(parameter),
                    aggregation.without(),
                    aggregation.labels());
        }
        return expr instanceof Expr.Call call ? call(call) : expr;
    }

    private Expr call(Expr.Call call) {
        return switch (call.function()) {
            case START -> new Expr.NumberLiteral(call.at(), times.seconds(times.start()));
            case END -> new Expr.NumberLiteral(call.at(), times.seconds(times.end()));
            case RANGE -> new Expr.NumberLiteral(call.at(), clock(Clock.RANGE));
            case STEP -> new Expr.NumberLiteral(call.at(), clock(Clock.STEP));
            default -> {
                List<Expr> arguments = new ArrayList<>();
                for (Expr argument : call.arguments()) {
                    arguments.add(
                            argument instanceof Expr.RangeSelector range
                                    ? range(range, call.function())
                                    : resolve(argument));
                }
                yield new Expr.Call(call.at(), call.function(), List.copyOf(arguments));
            }
        };
    }

    /** Refuses {@code anchored} and {@code smoothed} where what they mean is not defined. */
    private void checkEdges(Expr.RangeSelector range, @Nullable Function function) {
        Edges edges = range.selector().edges();
        Set<Function> allowed = edges == Edges.ANCHORED ? ANCHORED : SMOOTHED;
        if (edges != Edges.PLAIN && (function == null || !allowed.contains(function))) {
            String names = allowed.stream().map(Function::text).sorted().collect(Collectors.joining(", "));
            throw refused(
                    range.at(),
                    edges.text() + " modifier can only be used with: " + names + "; not with "
                            + (function == null ? "no function" : function.text()));
        }
    }

    private Expr.RangeSelector range(Expr.RangeSelector range, @Nullable Function function) {
        checkEdges(range, function);
        return new Expr.RangeSelector(
                range.at(), selector(range.selector()), positive(range.range(), "range", range.at()));
    }

    private Expr.Selector selector(Expr.Selector selector) {
        return new Expr.Selector(
                selector.at(), selector.matchers(), timing(selector.timing(), selector.at()), selector.edges());
    }

    private Expr.Timing timing(Expr.Timing timing, Position at) {
        return new Expr.Timing(timing.anchor(), timing.anchorNanos(), fixed(timing.offset(), "offset", at));
    }

    private DurationExpr positive(DurationExpr duration, String what, Position at) {
        Literal fixed = fixed(duration, what, at);
        if (fixed.nanos() <= 0) {
            throw refused(at, what + " must be greater than 0, and is " + Literals.printNanos(fixed.nanos()));
        }
        return fixed;
    }

    private Literal fixed(DurationExpr duration, String what, Position at) {
        if (duration instanceof Literal literal) {
            return literal;
        }
        double seconds = seconds(duration);
        if (!Double.isFinite(seconds) || Math.abs(seconds) >= Long.MAX_VALUE / 1e9) {
            throw refused(at, what + " out of range: seconds=" + seconds);
        }
        long ticks = (long) (seconds * times.ticksPerSecond()); // what is less than a tick is cut off
        return new Literal(ticks * (1_000_000_000L / times.ticksPerSecond()), false);
    }

    private double clock(Clock clock) {
        return times.seconds(clock == Clock.STEP ? times.step() : times.end() - times.start());
    }

    private double seconds(DurationExpr duration) {
        if (duration instanceof Literal literal) {
            return literal.nanos() / 1e9;
        } else if (duration instanceof Clock clock) {
            return clock(clock);
        } else if (duration instanceof Negation negation) {
            return -seconds(negation.of());
        }
        Operation operation = (Operation) duration;
        double left = seconds(operation.left());
        double right = seconds(operation.right());
        return switch (operation.operator()) {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> left / nonZero(right, "division", operation);
            case MOD -> left % nonZero(right, "modulo", operation);
            case POW -> Math.pow(left, right);
            case MIN_OF -> Math.min(left, right);
            case MAX_OF -> Math.max(left, right);
        };
    }

    private double nonZero(double divisor, String what, Operation operation) {
        if (divisor == 0) {
            throw refused(operation.at(), what + " by zero in a duration");
        }
        return divisor;
    }

    private QueryException refused(Position at, String message) {
        return new QueryException(
                QueryException.Kind.EXECUTION, source.lineAndColumn(at.offset()) + ": " + message, at.offset());
    }
}
