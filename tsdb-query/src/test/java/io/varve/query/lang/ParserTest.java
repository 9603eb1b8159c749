package io.varve.query.lang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.varve.query.QueryException;
import org.junit.jupiter.api.Test;

class ParserTest {

    private static QueryException error(String text) {
        return catchThrowableOfType(QueryException.class, () -> Parser.parse(text));
    }

    private static void prints(String text, String canonical) {
        Expr parsed = Parser.parse(text);
        assertThat(Printer.print(parsed)).isEqualTo(canonical);
        assertThat(Parser.parse(canonical)).isEqualTo(parsed);
    }

    @Test
    void errorsShowTheirPlace() {
        QueryException error = error("sum(\n  rate(m))");
        assertThat(error.kind()).isEqualTo(QueryException.Kind.BAD_DATA);
        assertThat(error.position()).isEqualTo(12);
        assertThat(error)
                .hasMessage("2:8: parse error: expected type range vector in call to function \"rate\", got instant"
                        + " vector\n    rate(m))\n         ^");
    }

    @Test
    void columnsCountCodePoints() {
        assertThat(error("{\"\uD83D\uDE00\"} $")).hasMessageStartingWith("1:7: parse error: unexpected character: '$'");
        assertThat(error("m \uD83D\uDE00")).hasMessageContaining("unexpected character: '\uD83D\uDE00'");
    }

    @Test
    void longLinesAreCutAroundTheCaret() {
        String text = "a + ".repeat(100) + "$" + " + b".repeat(100);
        String message = String.valueOf(error(text).getMessage());
        String[] lines = message.split("\n");
        assertThat(lines).hasSize(3);
        assertThat(lines[1].length()).isLessThan(130);
        assertThat(lines[1].charAt(lines[2].indexOf('^'))).isEqualTo('$');
    }

    @Test
    void emptyInputHasAMessageOfItsOwn() {
        for (String text : new String[] {"", "  ", "# nothing"}) {
            assertThat(error(text)).hasMessageContaining("no expression found in input");
        }
    }

    @Test
    void precedence() {
        prints("1+2*3", "1 + 2 * 3");
        prints("(1+2)*3", "(1 + 2) * 3");
        prints("2^3^2", "2 ^ 3 ^ 2");
        prints("(2^3)^2", "(2 ^ 3) ^ 2");
        prints("1-(2-3)", "1 - (2 - 3)");
        prints("-1^2", "-1 ^ 2");
        prints("(-1)^2", "(-1) ^ 2");
        prints("-(a+b)", "-(a + b)");
        prints("a or b and c unless d", "a or b and c unless d");
        prints("(a or b) and c", "(a or b) and c");
        prints("a == b + 1", "a == b + 1");
        prints("a % b atan2 c", "a % b atan2 c");
        prints("2 ^ -a", "2 ^ (-a)");
    }

    @Test
    void selectors() {
        prints("m{ }", "m");
        prints("{__name__=\"m\"}", "m");
        prints("m{a='x', \"b.c\"!~`y\\d`,}", "m{a=\"x\",\"b.c\"!~\"y\\\\d\"}");
        prints("{\"my.metric\", a=\"b\"}", "{__name__=\"my.metric\",a=\"b\"}");
        prints("{a=\"b\", \"my.metric\"}", "{__name__=\"my.metric\",a=\"b\"}");
        prints("{__name__=\"sum\"}", "{__name__=\"sum\"}");
        prints("sum", "{__name__=\"sum\"}");
        prints("m offset -5m @ end()", "m @ end() offset -5m");
        prints("m[90s] offset 1w @ 1.5", "m[1m30s] @ 1.500000000 offset 1w");
        prints("m[300]", "m[5m]");
        prints("m[1001ms]", "m[1s1ms]");
        prints("m[1.5]", "m[1s500ms]");
        prints("m[5m:]", "m[5m:]");
        prints("rate(m[5m])[1h:30s] offset 1d", "rate(m[5m])[1h:30s] offset 1d");
        prints("(a + b)[1h:30s]", "(a + b)[1h:30s]");
        prints(":rule:x{a=\"\"}", ":rule:x{a=\"\"}");
    }

    @Test
    void durationsAreComputed() {
        prints("m[5m*2]", "m[5m * 2]");
        prints("m[(5+2)*1m]", "m[(5 + 2) * 1m]");
        prints("m[2^3^2]", "m[2 ^ 3 ^ 2]");
        prints("m[(2^3)^2]", "m[(2 ^ 3) ^ 2]");
        prints("m[-2^2+1h]", "m[-2 ^ 2 + 1h]");
        prints("m[1h*-(2^2)+5h]", "m[1h * (-2 ^ 2) + 5h]");
        prints("m[(-2)^2]", "m[(-2) ^ 2]");
        prints("m[1h - (2m - 1m)]", "m[1h - (2m - 1m)]");
        prints("m[1h - -2m]", "m[1h - -2m]");
        prints("m[1h % step()]", "m[1h % step()]");
        prints("m[-(step())+1d]", "m[-step() + 1d]");
        prints("m[MIN_OF(Step(), 5s)]", "m[min_of(step(), 5s)]");
        prints("a[range():step()/2]", "a[range():step() / 2]");
        prints("m offset (5)", "m offset 5s");
        prints("m offset -(5)", "m offset -5s");
        prints("m offset step()", "m offset step()");
        prints("m offset -step()", "m offset (-step())");
        prints("m offset (1h+0.5)", "m offset (1h + 0.5)");
        prints("m offset 10 + 2", "m offset 10s + 2");
        prints("m offset -2 ^ 2", "m offset -2s ^ 2");
        prints("m offset max_of(1, 2) @ 5", "m @ 5.000000000 offset max_of(1, 2)");
        prints("m offset 0", "m");
        assertThat(error("m[5m *]")).hasMessageContaining("1:7: parse error: unexpected \"]\", expected number");
        assertThat(error("m offset (5m")).hasMessageContaining("expected \")\" to close the parenthesis");
        assertThat(error("m offset 5m offset (5m+1)")).hasMessageContaining("offset may not be set multiple times");
    }

    @Test
    void experimentalPartsHaveToBeSwitchedOn() {
        String[][] cases = {
            {"a+fill(0)b", "a + fill (0) b"},
            {"a + FILL_LEFT(-1) b", "a + fill_left (-1) b"},
            {
                "a + on(x) group_left fill_right(1) fill_left(NaN) b",
                "a + on (x) group_left () fill_left (NaN) fill_right (1) b"
            },
            {"a == fill_right(-Inf) fill_left(-Inf) b", "a == fill (-Inf) b"},
            {"increase(m[5m] offset 1m ANCHORED)", "increase(m[5m] anchored offset 1m)"},
            {"m smoothed @ 5 offset 1m", "m smoothed @ 5.000000000 offset 1m"},
            {"limitk by(a)(2, m)", "limitk by (a) (2, m)"},
            {"limit_ratio(-0.5, m)", "limit_ratio(-0.5, m)"},
            {"info(m)", "info(m)"},
            {"info(m,{})", "info(m, {})"},
            {"info(m, {\"x_info\", a=~\".*\"})", "info(m, {__name__=\"x_info\",a=~\".*\"})"},
            {"sort_by_label(m)", "sort_by_label(m)"},
            {"start() + end() + step() + range()", "start() + end() + step() + range()"},
            {"min_of(1, max_of(2, 3))", "min_of(1, max_of(2, 3))"}
        };
        for (String[] example : cases) {
            Expr parsed = Parser.parse(example[0], Dialect.EXPERIMENTAL);
            assertThat(Printer.print(parsed)).isEqualTo(example[1]);
            assertThat(Parser.parse(example[1], Dialect.EXPERIMENTAL)).isEqualTo(parsed);
            assertThat(error(example[0]))
                    .as(example[0])
                    .hasMessageContaining("is experimental and switched off; --query.experimental turns it on");
        }
        prints("fill + smoothed", "{__name__=\"fill\"} + {__name__=\"smoothed\"}");
        prints("anchored[5m]", "{__name__=\"anchored\"}[5m]");
        prints("range / step", "range / step");
        prints("sum by (fill, anchored) (m)", "sum by (fill, anchored) (m)");
    }

    @Test
    void infoSelectsLabelsAndNoSeries() {
        Expr parsed = Parser.parse("info(m, {a=~\".*\"}) + n", Dialect.EXPERIMENTAL);
        assertThat(Selectors.of(parsed)).hasSize(2);
    }

    @Test
    void aggregationsCallsAndMatching() {
        prints("sum(m) by (a, b)", "sum by (a, b) (m)");
        prints("SUM without () (m)", "sum without () (m)");
        prints("topk by (\"x.y\") (5, m)", "topk by (\"x.y\") (5, m)");
        prints("a + ON(x) GROUP_LEFT(y) b", "a + on (x) group_left (y) b");
        prints("a > BOOL ignoring(x) group_right b", "a > bool ignoring (x) group_right () b");
        prints("label_join(m, \"a\", \"-\")", "label_join(m, \"a\", \"-\")");
        prints("count_values(\"v\", m)", "count_values(\"v\", m)");
        prints("inf + NaN + Inf", "Inf + NaN + Inf");
    }

    @Test
    void stringsTakeGoEscapes() {
        assertThat(Parser.parse("\"\\x41\\u00e9\\U0001F600\\101\\n\\\"\""))
                .isEqualTo(new Expr.StringLiteral(new Position(0), "A\u00e9\uD83D\uDE00A\n\""));
        assertThat(Parser.parse("`a\\n\nb`")).isEqualTo(new Expr.StringLiteral(new Position(0), "a\\n\nb"));
        assertThat(Parser.parse("'\\xc3\\xa9'")).isEqualTo(new Expr.StringLiteral(new Position(0), "\u00e9"));
        for (String bad :
                new String[] {"\"\\xff\"", "\"\\q\"", "\"\\u12\"", "\"\\ud800\"", "\"\\400\"", "\"\\", "\"\\x"}) {
            assertThat(error(bad)).as(bad).isNotNull();
        }
    }

    @Test
    void numbersAndDurations() {
        Object[][] cases = {
            {"5m", 300.0},
            {"1ms", 0.001},
            {"1y1w1d1h1m1s1ms", 32230861.001},
            {"0x1F", 31.0},
            {"1e3", 1000.0},
            {".5", 0.5},
            {"5.", 5.0},
            {"1_000", 1000.0},
            {"1.5e-3", 0.0015}
        };
        for (Object[] example : cases) {
            assertThat(Parser.parse((String) example[0]))
                    .isEqualTo(new Expr.NumberLiteral(new Position(0), (double) example[1]));
        }
        for (String bad :
                new String[] {"1m1h", "5m5m", "1__0", "1_", "0x", "1e", "1.2.3", "5q", "300y", "99999999999999999999s"
                }) {
            assertThat(error(bad)).as(bad).isNotNull();
        }
        assertThat(error("m[1e400]")).hasMessageContaining("duration out of range");
        assertThat(error("m[1e-400]")).hasMessageContaining("range must be greater than 0");
    }

    @Test
    void hostileExpressionsAreRefusedOnASmallStack() throws InterruptedException {
        String[] hostile = {
            "(".repeat(200_000),
            "(".repeat(Parser.MAX_DEPTH + 1) + "1" + ")".repeat(Parser.MAX_DEPTH + 1),
            "-".repeat(200_000) + "1",
            "1" + "+1".repeat(Parser.MAX_DEPTH + 1),
            "1" + "^1".repeat(Parser.MAX_DEPTH + 1),
            "sum(".repeat(200_000),
            "m" + "[5m:1m]".repeat(Parser.MAX_DEPTH + 1),
            "{".repeat(1000),
            "9".repeat(1 << 20),
            "m{a=~\"" + "(".repeat(100_000) + "\"}",
            "(".repeat(10_000) + "1" + ")".repeat(10_000),
            "m[" + "(".repeat(200_000),
            "m[" + "-".repeat(200_000) + "1]",
            "m[1" + "+1".repeat(200_000) + "]",
            "m[1" + "^1".repeat(200_000) + "]",
            "m[" + "min_of(".repeat(100_000),
            "m offset " + "(".repeat(200_000),
            "m + " + "fill(0) ".repeat(100_000),
            "m " + "smoothed ".repeat(100_000),
            "m + m ".repeat((1 << 20) / 6),
            "x".repeat(Parser.MAX_LENGTH + 1),
        };
        QueryException[] errors = new QueryException[hostile.length];
        Thread thread = new Thread(
                null,
                () -> {
                    for (int i = 0; i < hostile.length; i++) {
                        errors[i] = error(hostile[i]);
                    }
                },
                "small stack",
                512 << 10);
        thread.start();
        thread.join();
        for (QueryException e : errors) {
            assertThat(e).isNotNull();
            assertThat(e.kind()).isEqualTo(QueryException.Kind.BAD_DATA);
            assertThat(String.valueOf(e.getMessage()).length()).isLessThan(500_000);
        }
    }

    @Test
    void deepButLegalExpressionsParse() {
        int deep = Parser.MAX_DEPTH - 1;
        String sum = "1" + "+1".repeat(deep - 1);
        String printed =
                Printer.print(Parser.parse(sum)); // as text: equals of records takes far more stack than parsing
        assertThat(Printer.print(Parser.parse(printed))).isEqualTo(printed);
        assertThat(Parser.parse("(".repeat(deep) + "m" + ")".repeat(deep))).isEqualTo(Parser.parse("m"));
    }
}
