package io.varve.server.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.server.config.ConfigException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rule files as Prometheus has them, and mistakes in them. */
class RuleFileTest {

    @Test
    void allKeysOfAGroup() {
        List<RuleGroup> groups = RuleBench.parse(
                "groups:",
                "- name: first",
                "  interval: 1m30s",
                "  query_offset: 5s",
                "  limit: 7",
                "  labels: {team: db, severity: low}",
                "  rules:",
                "  - record: job:load:sum",
                "    expr: sum  by(job)(load)",
                "    labels: {severity: none}",
                "  - alert: High",
                "    expr: |",
                "      load > 1",
                "    for: 5m",
                "    keep_firing_for: 10m",
                "    labels: {severity: page}",
                "    annotations: {summary: '{{ $value }}'}",
                "- name: second",
                "  rules: []");
        assertThat(groups)
                .containsExactly(
                        new RuleGroup(
                                "rules.yml",
                                "first",
                                Duration.ofSeconds(90),
                                Duration.ofSeconds(5),
                                7,
                                List.of(
                                        new Rule.Recording(
                                                "job:load:sum",
                                                "sum by (job) (load)",
                                                Map.of("team", "db", "severity", "none")),
                                        new Rule.Alerting(
                                                "High",
                                                "load > 1",
                                                Duration.ofMinutes(5),
                                                Duration.ofMinutes(10),
                                                Map.of("team", "db", "severity", "page"),
                                                Map.of("summary", "{{ $value }}")))),
                        new RuleGroup("rules.yml", "second", Duration.ofSeconds(10), Duration.ZERO, 0, List.of()));
        assertThat(RuleBench.parse("")).isEmpty();
        assertThat(RuleBench.parse("groups:")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '~',
            value = {
                "[] → rules.yml: line 1: must be keys with values",
                "groups: 5 → line 1: groups: must be a list",
                "group: [] → line 1: group: unknown key; did you mean \"groups\"?",
                "groups: [{rules: []}] → groups[0]: name is missing",
                "groups: [{name: a}, {name: a}] → groups[1]: a group of this name stands in the file twice: \"a\"",
                "groups: [{name: a, intervall: 5s}] → groups[0].intervall: unknown key; did you mean \"interval\"?",
                "groups: [{name: a, interval: 5}] → groups[0].interval: not a duration",
                "groups: [{name: a, limit: -1}] → groups[0].limit: must not be negative: -1",
                "groups: [{name: a, limit: x}] → groups[0].limit: not a whole number: x",
                "groups: [{name: a, rules: [{expr: up}]}] → groups[0].rules[0]: has neither record nor alert",
                "groups: [{name: a, rules: [{record: a, alert: b, expr: up}]}] → has both record and alert",
                "groups: [{name: a, rules: [{record: a}]}] → groups[0].rules[0]: expr is missing",
                "groups: [{name: a, rules: [{record: a, expr: 'sum('}]}] → groups[0].rules[0].expr: cannot parse:",
                "groups: [{name: a, rules: [{record: a, expr: up, for: 5m}]}] → rules[0].for: unknown key",
                "groups: [{name: a, rules: [{record: a, expr: up}, {record: a, expr: up}]}] → stands in"
                        + " the group twice: a",
                "groups: [{name: a, rules: [{record: a, expr: up, labels: {__name__: b}}]}] → not a"
                        + " label that a rule may set",
                "groups: [{name: a, rules: [{alert: a, expr: up, annotations: {x: '{{ $a }}'}}]}] →"
                        + " annotations.x: template: __alert_a:1:4: undefined variable: $a",
                "groups: [{name: a, name: b}] → written twice",
                "groups: [ → line 1: ",
                "a: &a [*a] → line 1: a: unknown key",
            })
    void mistakesAreNamed(String text, String message) {
        assertThatThrownBy(() -> RuleBench.parse(text.strip()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message.strip());
    }

    @Test
    void bombsAreRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 100; i++) {
            bomb.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n");
        }
        assertThatThrownBy(() -> RuleBench.parse(bomb.toString())).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> RuleBench.parse("groups: " + "[".repeat(10_000)))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> RuleBench.parse("x".repeat(5 << 20)))
                .hasMessageContaining("longer than 4194304 characters");
    }
}
