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

    @Property(tries = 1000)
    void printedTreesParseToEqualTrees(@ForAll("vectors") String text) {
        Expr parsed = Parser.parse(text);
        String printed = Printer.print(parsed);
        assertThat(Parser.parse(printed)).as(printed).isEqualTo(parsed);
        assertThat(Printer.print(Parser.parse(printed))).isEqualTo(printed);
    }

    @Property(tries = 2000)
    void anyTextParsesOrIsRefusedPolitely(@ForAll("noise") String text) {
        assertThatCode(() -> {
                    try {
                        Parser.parse(text);
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
                        "#",
                        "\\",
                        "\uD83D",
                        "\u0000",
                        "and",
                        "\n")
                .list()
                .ofMaxSize(14)
                .map(parts -> String.join(" ", parts));
    }

    @Provide
    Arbitrary<String> vectors() {
        return vector(4);
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
                inner.map(v -> "-" + v.replaceAll("^([-(])", "+$1")),
                Combinators.combine(
                                inner, inner, Arbitraries.of("+", "-", "^", "%", "atan2", "==", "> bool", "or", "and"))
                        .as((a, b, op) -> a + " " + op + " " + b),
                Combinators.combine(
                                inner,
                                inner,
                                label,
                                Arbitraries.of("* on(%s)", "/ ignoring(%s)", "< on(%s) group_left(c)"))
                        .as((a, b, l, op) -> "(" + a + ") " + String.format(op, l) + " (" + b + ")"),
                Combinators.combine(inner, scalar, Arbitraries.of("-", "^", "<=", "*"))
                        .as((a, b, op) -> "(" + a + " " + op + " " + b + ")"),
                Combinators.combine(inner, label, Arbitraries.of("sum by (%s)", "avg without (%s)", "quantile by (%s)"))
                        .as((v, l, f) -> String.format(f, l) + (f.startsWith("q") ? "(0.5, " : "(") + v + ")"),
                Combinators.combine(inner, Arbitraries.of("5m", "1m30s", "0.25"), Arbitraries.of("", "10s"), modifier())
                        .as((v, range, step, m) -> "rate((" + v + ")[" + range + ":" + step + "]" + m + ")"),
                modifier().map(m -> "quantile_over_time(0.9, m[1001ms]" + m + ")"),
                scalar.map(s -> "vector(" + s + ")"));
    }

    private static Arbitrary<String> modifier() {
        return Arbitraries.of("", "", "", " offset 5m", " offset -0.1", " @ 12.25", " @ end() offset 1y", " @ -3");
    }

    private static Arbitrary<String> scalar(int depth) {
        Arbitrary<String> literal = Arbitraries.oneOf(
                Arbitraries.doubles().greaterOrEqual(0).map(Literals::printNumber),
                Arbitraries.of("NaN", "Inf", "5m", "0x1f", "time()", "pi()"));
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
