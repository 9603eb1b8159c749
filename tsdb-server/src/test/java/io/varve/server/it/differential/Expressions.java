package io.varve.server.it.differential;

import io.varve.server.it.differential.Expr.Aggregation;
import io.varve.server.it.differential.Expr.Binary;
import io.varve.server.it.differential.Expr.Call;
import io.varve.server.it.differential.Expr.Num;
import io.varve.server.it.differential.Expr.Sign;
import io.varve.server.it.differential.Expr.Text;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/**
 * The grammar of random, well-typed expressions: everything that both servers know. Each type has an arbitrary for each
 * depth, made of those of lower depths.
 */
final class Expressions {

    private static final int DEPTH = 4;
    private static final int GEN_SIZE = 1_000;

    private static final List<String> OVER_TIME = List.of(
            "rate",
            "increase",
            "delta",
            "irate",
            "idelta",
            "deriv",
            "changes",
            "resets",
            "avg_over_time",
            "sum_over_time",
            "min_over_time",
            "max_over_time",
            "count_over_time",
            "last_over_time",
            "present_over_time",
            "absent_over_time",
            "stddev_over_time",
            "stdvar_over_time");

    private static final List<String> BY_VALUE = List.of(
            "abs", "ceil", "floor", "exp", "ln", "log2", "log10", "sqrt", "sgn", "round", "timestamp", "absent");

    private static final List<String> ANGLES = List.of(
            "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "deg",
            "rad");

    private static final List<String> DATES =
            List.of("minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year");

    private static final List<String> NUMBERS =
            List.of("0", "1", "2", "3", "0.5", "0.9", "0.1", "10", "100", "1e3", "0x1f", "7.25", "1e-3", "NaN", "Inf");

    private static final List<String> ARITHMETIC = List.of("+", "-", "*", "/", "%", "^", "atan2");
    private static final List<String> COMPARISONS = List.of("==", "!=", ">", "<", ">=", "<=");
    private static final List<String> SETS = List.of("and", "or", "unless");
    private static final List<String> SUMS = List.of("sum", "avg", "min", "max", "count", "group", "stddev", "stdvar");
    private static final List<String> LABELS = List.of("job", "instance", "zone", "code", "le", "version");

    private final List<Arbitrary<Expr>> scalars = new ArrayList<>();
    private final List<Arbitrary<Expr>> vectors = new ArrayList<>();

    private final Arbitrary<Expr> selectors = closed(Leaves.selectors());
    private final Arbitrary<Expr> windows = closed(Leaves.windows());
    private final Arbitrary<Expr> counterWindows = closed(Leaves.counterWindows());
    private final Arbitrary<Expr> buckets = closed(Leaves.buckets());

    private Expressions() {
        for (int depth = 0; depth <= DEPTH; depth++) {
            scalars.add(closed(scalar(depth)));
            vectors.add(closed(vector(depth)));
        }
    }

    /** The same, but jqwik does not look into it: it would walk through all of a grammar for each part of each example. */
    private static Arbitrary<Expr> closed(Arbitrary<Expr> arbitrary) {
        return Arbitraries.fromGenerator(arbitrary.generator(GEN_SIZE, false));
    }

    /** Expressions of all types but strings and windows, which only an instant query may be; those seldom. */
    static Arbitrary<Expr> arbitrary() {
        Expressions grammar = new Expressions();
        List<Tuple2<Integer, Arbitrary<Expr>>> kinds = new ArrayList<>();
        for (int depth = 1; depth <= DEPTH; depth++) {
            kinds.add(Tuple.of(6, grammar.vectors.get(depth)));
        }
        kinds.add(Tuple.of(1, grammar.vectors.get(0)));
        kinds.add(Tuple.of(1, grammar.scalars.get(DEPTH)));
        kinds.add(Tuple.of(1, grammar.window(1)));
        return Arbitraries.frequencyOf(kinds);
    }

    private Arbitrary<Expr> scalar(int depth) {
        Arbitrary<Expr> number = Arbitraries.of(NUMBERS).map(Num::new);
        Arbitrary<Expr> clock = Arbitraries.of("time", "pi").map(name -> new Call(name, List.of()));
        if (depth == 0) {
            return Arbitraries.frequencyOf(Tuple.of(9, number), Tuple.of(1, clock));
        }
        Arbitrary<Expr> lower = scalars.get(depth - 1);
        return Arbitraries.frequencyOf(
                Tuple.of(8, number),
                Tuple.of(1, clock),
                Tuple.of(2, vectors.get(depth - 1).map(v -> new Call("scalar", List.of(v)))),
                Tuple.of(1, lower.map(s -> new Sign("-", s))),
                Tuple.of(
                        2,
                        Combinators.combine(Arbitraries.of(ARITHMETIC), lower, lower, bare())
                                .as((op, l, r, bare) -> new Binary(op, l, r, "", bare))),
                Tuple.of(
                        1,
                        Combinators.combine(Arbitraries.of(COMPARISONS), lower, lower)
                                .as((op, l, r) -> new Binary(op, l, r, "bool", false))));
    }

    private static Arbitrary<Boolean> bare() {
        return Arbitraries.integers().between(0, 5).map(i -> i == 0);
    }

    private Arbitrary<Expr> vector(int depth) {
        if (depth == 0) {
            return selectors;
        }
        Arbitrary<Expr> lower = vectors.get(depth - 1);
        return Arbitraries.frequencyOf(
                Tuple.of(3, selectors),
                Tuple.of(8, overTime(depth)),
                Tuple.of(6, byValue(lower, depth)),
                Tuple.of(7, aggregation(lower, depth)),
                Tuple.of(7, operation(lower, depth)),
                Tuple.of(2, labelFunction(lower)),
                Tuple.of(2, quantile(lower, depth)),
                Tuple.of(1, scalars.get(depth - 1).map(s -> new Call("vector", List.of(s)))),
                Tuple.of(1, Combinators.combine(Arbitraries.of("-", "+"), lower).as(Sign::new)),
                Tuple.of(
                        1,
                        Combinators.combine(Arbitraries.of("sort", "sort_desc"), lower)
                                .as((name, v) -> new Call(name, List.of(v)))));
    }

    private Arbitrary<Expr> window(int depth) {
        return depth == 0
                ? windows
                : Arbitraries.frequencyOf(Tuple.of(3, windows), Tuple.of(1, Leaves.subqueries(vectors.get(depth - 1))));
    }

    private Arbitrary<Expr> overTime(int depth) {
        Arbitrary<Expr> window = window(depth);
        Arbitrary<Expr> scalar = scalars.get(depth - 1);
        return Arbitraries.frequencyOf(
                Tuple.of(
                        3,
                        Combinators.combine(Arbitraries.of("rate", "increase"), counterWindows)
                                .as((name, w) -> new Call(name, List.of(w)))),
                Tuple.of(
                        9,
                        Combinators.combine(Arbitraries.of(OVER_TIME), window)
                                .as((name, w) -> new Call(name, List.of(w)))),
                Tuple.of(
                        1,
                        Combinators.combine(scalar, window)
                                .as((q, w) -> new Call("quantile_over_time", List.of(q, w)))),
                Tuple.of(
                        1,
                        Combinators.combine(scalar, window).as((t, w) -> new Call("predict_linear", List.of(w, t)))));
    }

    private Arbitrary<Expr> byValue(Arbitrary<Expr> lower, int depth) {
        Arbitrary<Expr> scalar = scalars.get(depth - 1);
        return Arbitraries.frequencyOf(
                Tuple.of(
                        6,
                        Combinators.combine(Arbitraries.of(BY_VALUE), lower)
                                .as((name, v) -> new Call(name, List.of(v)))),
                Tuple.of(
                        2,
                        Combinators.combine(Arbitraries.of(ANGLES), lower).as((name, v) -> new Call(name, List.of(v)))),
                Tuple.of(
                        1,
                        Combinators.combine(Arbitraries.of(DATES), lower).as((name, v) -> new Call(name, List.of(v)))),
                Tuple.of(1, Arbitraries.of(DATES).map(name -> new Call(name, List.of()))),
                Tuple.of(1, Combinators.combine(lower, scalar).as((v, to) -> new Call("round", List.of(v, to)))),
                Tuple.of(
                        1,
                        Combinators.combine(Arbitraries.of("clamp_min", "clamp_max"), lower, scalar)
                                .as((name, v, s) -> new Call(name, List.of(v, s)))),
                Tuple.of(
                        1,
                        Combinators.combine(lower, scalar, scalar)
                                .as((v, min, max) -> new Call("clamp", List.of(v, min, max)))));
    }

    private static Arbitrary<String> labels() {
        return Arbitraries.of(LABELS)
                .list()
                .uniqueElements()
                .ofMinSize(0)
                .ofMaxSize(3)
                .map(names -> "(" + String.join(", ", names) + ")");
    }

    private static Arbitrary<String> grouping() {
        return Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just("")),
                Tuple.of(3, labels().map(names -> "by " + names)),
                Tuple.of(2, labels().map(names -> "without " + names)),
                Tuple.of(1, Arbitraries.just("by (__name__, job)")));
    }

    private Arbitrary<Expr> aggregation(Arbitrary<Expr> lower, int depth) {
        Arbitrary<Expr> scalar = scalars.get(depth - 1);
        return Arbitraries.frequencyOf(
                Tuple.of(
                        8,
                        Combinators.combine(Arbitraries.of(SUMS), lower, grouping())
                                .as((name, v, group) -> new Aggregation(name, List.of(v), group))),
                Tuple.of(
                        3,
                        Combinators.combine(Arbitraries.of("topk", "bottomk", "quantile"), scalar, lower, grouping())
                                .as((name, s, v, group) -> new Aggregation(name, List.of(s, v), group))),
                Tuple.of(
                        1,
                        Combinators.combine(Arbitraries.of("\"v\"", "\"job\""), lower, grouping())
                                .as((label, v, group) ->
                                        new Aggregation("count_values", List.of(new Text(label), v), group))));
    }

    private Arbitrary<Expr> operation(Arbitrary<Expr> lower, int depth) {
        Arbitrary<Expr> scalar = scalars.get(depth - 1);
        Arbitrary<Tuple2<String, String>> operators = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.of(ARITHMETIC).map(op -> Tuple.of(op, ""))),
                Tuple.of(3, Arbitraries.of(COMPARISONS).map(op -> Tuple.of(op, ""))),
                Tuple.of(1, Arbitraries.of(COMPARISONS).map(op -> Tuple.of(op, "bool"))));
        return Arbitraries.frequencyOf(
                Tuple.of(
                        4,
                        Combinators.combine(operators, lower, scalar, bare())
                                .as((op, l, r, bare) -> new Binary(op.get1(), l, r, op.get2(), bare))),
                Tuple.of(
                        2,
                        Combinators.combine(operators, scalar, lower, bare())
                                .as((op, l, r, bare) -> new Binary(op.get1(), l, r, op.get2(), bare))),
                Tuple.of(
                        3,
                        Combinators.combine(operators, lower, lower, matching())
                                .as((op, l, r, match) -> new Binary(op.get1(), l, r, joined(op.get2(), match), false))),
                Tuple.of(4, grouped(operators, lower)),
                Tuple.of(
                        3,
                        Combinators.combine(operators, lower, Leaves.functions())
                                .as((op, v, map) -> new Binary(op.get1(), v, map.apply(v), op.get2(), false))),
                Tuple.of(
                        3,
                        Combinators.combine(Arbitraries.of(SETS), lower, lower, setMatching(), bare())
                                .as(Binary::new)));
    }

    private static String joined(String first, String second) {
        return (first + " " + second).strip();
    }

    private static Arbitrary<String> setMatching() {
        return Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just("")),
                Tuple.of(2, labels().map(names -> "on " + names)),
                Tuple.of(1, labels().map(names -> "ignoring " + names)));
    }

    private static Arbitrary<String> matching() {
        Arbitrary<String> group = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just("")),
                Tuple.of(1, Arbitraries.of(" group_left", " group_right", " group_left (zone)", " group_right (le)")));
        return Combinators.combine(setMatching(), group).as((match, with) -> match.isEmpty() ? "" : match + with);
    }

    /** Matches that have a fair chance to find each other: one side is aggregated by the labels that are compared. */
    private static Arbitrary<Expr> grouped(Arbitrary<Tuple2<String, String>> operators, Arbitrary<Expr> lower) {
        Arbitrary<String> labels = Arbitraries.of("(job)", "(instance)", "(job, instance)", "()");
        return Combinators.combine(operators, lower, lower, labels, Arbitraries.of(SUMS), Arbitraries.of(true, false))
                .as((op, many, one, on, sum, left) -> {
                    Expr other = new Aggregation(sum, List.of(one), "by " + on);
                    String match = joined(op.get2(), "on " + on + (left ? " group_left" : " group_right"));
                    return left
                            ? new Binary(op.get1(), many, other, match, false)
                            : new Binary(op.get1(), other, many, match, false);
                });
    }

    private static Arbitrary<Expr> labelFunction(Arbitrary<Expr> lower) {
        Arbitrary<List<Expr>> replacements = Arbitraries.of(
                texts("\"x\"", "\"$1\"", "\"instance\"", "\"(.):.\""),
                texts("\"job\"", "\"all\"", "\"job\"", "\".*\""),
                texts("\"instance\"", "\"$2-$1\"", "\"instance\"", "'(.*):(.*)'"),
                texts("\"__name__\"", "\"n\"", "\"\"", "\"\""),
                texts("\"code\"", "\"\"", "\"code\"", "\"4..|5..\""),
                texts("\"zone\"", "\"${n}x\"", "\"job\"", "\"(?P<n>a|d).*\""),
                texts("\"new\"", "\"fix\"", "\"missing\"", "`^$`"));
        Arbitrary<List<Expr>> joins = Arbitraries.of(
                texts("\"x\"", "\"-\"", "\"job\"", "\"instance\""),
                texts("\"instance\"", "\"\"", "\"zone\""),
                texts("\"job\"", "\",\""),
                texts("\"y\"", "\"/\"", "\"__name__\"", "\"code\""));
        return Arbitraries.frequencyOf(
                Tuple.of(
                        2,
                        Combinators.combine(lower, replacements)
                                .as((v, rest) -> new Call("label_replace", prepended(v, rest)))),
                Tuple.of(
                        1,
                        Combinators.combine(lower, joins).as((v, rest) -> new Call("label_join", prepended(v, rest)))));
    }

    private static List<Expr> texts(String... quoted) {
        List<Expr> texts = new ArrayList<>();
        for (String text : quoted) {
            texts.add(new Text(text));
        }
        return texts;
    }

    private static List<Expr> prepended(Expr first, List<Expr> rest) {
        List<Expr> all = new ArrayList<>(rest);
        all.add(0, first);
        return all;
    }

    private Arbitrary<Expr> quantile(Arbitrary<Expr> lower, int depth) {
        Arbitrary<Expr> summed = Combinators.combine(
                        buckets, Arbitraries.of("by (le)", "by (le, job)", "without (instance)"))
                .as((v, group) -> new Aggregation("sum", List.of(v), group));
        Arbitrary<Expr> vector = Arbitraries.frequencyOf(Tuple.of(3, buckets), Tuple.of(4, summed), Tuple.of(1, lower));
        return Combinators.combine(scalars.get(depth - 1), vector)
                .as((q, v) -> new Call("histogram_quantile", List.of(q, v)));
    }
}
