package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.TimeSource;
import io.varve.query.QueryOptions;
import io.varve.server.rules.testing.RuleTests;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unit tests of rules end as they do with Debian's promtool: what succeeds there succeeds here, and else nothing. */
@Tag("peer")
class PromtoolIT {

    private static final String RULES =
            """
            groups:
            - name: late
              rules:
              - {record: twice, expr: once * 2}
            - name: early
              interval: 7s
              rules:
              - {record: once, expr: load, labels: {kind: recorded}}
              - {record: 'job:hits:rate', expr: 'sum by (job) (rate(hits[2m]))'}
              - alert: High
                expr: load > 1
                for: 2m
                keep_firing_for: 2m
                labels: {severity: '{{ if gt $value 5.0 }}page{{ else }}mail{{ end }}'}
                annotations:
                  summary: '{{ $labels.host }} of {{ $externalLabels.site }} at {{ $value | humanize }}'
                  link: '{{ $externalURL }}/x'
              - {alert: Gone, expr: 'absent(hits)'}
            """;
    private static final String HEAD =
            """
            rule_files: [rules.yml]
            evaluation_interval: 1m
            group_eval_order: [early, late]
            tests:
            - interval: 1m
              external_labels: {site: a}
              external_url: http://v
              input_series:
              - {series: 'load{host="x"}', values: '0.5 2x4 0.5x10'}
              - {series: 'load{host="y"}', values: '7x3 stale _x2 1+1x3'}
              - {series: 'hits{job="a",i="0"}', values: '0+60x6 0+30x6'}
              - {series: 'hits{job="a",i="1"}', values: '1e2-5x3 _ NaN Inf'}
            """;

    @TempDir
    private Path directory;

    @Test
    void verdictsAreThoseOfPromtool() throws IOException, InterruptedException {
        Path promtool = PeerProgram.require("promtool");
        Files.writeString(directory.resolve("rules.yml"), RULES);
        List<String> tests = new ArrayList<>();
        expressions(tests);
        alerts(tests);
        malformed(tests);
        int succeeded = 0;
        for (int i = 0; i < tests.size(); i++) {
            Path file = Files.writeString(directory.resolve("test" + i + ".yml"), tests.get(i));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            PrintStream printed = new PrintStream(bytes, true, StandardCharsets.UTF_8);
            boolean here = new RuleTests(
                            printed,
                            printed,
                            new RuleTests.Options(List.of(), false, QueryOptions.defaults()),
                            TimeSource.system())
                    .run(List.of(file));
            File log = directory.resolve("promtool.log").toFile();
            int code = new ProcessBuilder(promtool.toString(), "test", "rules", file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log)
                    .start()
                    .waitFor();
            assertThat(here)
                    .as(() -> tests.get(tests.indexOf(read(file))) + "\nhere: " + bytes + "\npromtool: "
                            + read(log.toPath()))
                    .isEqualTo(code == 0);
            succeeded += here ? 1 : 0;
        }
        assertThat(succeeded).isBetween(tests.size() / 8, tests.size() * 7 / 8);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Answers at several times; what is expected is right in some and wrong in others. */
    private static void expressions(List<String> tests) {
        String[][] asked = {
            {"load{host=\"x\"}", "'load{host=\"x\"}'"},
            {"load{host=\"y\"}", "'load{host=\"y\"}'"},
            {"twice{host=\"x\"}", "'twice{host=\"x\",kind=\"recorded\"}'"},
            {"once{host=\"y\"}", "'once{host=\"y\", kind=\"recorded\"}'"},
            {"hits{i=\"1\"}", "'hits{job=\"a\",i=\"1\"}'"},
            {"count_over_time(hits{i=\"1\"}[20m])", "'{job=\"a\",i=\"1\"}'"},
            {"job:hits:rate", "'job:hits:rate{job=\"a\"}'"},
            {"count(ALERTS{alertstate=\"firing\"})", "'{}'"},
            {
                "ALERTS_FOR_STATE{alertname=\"High\",host=\"x\"}",
                "'ALERTS_FOR_STATE{alertname=\"High\",host=\"x\",severity=\"mail\"}'"
            },
        };
        for (String[] pair : asked) {
            for (String time : List.of("90s", "4m", "8m")) {
                for (String value : List.of("7", "2", "95")) {
                    tests.add(HEAD + "  promql_expr_test:\n  - expr: '" + pair[0] + "'\n    eval_time: " + time
                            + "\n    exp_samples: [{labels: " + pair[1] + ", value: " + value + "}]\n");
                }
                tests.add(HEAD + "  promql_expr_test: [{expr: '" + pair[0] + "', eval_time: " + time + "}]\n");
            }
        }
    }

    private static void alerts(List<String> tests) {
        List<String> expected = List.of(
                "[]",
                "[{exp_labels: {host: x, severity: mail}, exp_annotations: {summary: x of a at 2, link:"
                        + " 'http://v/x'}}]",
                "[{exp_labels: {host: y, severity: page}, exp_annotations: {summary: y of a at 7, link:"
                        + " 'http://v/x'}}]");
        for (String time : List.of("0", "1m", "2m", "2m59s", "3m", "3m30s", "5m", "6m", "7m", "8m", "20m")) {
            for (String alerts : expected) {
                tests.add(HEAD + "  alert_rule_test: [{eval_time: " + time + ", alertname: High, exp_alerts: " + alerts
                        + "}]\n");
            }
            tests.add(HEAD + "  alert_rule_test: [{eval_time: " + time + ", alertname: Gone, exp_alerts: [{}]}]\n");
            tests.add(HEAD + "  alert_rule_test: [{eval_time: " + time + ", alertname: Nobody}]\n");
        }
    }

    private static void malformed(List<String> tests) {
        tests.add("");
        tests.add("tests: []");
        tests.add("rule_files: ['none*.yml']");
        tests.add("rule_file: [rules.yml]");
        tests.add("tests: [{input_series: [{series: up, values: '1 2 z'}]}]");
        tests.add("tests: [{input_series: [{series: 'up{', values: '1'}]}]");
        tests.add("tests: [{alert_rule_test: [{eval_time: 1m}]}]");
        tests.add("group_eval_order: [a, a]");
        tests.add("tests: [{promql_expr_test: [{expr: 'sum('}]}]");
        tests.add("tests: [{promql_expr_test: [{expr: '1', exp_samples: [{labels: '{}', value: 1}]}]}]");
        tests.add("tests: [{promql_expr_test: [{expr: 'vector(1)', eval_time: 1h, exp_samples: [{labels: '{}', value:"
                + " 1}]}]}]");
    }
}
