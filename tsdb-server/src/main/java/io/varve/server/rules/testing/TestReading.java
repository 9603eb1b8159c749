package io.varve.server.rules.testing;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.query.QueryException;
import io.varve.query.histogram.HistogramNotation;
import io.varve.server.config.YamlNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads tests from their file. Every mistake is named with its line. Stateless. */
final class TestReading {

    private static final List<String> TEST = List.of(
            "name",
            "interval",
            "input_series",
            "alert_rule_test",
            "promql_expr_test",
            "external_labels",
            "external_url",
            "start_timestamp");
    private static final double LATEST_SECONDS = 253_402_300_799.0;

    private TestReading() {}

    /** @param evaluation from one evaluation to the next */
    static RuleTest test(YamlNode node, Duration evaluation) {
        Map<String, YamlNode> keys = node.keys(TEST);
        return new RuleTest(
                text(keys, "name"),
                node.line(),
                TestFile.interval(keys.get("interval"), evaluation),
                start(keys.get("start_timestamp")),
                inputs(keys.get("input_series")),
                each(keys.get("alert_rule_test"), TestReading::alerts),
                each(keys.get("promql_expr_test"), TestReading::expression),
                texts(keys.get("external_labels")),
                text(keys, "external_url"));
    }

    private static String text(Map<String, YamlNode> keys, String key) {
        YamlNode node = keys.get(key);
        return node == null ? "" : node.text();
    }

    private static String required(YamlNode node, Map<String, YamlNode> keys, String key) {
        String text = text(keys, key);
        if (text.isEmpty()) {
            throw node.refusal(key + " is missing");
        }
        return text;
    }

    private static Map<String, String> texts(@Nullable YamlNode node) {
        return node == null ? Map.of() : Map.copyOf(node.texts());
    }

    private static <T> List<T> each(@Nullable YamlNode node, Function<YamlNode, T> reading) {
        List<T> all = new ArrayList<>();
        for (YamlNode element : node == null ? List.<YamlNode>of() : node.list()) {
            all.add(reading.apply(element));
        }
        return List.copyOf(all);
    }

    /** Seconds since 1970, or a time such as {@code 2026-01-05T00:00:00Z}. */
    private static Instant start(@Nullable YamlNode node) {
        if (node == null || node.isEmpty()) {
            return Instant.EPOCH;
        }
        String text = node.text();
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            // may be a number
        }
        try {
            double seconds = HistogramNotation.number(text);
            if (seconds >= 0 && seconds <= LATEST_SECONDS) {
                return Instant.ofEpochMilli(Math.round(seconds * 1e3));
            }
        } catch (IllegalArgumentException e) {
            // refused below, as what is out of range is
        }
        throw node.refusal("not seconds since 1970, nor a time as 2026-01-05T00:00:00Z: " + text);
    }

    private static List<RuleTest.Input> inputs(@Nullable YamlNode node) {
        Set<Labels> seen = new HashSet<>();
        return each(node, element -> {
            RuleTest.Input input = input(element);
            if (!seen.add(input.labels())) {
                throw element.refusal("the series stands in the test twice: " + input.labels());
            }
            return input;
        });
    }

    private static RuleTest.Input input(YamlNode node) {
        Map<String, YamlNode> keys = node.keys(List.of("series", "values"));
        String series = required(node, keys, "series");
        Labels labels = guarded(keys.getOrDefault("series", node), () -> SeriesNotation.labels(series));
        YamlNode values = keys.get("values");
        if (labels.size() == 0) {
            throw node.refusal("a series has a name or a label: " + series);
        }
        return new RuleTest.Input(
                labels, values == null ? List.of() : guarded(values, () -> SeriesNotation.values(values.text())));
    }

    /** A reading. */
    private interface Reading<T> {
        T read();
    }

    private static <T> T guarded(YamlNode node, Reading<T> reading) {
        try {
            return reading.read();
        } catch (IllegalArgumentException | QueryException e) {
            throw node.refusal(String.valueOf(e.getMessage()));
        }
    }

    private static RuleTest.Alerts alerts(YamlNode node) {
        Map<String, YamlNode> keys = node.keys(List.of("eval_time", "alertname", "exp_alerts"));
        return new RuleTest.Alerts(
                TestFile.duration(keys.get("eval_time"), Duration.ZERO),
                required(node, keys, "alertname"),
                each(keys.get("exp_alerts"), alert -> {
                    Map<String, YamlNode> parts = alert.keys(List.of("exp_labels", "exp_annotations"));
                    return new RuleTest.ExpectedAlert(
                            texts(parts.get("exp_labels")), texts(parts.get("exp_annotations")));
                }));
    }

    private static RuleTest.Expression expression(YamlNode node) {
        Map<String, YamlNode> keys = node.keys(List.of("expr", "eval_time", "exp_samples"));
        return new RuleTest.Expression(
                TestFile.duration(keys.get("eval_time"), Duration.ZERO),
                required(node, keys, "expr"),
                each(keys.get("exp_samples"), TestReading::sample));
    }

    private static RuleTest.ExpectedSample sample(YamlNode node) {
        Map<String, YamlNode> keys = node.keys(List.of("labels", "value", "histogram"));
        YamlNode value = keys.getOrDefault("value", node);
        Labels labels = guarded(keys.getOrDefault("labels", node), () -> SeriesNotation.labels(text(keys, "labels")));
        String number = text(keys, "value");
        String histogram = text(keys, "histogram");
        Histogram expected = histogram.isEmpty()
                ? null
                : guarded(keys.getOrDefault("histogram", node), () -> HistogramNotation.floating(histogram.strip()));
        return new RuleTest.ExpectedSample(
                labels, number.isEmpty() ? 0 : guarded(value, () -> yamlNumber(number)), expected);
    }

    /** A number as YAML writes it, {@code .inf} and {@code 1_000} among them. */
    private static double yamlNumber(String text) {
        String plain = text.replace("_", "");
        return HistogramNotation.number(plain.replaceFirst("(?i)^([+-]?)\\.(inf|nan)$", "$1$2"));
    }
}
