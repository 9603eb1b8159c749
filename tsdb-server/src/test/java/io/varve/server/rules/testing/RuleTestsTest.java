package io.varve.server.rules.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.varve.core.model.TimeSource;
import io.varve.query.QueryOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of tests, with rules beside them. */
class RuleTestsTest {

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private List<Pattern> names = List.of();
    private boolean marked;

    @BeforeEach
    void rules() throws IOException {
        Files.writeString(
                directory.resolve("rules.yml"),
                """
                groups:
                - name: second
                  rules:
                  - {record: twice, expr: once * 2}
                - name: first
                  interval: 7s
                  rules:
                  - {record: once, expr: load}
                  - alert: High
                    expr: load > 1
                    for: 2m
                    labels: {severity: page}
                    annotations: {summary: '{{ $labels.host }} of {{ $externalLabels.site }} is at {{ $value }}'}
                """);
    }

    private boolean run(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("test.yml"), text);
        RuleTests.Options options = new RuleTests.Options(names, marked, QueryOptions.defaults());
        return new RuleTests(stream(out), stream(err), options, TimeSource.system()).run(List.of(file));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String printed() {
        return err.toString(StandardCharsets.UTF_8).replace(directory.toString(), "DIR");
    }

    private static final String ALL =
            """
            rule_files: ['rul*.yml']
            evaluation_interval: 1m
            group_eval_order: [first, second]
            fuzzy_compare: true
            tests:
            - name: alerts and answers
              interval: 30s
              start_timestamp: 2026-01-05T00:00:00Z
              external_labels: {site: a}
              external_url: http://varve.example.org
              input_series:
              - {series: 'load{host="x"}', values: '0.5 0.5 2x10'}
              - {series: 'third', values: '0.1x20'}
              - series: latency
                values: '{{schema:0 sum:3 count:2 buckets:[1 1]}}+{{schema:0 sum:3 count:2 buckets:[1 1]}}x9'
              alert_rule_test:
              - {eval_time: 2m30s, alertname: High}
              - eval_time: 3m
                alertname: High
                exp_alerts:
                - exp_labels: {host: x, severity: page}
                  exp_annotations: {summary: x of a is at 2}
              promql_expr_test:
              - {expr: twice, eval_time: 1m, exp_samples: [{labels: 'twice{host="x"}', value: 4}]}
              - {expr: third + 0.2, eval_time: 1m, exp_samples: [{labels: '{}', value: 0.3}]}
              - {expr: timestamp(third), exp_samples: [{value: 1_767_571_200}]}
              - {expr: third / 0, eval_time: 1m, exp_samples: [{value: .inf}]}
              - expr: latency
                eval_time: 1m
                exp_samples: [{labels: latency, histogram: '{{schema:0 sum:9 count:6 buckets:[3 3]}}'}]
            """;

    @Test
    void allOfTheFormat() throws IOException {
        assertThat(run(ALL)).as(printed()).isTrue();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Unit Testing:  ", "\n  SUCCESS\n");
        assertThat(printed()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '~',
            value = {
                "x of a is at 2 → x of a is at 3",
                "severity: page → severity: low",
                "eval_time: 2m30s, alertname → eval_time: 4m, alertname",
                "value: 4 → value: 4.000000000000002",
                "group_eval_order: [first, second] → group_eval_order: [second, first]",
                "fuzzy_compare: true → fuzzy_compare: false",
                "start_timestamp: 2026-01-05T00:00:00Z → start_timestamp: 7",
                "value: .inf → value: -.inf",
                "'{{schema:0 sum:9 → '{{schema:0 sum:8",
                "buckets:[3 3]}} → buckets:[3 2 1]}}",
                "site: a → site: b",
                "interval: 30s → interval: 3m",
                "'rul*.yml' →",
                "expr: timestamp(third) → expr: '\"text\"'",
            })
    void whatIsNotAsExpectedIsTold(String right, String wrong) throws IOException {
        assertThat(ALL).contains(right);
        assertThat(run(ALL.replace(right, wrong == null ? "" : wrong))).isFalse();
        assertThat(printed()).startsWith("  FAILED:\n    name: alerts and answers, DIR/test.yml line 6:\n");
    }

    @Test
    void differencesAreShown() throws IOException {
        String wrong = ALL.replace("x of a is at 2", "x of \\e[31m")
                .replace("{summary: x", "{summary: \"x")
                .replace("[31m}", "[31m\"}");
        assertThat(run(wrong)).isFalse();
        assertThat(printed())
                .isEqualTo(
                        """
                          FAILED:
                            name: alerts and answers, DIR/test.yml line 6:
                            alertname: High, time: 3m,
                                exp:[
                                    0: Labels:{alertname="High", host="x", severity="page"} Annotations:{summary="x of \\u001b[31m"}
                                    ]
                                got:[
                                    0: Labels:{alertname="High", host="x", severity="page"} Annotations:{summary="x of a is at 2"}
                                    ]
                        """);
        err.reset();
        marked = true;
        assertThat(run(ALL.replace("value: 4}", "value: 5}"))).isFalse();
        assertThat(printed())
                .endsWith(
                        """
                            expr: "twice", time: 1m,
                                - twice{host="x"} 5.0
                                + twice{host="x"} 4.0
                        """);
    }

    @Test
    void testsAreChosenByName() throws IOException {
        String wrong = ALL.replace("value: 4}", "value: 5}");
        names = List.of(Pattern.compile("^answers"), Pattern.compile("other"));
        assertThat(run(wrong)).isTrue();
        names = List.of(Pattern.compile("nothing"), Pattern.compile("and answers$"));
        assertThat(run(wrong)).isFalse();
    }

    @Test
    void aRuleThatFailsEndsItsTest() throws IOException {
        Files.writeString(
                directory.resolve("rules.yml"),
                "groups: [{name: g, rules: [{record: r, expr: 'label_replace(load, \"host\", \"\", \"\", \"\")'}]}]");
        assertThat(
                        run(
                                """
                        rule_files: [rules.yml]
                        tests:
                        - input_series: [{series: 'load{host="a"}', values: '_ 1x3'}, {series: 'load{host="b"}', values: '1x3'}]
                          promql_expr_test: [{expr: load, eval_time: 9m}]
                        """))
                .isFalse();
        assertThat(printed()).contains("rule: r, time: 1m, err: ").doesNotContain("9m");
    }

    @Test
    void filesThatFitNoNameAreToldAndMissingOnesRefused() throws IOException {
        assertThat(run("rule_files: ['no*.yml']")).isTrue();
        assertThat(printed()).isEqualTo("  WARNING: no file fits no*.yml\n");
        assertThat(run("rule_files: [no.yml]")).isFalse();
        assertThat(printed()).contains("    cannot read DIR/no.yml: no such file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '~',
            value = {
                "[] → line 1: must be keys with values",
                "test: [] → line 1: test: unknown key; did you mean \"tests\"?",
                "evaluation_interval: 5 → evaluation_interval: not a duration",
                "fuzzy_compare: maybe → fuzzy_compare: must be true or false: maybe",
                "group_eval_order: [a, a] → group_eval_order[1]: a group stands in the order twice: a",
                "tests: [{alert_rule_test: [{eval_time: 1m}]}] → tests[0].alert_rule_test[0]: alertname is missing",
                "tests: [{alert_rule_test: [{alertname: a, eval_time: x}]}] → eval_time: not a duration",
                "tests: [{promql_expr_test: [{eval_time: 1m}]}] → tests[0].promql_expr_test[0]: expr is missing",
                "tests: [{promql_expr_test: [{expr: up, exp_samples: [{value: x}]}]}] → value: not a number: x",
                "tests: [{promql_expr_test: [{expr: up, exp_samples: [{labels: 'a('}]}]}] → labels: ",
                "tests: [{promql_expr_test: [{expr: up, exp_samples: [{histogram: 5}]}]}] → histogram: a histogram"
                        + " stands",
                "tests: [{input_series: [{values: 1}]}] → input_series[0]: series is missing",
                "tests: [{input_series: [{series: up, values: z}]}] → input_series[0].values: not values",
                "tests: [{input_series: [{series: '{}', values: 1}]}] → a series has a name or a label",
                "tests: [{input_series: [{series: a, values: 1}, {series: a}]}] → stands in the test twice: a",
                "tests: [{start_timestamp: soon}] → tests[0].start_timestamp: not seconds since 1970",
                "tests: [{start_timestamp: 1e300}] → tests[0].start_timestamp: not seconds since 1970",
                "tests: [{promql_expr_test: [{expr: up, eval_time: 200y}]}] → more than 1000000 evaluations: 200y",
                "tests: [ → line 1: ",
            })
    void mistakesAreNamed(String text, String message) throws IOException {
        assertThat(run(text)).isFalse();
        assertThat(printed()).contains("DIR/test.yml").contains(message.strip());
    }

    @Test
    void endlessFilesAreRefused() throws IOException {
        assertThat(run("#".repeat(5 << 20))).isFalse();
        assertThat(printed()).contains("test.yml: larger than 4194304 bytes");
        assertThat(run("tests: [" + "{},".repeat(10_001) + "]")).isFalse();
        assertThat(printed()).contains("more than 10000 tests in one file");
    }
}
