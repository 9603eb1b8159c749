package io.varve.query.lang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.varve.query.QueryException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PrinterProperties {

    private static Expr parse(String text) {
        return Parser.parse(text, Dialect.EXPERIMENTAL);
    }

    @Property(tries = 1000)
    void printedTreesParseToEqualTrees(@ForAll("vectors") String text) {
        Expr parsed = parse(text);
        String printed = Printer.print(parsed);
        assertThat(parse(printed)).as(printed).isEqualTo(parsed);
        assertThat(Printer.print(parse(printed))).isEqualTo(printed);
    }

    @Property(tries = 2000)
    void anyTextParsesOrIsRefusedPolitely(@ForAll("noise") String text) {
        assertThatCode(() -> {
                    try {
                        parse(text);
                    } catch (QueryException e) {
                        assertThat(e.kind()).isEqualTo(QueryException.Kind.BAD_DATA);
                        assertThat(e.position()).isBetween(0, text.length());
                    }
                })
                .doesNotThrowAnyException();
    }

    @Provide
    Arbitrary<String> noise() {
        return Arbitraries.of(
                        "sum",
                        "(",
                        ")",
                        "{",
                        "}",
                        "[",
                        "]",
                        "m",
                        "by",
                        "on",
                        "group_left",
                        "5m",
                        "1e",
                        "1",
                        "\"x\"",
                        "'",
                        "=~",
                        "=",
                        "!=",
                        "-",
                        "+",
                        "^",
                        "offset",
                        "@",
                        ":",
                        ",",
                        "start",
                        "rate",
                        "bool",
                        "</",
                        "#",
                        "\\",
                        "\uD83D",
                        "\u0000",
                        "and",
                        "fill",
                        "fill_left(1)",
                        "smoothed",
                        "anchored",
                        "step()",
                        "min_of",
                        "info",
                        "limitk",
                        "\n")
                .list()
                .ofMaxSize(14)
                .map(parts -> String.join(" ", parts));
    }

    @Provide
    Arbitrary<String> vectors() {
        return vector(3);
    }

    private static Arbitrary<String> vector(int depth) {
        Arbitrary<String> selector = Combinators.combine(
                        Arbitraries.of(
                                "m", "{\"a.b\",x!=\"\"}", "{__name__=~\"a|b\"}", "n{a=\"\\n\\\"\"}", "by", "sum"),
                        modifier())
                .as((name, modifier) -> name + modifier);
        if (depth == 0) {
            return selector;
        }
        Arbitrary<String> inner = vector(depth - 1);
        Arbitrary<String> scalar = scalar(2);
        Arbitrary<String> label = Arbitraries.of("a", "\"x.y\"", "on");
        return Arbitraries.oneOf(
                        selector,
                        inner.map(v -> "-(" + v + ")"),
                        inner.map(v -> "+(" + v + ")"),
                        inner.map(v -> "-" + v.replaceAll("^([-(])", "+$1")),
                        Combinators.combine(
                                        inner,
                                        inner,
                                        Arbitraries.of(
                                                "+",
                                                "-",
                                                "^",
                                                "%",
                                                "atan2",
                                                "==",
                                                "> bool",
                                                "or",
                                                "and",
                                                "</",
                                                "* fill(-1)",
                                                "< fill_right(Inf)"))
                                .as((a, b, op) -> a + " " + op + " " + b),
                        Combinators.combine(
                                        inner,
                                        inner,
                                        label,
                                        Arbitraries.of(
                                                "* on(%s)",
                                                "/ ignoring(%s)",
                                                "< on(%s) group_left(c)",
                                                "- on(%s) group_right fill_right(2) fill_left(3)"))
                                .as((a, b, l, op) -> "(" + a + ") " + String.format(op, l) + " (" + b + ")"),
                        Combinators.combine(inner, scalar, Arbitraries.of("-", "^", "<=", "*", "</", ">/"))
                                .as((a, b, op) -> "(" + a + " " + op + " " + b + ")"),
                        Combinators.combine(
                                        inner,
                                        label,
                                        Arbitraries.of(
                                                "sum by (%s)",
                                                "avg without (%s)", "quantile by (%s)", "limitk by (%s)"))
                                .as((v, l, f) ->
                                        String.format(f, l) + (f.matches("[ql].*") ? "(0.5, " : "(") + v + ")"),
                        Combinators.combine(inner, duration(2), Arbitraries.of("", "10s", "step() * 2"), modifier())
                                .as((v, range, step, m) -> "rate((" + v + ")[" + range + ":" + step + "]" + m + ")"),
                        Combinators.combine(duration(3), Arbitraries.of("", " smoothed", " anchored"), modifier())
                                .as((range, edges, m) -> "rate(m[" + range + "]" + edges + m + ")"),
                        Combinators.combine(
                                        inner, Arbitraries.of("", ", {}", ", {a=~\".*\"}", ", {\"x_info\",a!=\"\"}"))
                                .as((v, labels) -> "info(" + v + labels + ")"),
                        inner.map(v -> "sort_by_label(" + v + ", \"a\")"),
                        modifier().map(m -> "m smoothed" + m),
                        modifier().map(m -> "quantile_over_time(0.9, m[1001ms]" + m + ")"),
                        scalar.map(s -> "vector(" + s + ")"))
                .withoutEdgeCases(); // which are products of products
    }

    private static Arbitrary<String> modifier() {
        Arbitrary<String> fixed =
                Arbitraries.of("", "", "", " offset 5m", " offset -0.1", " @ 12.25", " @ end() offset 1y", " @ -3");
        return Arbitraries.oneOf(
                        fixed,
                        duration(2).map(d -> " offset (" + d + ")"),
                        duration(1).map(d -> " offset -(" + d + ") @ 7"))
                .withoutEdgeCases();
    }

    /** Durations that no one can see to be zero or less. */
    private static Arbitrary<String> duration(int depth) {
        Arbitrary<String> literal = Arbitraries.of("5m", "1m30s", "0.25", "1000", "0x1f", "step()", "RANGE()", "1_0");
        if (depth == 0) {
            return literal;
        }
        Arbitrary<String> inner = duration(depth - 1);
        return Arbitraries.oneOf(
                        literal,
                        Combinators.combine(inner, inner, Arbitraries.of("+", "-", "*", "/", "%", "^"))
                                .as((a, b, op) -> a + " " + op + " " + b),
                        Combinators.combine(inner, inner, Arbitraries.of("+", "-", "*", "/", "%", "^"))
                                .as((a, b, op) -> "(" + a + ") " + op + " -(" + b + ")"),
                        Combinators.combine(inner, inner).as((a, b) -> "-(-" + a + ") + max_of(" + b + ", -1)"),
                        inner.map(a -> "-(-(" + a + "))"))
                .withoutEdgeCases();
    }

    private static Arbitrary<String> scalar(int depth) {
        Arbitrary<String> literal = Arbitraries.oneOf(
                Arbitraries.doubles().greaterOrEqual(0).map(Literals::printNumber),
                Arbitraries.of("NaN", "Inf", "5m", "0x1f", "time()", "pi()", "start()", "range()", "min_of(1, 2)"));
        if (depth == 0) {
            return literal;
        }
        return Arbitraries.oneOf(
                literal,
                scalar(depth - 1).map(s -> "-" + s),
                Combinators.combine(scalar(depth - 1), scalar(depth - 1), Arbitraries.of("+", "-", "/", "^", "== bool"))
                        .as((a, b, op) -> "(" + a + " " + op + " " + b + ")"));
    }
}
