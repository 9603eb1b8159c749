package io.varve.server.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.server.rules.notify.Notification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of rules over a real store, at times by hand. */
class GroupStateTest {

    @TempDir
    Path directory;

    private RuleBench bench;

    @BeforeEach
    void open() throws IOException {
        bench = new RuleBench(directory);
    }

    @AfterEach
    void close() throws IOException {
        bench.close();
    }

    @Test
    void recordingRulesKeepWhatTheyFindAndEndWhatIsGone() {
        GroupState group = bench.group(
                "groups:",
                "- name: g",
                "  rules:",
                "  - record: job:load:sum",
                "    expr: sum by (job) (load)",
                "    labels: {kind: recorded}",
                "  - record: double",
                "    expr: 2 * job:load:sum");
        bench.put(0, 1, "__name__", "load", "job", "a", "host", "x");
        bench.put(0, 2, "__name__", "load", "job", "a", "host", "y");
        bench.put(0, 5, "__name__", "load", "job", "b", "host", "x");
        bench.evaluate(group, 1);
        assertThat(bench.ask("job:load:sum", 1))
                .isEqualTo("job:load:sum{job=\"a\",kind=\"recorded\"} 3.0\n"
                        + "job:load:sum{job=\"b\",kind=\"recorded\"} 5.0");
        assertThat(bench.ask("double{job=\"a\"}", 1)).endsWith(" 6.0"); // what the rule before has just kept
        bench.end(2, "__name__", "load", "job", "b", "host", "x");
        bench.evaluate(group, 11);
        assertThat(bench.ask("job:load:sum", 11)).contains("job=\"a\"").doesNotContain("job=\"b\"");
        assertThat(bench.ask("double", 11)).contains("job=\"a\"").doesNotContain("job=\"b\"");
        assertThat(bench.failures).isZero();
        assertThat(group.rules().get(0).outcome().error()).isNull();
        assertThat(group.evaluatedAt()).isEqualTo(RuleBench.at(11));
    }

    @Test
    void faultsOfOneRuleAreItsOwn() {
        GroupState group = bench.group(
                "groups:",
                "- name: g",
                "  limit: 1",
                "  rules:",
                "  - {record: same, expr: 'label_replace(load, \"host\", \"\", \"\", \"\")', labels: {host: ''}}",
                "  - {record: many, expr: load}",
                "  - {record: text, expr: '\"a\"'}",
                "  - {record: scalar, expr: '42'}");
        bench.put(0, 1, "__name__", "load", "host", "x");
        bench.put(0, 2, "__name__", "load", "host", "y");
        bench.evaluate(group, 1);
        assertThat(bench.failures).isEqualTo(3);
        assertThat(group.rules().get(0).outcome().error()).contains("same labelset");
        assertThat(group.rules().get(1).outcome().error()).isEqualTo("exceeded limit of 1 with 2 series");
        assertThat(group.rules().get(2).outcome().error()).contains("not a vector or scalar");
        assertThat(bench.ask("scalar", 1)).isEqualTo("scalar 42.0");
        GroupState twice =
                bench.group("groups:", "- name: g", "  rules:", "  - {record: same, expr: load, labels: {host: ''}}");
        bench.evaluate(twice, 2);
        assertThat(twice.rules().get(0).outcome().error())
                .isEqualTo("vector contains metrics with the same labelset after applying rule labels: " + "same");
    }

    @Test
    void aRuleThatReadsWhatItWritesGoesOnByOneStepATime() {
        GroupState group =
                bench.group("groups:", "- name: g", "  rules:", "  - {record: n, expr: '(n + 1) or vector(0)'}");
        for (int i = 0; i < 5; i++) {
            bench.evaluate(group, 10L * i + 1);
        }
        assertThat(bench.ask("n", 41)).isEqualTo("n 4.0");
    }

    private static final String[] ALERT = {
        "groups:",
        "- name: g",
        "  rules:",
        "  - alert: High",
        "    expr: load > 1",
        "    for: 20s",
        "    keep_firing_for: 15s",
        "    labels: {severity: 'page-{{ $labels.host }}'}",
        "    annotations: {summary: '{{ $labels.host }} has {{ $value }}, {{ .Nothing }}'}"
    };

    @Test
    void alertsWaitFireGoOnAndEnd() {
        GroupState group = bench.group(ALERT);
        bench.put(0, 3, "__name__", "load", "host", "x");
        bench.put(0, 1, "__name__", "load", "host", "y");
        bench.evaluate(group, 1);
        String labels = "ALERTS{alertname=\"High\",alertstate=\"pending\",host=\"x\",severity=\"page-x\"} 1.0";
        assertThat(bench.ask("ALERTS", 1)).isEqualTo(labels);
        assertThat(bench.ask("ALERTS_FOR_STATE - " + RuleBench.at(1).getEpochSecond(), 1))
                .endsWith(" 0.0");
        bench.evaluate(group, 11);
        assertThat(bench.news).isEmpty();
        bench.evaluate(group, 21);
        assertThat(bench.ask("ALERTS", 21)).isEqualTo(labels.replace("pending", "firing"));
        Notification told = bench.news.get(0);
        assertThat(told.labels().toString())
                .isEqualTo("{alertname=\"High\",host=\"x\",severity=\"page-x\",site=\"a\"}");
        assertThat(told.annotations().get("summary"))
                .startsWith("<error expanding template: template: __alert_High:1:")
                .contains("can't evaluate field Nothing");
        assertThat(told.startsAt()).isEqualTo(RuleBench.at(21));
        assertThat(told.endsAt()).isEqualTo(RuleBench.at(21 + 240));
        assertThat(told.resolved()).isFalse();
        assertThat(told.generatorUrl()).isEqualTo("http://varve.example.org/graph?g0.expr=load+%3E+1&g0.tab=1");

        bench.put(22, 0, "__name__", "load", "host", "x");
        bench.evaluate(group, 31);
        assertThat(bench.ask("ALERTS", 31)).contains("firing"); // it is kept firing
        bench.evaluate(group, 41);
        assertThat(bench.news).hasSize(1); // resent only after a minute
        bench.evaluate(group, 51);
        assertThat(bench.ask("ALERTS", 51)).isEmpty();
        assertThat(bench.ask("ALERTS_FOR_STATE", 51)).isEmpty();
        assertThat(bench.news).hasSize(2);
        assertThat(bench.news.get(1).resolved()).isTrue();
        assertThat(bench.news.get(1).endsAt()).isEqualTo(RuleBench.at(51));
        bench.evaluate(group, 61);
        assertThat(bench.news).hasSize(2);
    }

    @Test
    void aFiringAlertIsToldOfAgainAndAgain() {
        GroupState group = bench.group("groups:", "- name: g", "  rules:", "  - {alert: Now, expr: 'vector(1)'}");
        for (int i = 0; i <= 12; i++) {
            bench.evaluate(group, 10L * i);
        }
        assertThat(bench.news)
                .extracting(n -> n.endsAt().getEpochSecond() - RuleBench.START.getEpochSecond())
                .containsExactly(240L, 300L, 360L);
        assertThat(bench.news).extracting(Notification::startsAt).containsOnly(RuleBench.at(0));
    }

    @Test
    void aPendingAlertThatGoesLeavesNothing() {
        GroupState group = bench.group(ALERT);
        bench.put(0, 3, "__name__", "load", "host", "x");
        bench.evaluate(group, 1);
        bench.end(2, "__name__", "load", "host", "x");
        bench.evaluate(group, 11);
        assertThat(bench.ask("ALERTS", 11)).isEmpty();
        assertThat(((AlertingState) group.rules().get(0)).alerts()).isEmpty();
        assertThat(bench.news).isEmpty();
    }

    @Test
    void restartsDoNotBeginAnew() throws IOException {
        GroupState group = bench.group(ALERT);
        bench.put(0, 3, "__name__", "load", "host", "x");
        for (int second = 1; second <= 31; second += 10) {
            bench.evaluate(group, second);
        }
        assertThat(bench.ask("ALERTS", 31)).contains("firing");
        bench.close();
        bench = new RuleBench(directory);
        bench.put(60, 3, "__name__", "load", "host", "x");
        GroupState next = bench.group(ALERT);
        bench.evaluate(next, 61);
        assertThat(bench.ask("ALERTS", 61)).contains("firing");
        assertThat(((AlertingState) next.rules().get(0)).alerts().get(0).activeAt())
                .isEqualTo(RuleBench.at(1));
        assertThat(bench.news).hasSize(1);
    }

    @Test
    void anAlertThatEndedBeforeARestartBeginsAnew() throws IOException {
        GroupState group = bench.group(ALERT);
        bench.put(0, 3, "__name__", "load", "host", "x");
        bench.evaluate(group, 1);
        bench.put(2, 0, "__name__", "load", "host", "x");
        bench.evaluate(group, 11);
        bench.close();
        bench = new RuleBench(directory);
        bench.put(60, 3, "__name__", "load", "host", "x");
        GroupState next = bench.group(ALERT);
        bench.evaluate(next, 61);
        assertThat(bench.ask("ALERTS", 61)).contains("pending");
        assertThat(((AlertingState) next.rules().get(0)).alerts().get(0).activeAt())
                .isEqualTo(RuleBench.at(61));
    }

    @Test
    void limitsTakeAllAlertsOfARuleAway() {
        GroupState group = bench.group("groups:", "- name: g", "  limit: 1", "  rules:", "  - {alert: A, expr: load}");
        bench.put(0, 1, "__name__", "load", "host", "x");
        bench.evaluate(group, 1);
        assertThat(bench.news).hasSize(1);
        bench.put(2, 1, "__name__", "load", "host", "y");
        bench.evaluate(group, 11);
        assertThat(group.rules().get(0).outcome().error()).isEqualTo("exceeded limit of 1 with 2 alerts");
        assertThat(((AlertingState) group.rules().get(0)).alerts()).isEmpty();
    }

    @Test
    void queriesLookBackByTheOffset() {
        GroupState group =
                bench.group("groups:", "- name: g", "  query_offset: 30s", "  rules:", "  - {record: r, expr: load}");
        bench.put(0, 7, "__name__", "load");
        bench.put(20, 8, "__name__", "load");
        bench.evaluate(group, 31);
        assertThat(bench.ask("r", 31)).isEqualTo("r 7.0");
    }

    @Test
    void whatAReloadTakesAwayEnds() {
        GroupState before = bench.group(
                "groups:",
                "- name: g",
                "  rules:",
                "  - {record: goes, expr: load}",
                "  - {record: moves, expr: load}",
                "  - {alert: Stays, expr: load > 0, for: 1m}");
        bench.put(0, 1, "__name__", "load", "host", "x");
        bench.evaluate(before, 1);
        GroupState after = bench.group(
                "groups:",
                "- name: g",
                "  rules:",
                "  - {record: moves, expr: load + 1}",
                "  - {alert: Stays, expr: load > 0, for: 1m}");
        after.takeOver(before);
        bench.evaluate(after, 11);
        assertThat(bench.ask("goes", 11)).isEmpty();
        assertThat(bench.ask("moves", 11)).endsWith(" 2.0");
        assertThat(((AlertingState) after.rules().get(1)).alerts().get(0).activeAt())
                .isEqualTo(RuleBench.at(1));
        after.end(RuleBench.at(21));
        assertThat(bench.ask("moves or ALERTS", 21)).isEmpty();
        assertThat(List.of(bench.refusals, bench.failures)).containsOnly(0);
    }
}
