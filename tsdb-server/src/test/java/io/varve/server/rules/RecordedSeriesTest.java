package io.varve.server.rules;

import static io.varve.server.rules.PipelineBench.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Labels;
import io.varve.server.rules.notify.Notification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts on recorded series are led back to what was measured, and so located. */
class RecordedSeriesTest {

    @TempDir
    Path directory;

    private static List<String> origins(String expression, Labels series, String... rules) {
        String[] lines = new String[rules.length + 3];
        lines[0] = "groups:";
        lines[1] = "- name: g";
        lines[2] = "  rules:";
        for (int i = 0; i < rules.length; i++) {
            lines[i + 3] = "  - " + rules[i];
        }
        return RecordedSeries.of(RuleBench.parse(lines)).origins(RecordedSeries.read(expression), series).stream()
                .map(Object::toString)
                .toList();
    }

    @Test
    void whatNoRuleRecordsIsItsOwnOriginWithTheLabelsThatItsExpressionPassesOn() {
        Labels series = Labels.of("__name__", "m", "x", "1", "y", "2");
        assertThat(origins("m{x=\"1\"}", series, "{record: r, expr: n}"))
                .containsExactly("[__name__=\"m\", x=\"1\", y=\"2\"]");
        assertThat(origins("sum by (x) (m) * on (x) group_left (y) n{x=~\"1|2\"}", series, "{record: r, expr: n}"))
                .containsExactly("[__name__=\"m\", x=\"1\"]", "[__name__=\"n\", x=~\"1|2\", x=\"1\", y=\"2\"]");
    }

    @Test
    void labelsAreCarriedThroughSeveralRulesAsFarAsTheyArePassedOn() {
        Labels series = Labels.of("stage", "c", "zone", "z", "path", "p");
        List<String> origins = origins(
                "stage_p99{team!=\"x\"} > 0.05",
                series,
                "{record: stage_p99, expr: 'label_replace(quantiles{q=\"0.99\"}, \"zone\", \"$1\", \"az\", \"(.*)\")'}",
                "{record: quantiles, labels: {q: '0.99'}, expr: 'histogram_quantile(0.99, rates)'}",
                "{record: quantiles, labels: {q: '0.5'}, expr: 'histogram_quantile(0.5, other)'}",
                "{record: rates, expr: 'sum by (stage, le, team) (rate(lat_bucket{job=\"j\"}[1m]))'}");
        assertThat(origins).containsExactly("[__name__=\"lat_bucket\", job=\"j\", team!=\"x\", stage=\"c\"]");
    }

    @Test
    void theRuleIsTheOneWhoseLabelsTheAlertHas() {
        String[] rules = {
            "{record: r, labels: {kind: a}, expr: 'max by (host) (m)'}",
            "{record: r, labels: {kind: b}, expr: 'max by (host) (n)'}",
            "{record: r, labels: {kind: ''}, expr: 'max by (host) (o)'}"
        };
        assertThat(origins("r > 1", Labels.of("kind", "b", "host", "h"), rules))
                .containsExactly("[__name__=\"n\", host=\"h\"]");
        assertThat(origins("r{kind=\"\"} > 1", Labels.of("host", "h"), rules))
                .containsExactly("[__name__=\"o\", host=\"h\"]");
        assertThat(origins("max(r)", Labels.EMPTY, rules))
                .containsExactly("[__name__=\"m\"]", "[__name__=\"n\"]", "[__name__=\"o\"]");
    }

    @Test
    void circlesEndAndWhatLeadsNowhereIsItsOwnOrigin() {
        assertThat(origins("m", Labels.EMPTY, "{record: m, expr: 'm + x'}")).containsExactly("[__name__=\"x\"]");
        assertThat(origins("a", Labels.EMPTY, "{record: a, expr: b}", "{record: b, expr: a}"))
                .containsExactly("[__name__=\"b\"]");
        assertThat(origins("a", Labels.EMPTY, "{record: a, expr: vector(1)}")).containsExactly("[__name__=\"a\"]");
        assertThat(origins("{__name__=~\"a|b\"}", Labels.EMPTY, "{record: a, expr: b}"))
                .containsExactly("[__name__=~\"a|b\"]");
    }

    @Test
    void depthAndWidthAreBounded() {
        String[] chain = new String[RecordedSeries.MAX_DEPTH + 2];
        for (int i = 0; i < chain.length; i++) {
            chain[i] = "{record: r" + i + ", expr: 'r" + (i + 1) + "'}";
        }
        assertThat(origins("r0", Labels.EMPTY, chain))
                .containsExactly("[__name__=\"r" + RecordedSeries.MAX_DEPTH + "\"]");
        String[] wide = new String[RecordedSeries.MAX_DEPTH];
        for (int i = 0; i < wide.length; i++) {
            String next = "w" + (i + 1);
            wide[i] =
                    "{record: w" + i + ", expr: '" + String.join(" + ", java.util.Collections.nCopies(20, next)) + "'}";
        }
        assertThat(origins("w0", Labels.EMPTY, wide)) // 20^8 ways
                .hasSizeBetween(1, RecordedSeries.MAX_SELECTORS);
    }

    @Test
    void anAlertOnARecordedPercentileOfStagesIsLocated() throws IOException {
        try (RuleBench bench = new RuleBench(directory)) {
            for (long second = 0; second < 60; second += 5) {
                for (String stage : List.of("read", "write")) {
                    double count = second * (stage.equals("write") ? 30.0 : 10.0);
                    String[] labels = {"__name__", "lat_bucket", "stage", stage, "le", "", "node", "n1"};
                    labels[5] = "0.01";
                    bench.put(second, second * 10.0, labels);
                    labels[5] = "0.1";
                    bench.put(second, count, labels);
                    labels[5] = "+Inf";
                    bench.put(second, count, labels);
                }
            }
            Labels write = Labels.of("__name__", "lat_bucket", "stage", "write", "le", "0.1", "node", "n1");
            Labels read = Labels.of("__name__", "lat_bucket", "stage", "read", "le", "0.01", "node", "n0");
            bench.exemplar(52, write, 0.07, "trace_id", "b");
            bench.exemplar(53, write, 0.09, "trace_id", "a");
            bench.exemplar(53, read, 5, "trace_id", "other");
            GroupState group = bench.locatingGroup(
                    "groups:",
                    "- name: g",
                    "  rules:",
                    "  - record: stage_p99",
                    "    expr: histogram_quantile(0.99, sum by (stage, le) (rate(lat_bucket[1m])))",
                    "  - {alert: Lat, expr: 'stage_p99 > 0.05'}",
                    "  - {alert: Any, expr: 'max(stage_p99) > 0.05'}");
            bench.evaluate(group, 55);
            assertThat(bench.failures).isZero();
            assertThat(bench.news).hasSize(2);
            assertThat(bench.news.get(0).annotations())
                    .containsOnly(Map.entry("stage", "write"), Map.entry("node", "n1"), Map.entry("exemplars", "a, b"));
            assertThat(bench.news.get(1).annotations())
                    .containsOnly(
                            Map.entry("stage", "write"),
                            Map.entry("node", "n1"),
                            Map.entry("exemplars", "a, b, other"));
        }
    }

    @Test
    void anAlertOnARecordedPercentileOfAPipelineNamesTheStepThatGrew() throws IOException {
        try (RuleBench bench = new RuleBench(directory)) {
            PipelineBench pipeline = new PipelineBench(bench);
            pipeline.usual(0, 300);
            pipeline.took(300, step("a", "b"), 100, 0.1);
            pipeline.took(300, step("b", "c"), 100, 0.1);
            pipeline.took(300, step("c", "d"), 9_000, 80);
            pipeline.took(300, step("a", "d"), 9_000, 90);
            pipeline.slow(299, "r1", 0.09, "c");
            GroupState group = bench.locatingGroup(
                    "groups:",
                    "- name: g",
                    "  rules:",
                    "  - record: pipeline:durations:rate10s",
                    "    expr: sum by (pipeline) (rate(varve_stage_duration_seconds[10s]))",
                    "  - record: pipeline:p90",
                    "    expr: histogram_quantile(0.9, pipeline:durations:rate10s)",
                    "  - {alert: Slow, expr: 'pipeline:p90 > 0.01'}");
            bench.evaluate(group, 300);
            assertThat(bench.news).hasSize(1);
            Notification news = bench.news.get(0);
            assertThat(news.labels()).isEqualTo(Labels.of("alertname", "Slow", "pipeline", "p", "site", "a"));
            assertThat(news.annotations())
                    .containsOnly(Map.entry("stage", "c → d"), Map.entry("node", "n-d"), Map.entry("exemplars", "r1"));
        }
    }
}
