package io.varve.query.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.StartTime;
import io.varve.query.QueryEngine;
import io.varve.query.QueryException;
import io.varve.query.QueryLimits;
import io.varve.query.QueryOptions;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import io.varve.query.QueryWatch;
import io.varve.query.histogram.HistogramNotation;
import io.varve.query.histogram.HistogramText;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Parser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs one script. Its lines:
 *
 * <pre>
 * clear                                          forget all samples
 * experimental, stable                           turns the experimental parts of the language on, and off again
 * names last, names at once                      when metric names fall away that do
 * load STEP                                      then, indented: SERIES VALUE…, one value a step from time 0
 * starts                                         then, indented: SERIES START@SAMPLE…, when it began to count
 * eval instant at TIME EXPR                      then, indented, what is expected
 * eval_ordered instant at TIME EXPR              the same, in this order
 * eval range from TIME to TIME step STEP EXPR    then, indented: SERIES VALUE…, one value a step
 * eval_fail instant at TIME EXPR                 then, indented, a part of the message
 * </pre>
 *
 * Values: a number, {@code _} for none, {@code stale}, and {@code a+bxn} for a, a+b, … (n+1 values) or {@code axn}; or a
 * native histogram in the words of {@link HistogramNotation}, {@code {{…}}xn} for n+1 times the same, and {@code
 * stale_histogram}.
 * Expectations: {@code SERIES VALUE}, a lone number for a scalar, {@code expect warn TEXT}, {@code expect info TEXT}.
 */
final class Script {

    private final List<String> lines;
    private final String name;
    private final Resolution resolution;
    private final int pageFactor;
    private FakeStore store;
    private QueryOptions options = QueryOptions.defaults();
    private final List<String> failures = new ArrayList<>();
    private int at;
    private int checks;

    Script(String name, List<String> lines, Resolution resolution, int pageFactor) {
        this.name = name;
        this.lines = lines;
        this.resolution = resolution;
        this.pageFactor = pageFactor;
        this.store = new FakeStore(resolution, pageFactor);
    }

    /** Runs all of it and returns how many evaluations were checked. */
    int run() {
        while (at < lines.size()) {
            String line = lines.get(at).strip();
            int number = at + 1;
            at++;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            List<String> body = body();
            try {
                command(line, body);
            } catch (AssertionError | RuntimeException e) {
                failures.add(name + ":" + number + ": " + line + "\n  " + e.getMessage());
            }
        }
        if (!failures.isEmpty()) {
            fail(String.join("\n", failures));
        }
        assertThat(store.openQueriers()).as("queriers left open").isZero();
        return checks;
    }

    private List<String> body() {
        List<String> body = new ArrayList<>();
        while (at < lines.size() && lines.get(at).startsWith(" ")) {
            String line = lines.get(at++).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                body.add(line);
            }
        }
        return body;
    }

    private void command(String line, List<String> body) {
        if (line.equals("clear")) {
            store = new FakeStore(resolution, pageFactor);
        } else if (line.equals("experimental") || line.equals("stable")) {
            options = options.experimental(line.equals("experimental"));
        } else if (line.equals("names last") || line.equals("names at once")) {
            options = options.delayedNameRemoval(line.equals("names last"));
        } else if (line.startsWith("load ")) {
            long step = ticks(line.substring(5));
            body.forEach(series -> load(step, series));
        } else if (line.equals("starts")) {
            body.forEach(this::starts);
        } else if (line.startsWith("eval")) {
            checks++;
            eval(line, body);
        } else {
            fail("unknown command");
        }
    }

    private void load(long step, String line) {
        Labels labels = labels(seriesPart(line));
        List<@Nullable Value> values = values(line.substring(seriesPart(line).length()));
        for (int i = 0; i < values.size(); i++) {
            Value value = values.get(i);
            if (value != null && value.histogram() != null) {
                boolean stale = value.histogram().equals("stale");
                store.add(
                        labels,
                        i * step,
                        stale ? Histogram.stale(false) : HistogramNotation.narrowest(value.histogram()));
            } else if (value != null) {
                store.add(labels, i * step, value.number());
            }
        }
    }

    private void starts(String line) {
        Labels labels = labels(seriesPart(line));
        for (String item : line.substring(seriesPart(line).length()).strip().split(" ")) {
            int at = item.indexOf('@');
            store.start(labels, new StartTime(ticks(item.substring(0, at)), ticks(item.substring(at + 1))));
        }
    }

    /** A value as a script has it: a number, or the text of a histogram. */
    private record Value(double number, @Nullable String histogram) {}

    private void eval(String line, List<String> body) {
        String[] words = line.split(" ", line.startsWith("eval range") || line.contains(" range from ") ? 9 : 5);
        boolean range = words[1].equals("range");
        String expression = words[words.length - 1];
        QueryRequest request = range
                ? QueryRequest.range(expression, ticks(words[3]), ticks(words[5]), ticks(words[7]))
                : QueryRequest.instant(expression, ticks(words[3]));
        if (words[0].equals("eval_fail")) {
            expectFailure(request, body);
            return;
        }
        QueryResult result = engine().query(request);
        List<String> expected = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        List<String> infos = new ArrayList<>();
        for (String item : body) {
            if (item.startsWith("expect warn ")) {
                warnings.add(item.substring(12));
            } else if (item.startsWith("expect info ")) {
                infos.add(item.substring(12));
            } else {
                expected.add(item);
            }
        }
        annotations(result.warnings(), warnings, "warnings");
        annotations(result.infos(), infos, "infos");
        if (range) {
            expectMatrix((QueryResult.Matrix) result.value(), expected, request);
        } else {
            expectInstant(result.value(), expected, words[0].equals("eval_ordered"));
        }
    }

    private QueryEngine engine() {
        return QueryEngine.over(store, QueryLimits.defaults(), options, QueryWatch.NONE);
    }

    private void expectFailure(QueryRequest request, List<String> body) {
        try {
            QueryResult result = engine().query(request);
            fail("expected a failure, got " + result.value());
        } catch (QueryException e) {
            body.forEach(text -> assertThat(e.getMessage()).contains(text));
        }
    }

    private static void annotations(List<String> actual, List<String> parts, String what) {
        assertThat(actual).as(what).hasSameSizeAs(parts);
        for (int i = 0; i < parts.size(); i++) {
            assertThat(actual.get(i)).contains(parts.get(i));
        }
    }

    private static void expectInstant(QueryResult.Value value, List<String> expected, boolean ordered) {
        if (value instanceof QueryResult.Scalar scalar) {
            assertThat(expected).hasSize(1);
            same(scalar.value(), number(expected.get(0)), "scalar");
            return;
        } else if (value instanceof QueryResult.Text text) {
            assertThat(expected).containsExactly(text.value());
            return;
        } else if (value instanceof QueryResult.Matrix matrix) {
            List<String> shown = new ArrayList<>();
            for (QueryResult.Series series : matrix.series()) {
                StringBuilder line = new StringBuilder(series.labels().toString());
                for (int i = 0; i < series.times().length; i++) {
                    Histogram histogram = series.histograms() == null ? null : series.histograms()[i];
                    Object shownValue = histogram == null ? series.values()[i] : HistogramText.of(histogram);
                    line.append(" ").append(shownValue).append("@").append(series.times()[i]);
                }
                shown.add(line.toString());
            }
            assertThat(shown).containsExactlyElementsOf(expected);
            return;
        }
        List<QueryResult.Sample> samples = ((QueryResult.Vector) value).samples();
        Map<Labels, QueryResult.Sample> actual = new HashMap<>();
        samples.forEach(s -> assertThat(actual.put(s.labels(), s)).isNull());
        List<Labels> order = new ArrayList<>();
        for (String line : expected) {
            String series = seriesPart(line);
            Labels labels = labels(series);
            order.add(labels);
            QueryResult.Sample sample = actual.get(labels);
            if (sample == null) {
                throw new AssertionError("no series " + labels + " in " + samples);
            }
            same(
                    sample.value(),
                    sample.histogram(),
                    values(line.substring(series.length())).get(0),
                    line);
        }
        assertThat(actual).as("series: " + samples).hasSize(expected.size());
        if (ordered) {
            assertThat(samples.stream().map(QueryResult.Sample::labels)).containsExactlyElementsOf(order);
        }
    }

    private static void expectMatrix(QueryResult.Matrix matrix, List<String> expected, QueryRequest request) {
        assertThat(matrix.series()).as(() -> "series: " + matrix).hasSize(expected.size());
        for (String line : expected) {
            String series = seriesPart(line);
            Labels labels = labels(series);
            QueryResult.Series actual = matrix.series().stream()
                    .filter(s -> s.labels().equals(labels))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no series " + labels + " in " + matrix));
            List<@Nullable Value> values = values(line.substring(series.length()));
            int next = 0;
            for (int i = 0; i < values.size(); i++) {
                long time = request.start() + i * request.step();
                boolean there = next < actual.times().length && actual.times()[next] == time;
                Value value = values.get(i);
                assertThat(there).as(line + ": has a value at step " + i).isEqualTo(value != null);
                if (value != null) {
                    Histogram histogram = actual.histograms() == null ? null : actual.histograms()[next];
                    same(actual.values()[next++], histogram, value, line + ": step " + i);
                }
            }
            assertThat(next).as(line + ": values").isEqualTo(actual.times().length);
        }
    }

    private static void same(double actual, @Nullable Histogram histogram, @Nullable Value expected, String where) {
        if (expected == null || (expected.histogram() == null) != (histogram == null)) {
            throw new AssertionError(where + ": got " + (histogram == null ? actual : histogram));
        }
        if (histogram == null) {
            same(actual, expected.number(), where);
        } else {
            String difference = HistogramDifference.of(histogram, String.valueOf(expected.histogram()));
            assertThat(difference).as(where).isEmpty();
        }
    }

    /** Equal by bits, or as near as a decimal text of sixteen digits can say. */
    private static void same(double actual, double expected, String where) {
        boolean near = Math.abs(actual - expected) <= 1e-14 * Math.abs(expected);
        boolean equal = Double.compare(actual, expected) == 0 || near;
        assertThat(equal)
                .as(where + ": expected " + expected + ", got " + actual)
                .isTrue();
    }

    private static String seriesPart(String line) {
        boolean quoted = false;
        int depth = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            quoted ^= c == '"';
            depth += quoted ? 0 : c == '{' ? 1 : c == '}' ? -1 : 0;
            if (c == ' ' && !quoted && depth == 0) {
                return line.substring(0, i);
            }
        }
        return line;
    }

    private static Labels labels(String series) {
        if (series.equals("{}")) {
            return Labels.EMPTY;
        }
        List<String> pairs = new ArrayList<>();
        for (Matcher matcher : ((Expr.Selector) Parser.parse(series)).matchers()) {
            pairs.add(matcher.name());
            pairs.add(matcher.value());
        }
        return Labels.of(pairs.toArray(new String[0]));
    }

    private static List<@Nullable Value> values(String text) {
        List<@Nullable Value> values = new ArrayList<>();
        for (String item : items(text.strip())) {
            int times = item.lastIndexOf('x');
            if (item.equals("_")) {
                values.add(null);
            } else if (item.equals("stale")) {
                values.add(new Value(StaleMarker.VALUE, null));
            } else if (item.equals("stale_histogram")) {
                values.add(new Value(0, "stale"));
            } else if (HistogramNotation.is(item)) {
                int end = item.lastIndexOf("}}") + 2;
                int more = end == item.length() ? 0 : Integer.parseInt(item.substring(end + 1));
                for (int i = 0; i <= more; i++) {
                    values.add(new Value(0, item.substring(0, end)));
                }
            } else if (times < 0) {
                values.add(new Value(number(item), null));
            } else {
                int count = Integer.parseInt(item.substring(times + 1));
                String run = item.substring(0, times);
                int sign = Math.max(run.lastIndexOf('+'), run.lastIndexOf('-'));
                String first = sign > 0 ? run.substring(0, sign) : run;
                double step = sign > 0 ? Double.parseDouble(run.substring(sign)) : 0;
                for (int i = 0; i <= count; i++) {
                    values.add(first.equals("_") ? null : new Value(number(first) + i * step, null));
                }
            }
        }
        return values;
    }

    /** Words between spaces, those of histograms whole. */
    private static List<String> items(String text) {
        List<String> items = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int from = text.startsWith("{{", at) ? text.indexOf("}}", at) : at;
            int end = text.indexOf(' ', from);
            end = end < 0 ? text.length() : end;
            items.add(text.substring(at, end));
            for (at = end; at < text.length() && text.charAt(at) == ' '; ) {
                at++;
            }
        }
        return items;
    }

    static double number(String text) {
        return switch (text) {
            case "Inf", "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private long ticks(String text) {
        Expr.NumberLiteral seconds = (Expr.NumberLiteral) Parser.parse(text);
        return Math.round(seconds.value() * resolution.ticksPerSecond());
    }
}
