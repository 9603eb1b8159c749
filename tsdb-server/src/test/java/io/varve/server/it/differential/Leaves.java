package io.varve.server.it.differential;

import io.varve.server.it.differential.Expr.Aggregation;
import io.varve.server.it.differential.Expr.Call;
import io.varve.server.it.differential.Expr.Selector;
import io.varve.server.it.differential.Expr.Subquery;
import io.varve.server.it.differential.Expr.Timing;
import io.varve.server.it.differential.Expr.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** What expressions are made of at their ends: selectors, windows, and when they are looked at. */
final class Leaves {

    /**
     * What subqueries' windows are longer than a multiple of the grid: they begin between two of their own steps, so that
     * it does not matter whether the left end belongs to them.
     */
    private static final long BETWEEN_STEPS_MS = 250;

    private static final List<String> MATCHERS = List.of(
            "job=\"api\"",
            "job!=\"db\"",
            "job=~\"api|web\"",
            "instance=~\"[ab].*\"",
            "instance!~\"c.+\"",
            "code=\"200\"",
            "code!=\"200\"",
            "code=~\"4..|5..\"",
            "code=\"\"",
            "zone=\"z1\"",
            "zone!=\"\"",
            "le=~\"1|.Inf\"",
            "le!=\"+Inf\"",
            "missing=\"\"",
            "missing=~\".*\"",
            "missing=~\".+\"");

    private static final List<String> NAMES_BY_REGEX = List.of(
            "__name__=~\"§(temp|load)\"",
            "__name__=~\"§.*_total\"",
            "__name__=~\"§up|§size\"",
            "__name__=\"§limits\"",
            "__name__=~\"§(info|no_such)\"");

    private static final Long[] RANGES_MS = {
        20_000L, 30_000L, 45_000L, 60_000L, 60_000L, 90_000L, 150_500L, 300_000L, 300_000L, 420_000L, 900_000L
    };
    private static final Long[] OFFSETS_MS = {30_000L, 60_000L, 90_500L, 600_000L, -60_000L, -500L, 3_600_000L};
    private static final Long[] STEPS_MS = {0L, 0L, 10_000L, 15_000L, 15_000L, 30_000L, 61_500L, 120_000L};

    private Leaves() {}

    /** A time within the data, somewhat before it or behind it. */
    static Arbitrary<Long> times() {
        long steps = (Datasets.SPAN_MS + 8 * 60_000L) / Datasets.GRID_MS;
        return Arbitraries.longs()
                .between(-100, steps)
                .withDistribution(net.jqwik.api.RandomDistribution.uniform())
                .map(step -> Datasets.BASE_MS + step * Datasets.GRID_MS);
    }

    private static Arbitrary<Timing> timings() {
        Arbitrary<String> at = Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.of("start()", "end()")), Tuple.of(1, times().map(Question::seconds)));
        Arbitrary<Long> offset = Arbitraries.of(OFFSETS_MS);
        return Arbitraries.frequencyOf(
                Tuple.of(14, Arbitraries.just(Timing.PLAIN)),
                Tuple.of(3, offset.map(ms -> new Timing("", ms))),
                Tuple.of(2, at.map(time -> new Timing(time, 0))),
                Tuple.of(1, Combinators.combine(at, offset).as(Timing::new)));
    }

    private static Arbitrary<Selector> selector(List<String> names) {
        Arbitrary<List<String>> matchers =
                Arbitraries.of(MATCHERS).list().uniqueElements().ofMaxSize(2);
        Arbitrary<Selector> named =
                Combinators.combine(Arbitraries.of(names), matchers, timings()).as(Selector::new);
        return Arbitraries.frequencyOf(
                Tuple.of(
                        2,
                        Combinators.combine(Arbitraries.of(names), timings())
                                .as((name, timing) -> new Selector(name, List.of(), timing))),
                Tuple.of(1, named));
    }

    private static Arbitrary<Selector> any() {
        List<String> all = new ArrayList<>(Datasets.COUNTERS);
        all.addAll(Datasets.GAUGES);
        all.add(Datasets.BUCKETS);
        Arbitrary<Selector> regex = Combinators.combine(
                        Arbitraries.of(NAMES_BY_REGEX),
                        Arbitraries.of(MATCHERS).list().ofMaxSize(1),
                        timings())
                .as((name, more, timing) -> {
                    List<String> matchers = new ArrayList<>(more);
                    matchers.add(0, name);
                    return new Selector("", matchers, timing);
                });
        return Arbitraries.frequencyOf(Tuple.of(9, selector(all)), Tuple.of(1, regex));
    }

    static Arbitrary<Expr> selectors() {
        return any().map(selector -> selector);
    }

    static Arbitrary<Expr> windows() {
        return Combinators.combine(any(), Arbitraries.of(RANGES_MS)).as(Window::new);
    }

    static Arbitrary<Expr> counterWindows() {
        return Combinators.combine(selector(Datasets.COUNTERS), Arbitraries.of(RANGES_MS))
                .as(Window::new);
    }

    /** Each window has a step at least: 2.42 shows one behind it else, if what is asked is fixed in time. */
    static Arbitrary<Expr> subqueries(Arbitrary<Expr> vectors) {
        return Combinators.combine(vectors, Arbitraries.of(RANGES_MS), Arbitraries.of(STEPS_MS), timings())
                .as((v, range, step, timing) -> {
                    boolean fits = (step == 0 ? Causes.DEFAULT_STEP_MS : step) <= range;
                    return new Subquery(v, range + BETWEEN_STEPS_MS, fits ? step : 10_000, timing);
                });
    }

    /** Buckets of histograms, counted up or since a while ago. */
    static Arbitrary<Expr> buckets() {
        return Combinators.combine(
                        selector(List.of(Datasets.BUCKETS)),
                        Arbitraries.of(RANGES_MS),
                        Arbitraries.of("", "rate", "increase"))
                .as((selector, range, function) ->
                        function.isEmpty() ? selector : new Call(function, List.of(new Window(selector, range))));
    }

    /** What is made of an operand so that it has mostly the labels of the operand itself. */
    static Arbitrary<UnaryOperator<Expr>> functions() {
        return Arbitraries.of(
                v -> v,
                v -> new Call("abs", List.of(v)),
                v -> new Aggregation("topk", List.of(new Expr.Num("3"), v), ""),
                v -> new Aggregation("max", List.of(v), "by (job, instance)"),
                v -> new Expr.Sign("-", v));
    }
}
