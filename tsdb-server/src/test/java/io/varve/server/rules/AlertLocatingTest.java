package io.varve.server.rules;

import static io.varve.server.rules.PipelineBench.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Labels;
import io.varve.core.model.TimeSource;
import io.varve.server.rules.notify.Notification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts on pipelines and latencies say where: stage, node, and who met it. */
class AlertLocatingTest {

    private static final String EXPRESSION =
            "histogram_quantile(0.9, sum by (pipeline) (rate(varve_stage_duration_seconds{pipeline=\"p\"}[10s]))) >"
                    + " 0.01";

    @TempDir
    Path directory;

    private RuleBench bench;
    private PipelineBench pipeline;

    @BeforeEach
    void open() throws IOException {
        bench = new RuleBench(directory);
        pipeline = new PipelineBench(bench);
    }

    @AfterEach
    void close() throws IOException {
        bench.close();
    }

    private Notification evaluated(GroupState group, long second) {
        bench.news.clear();
        bench.evaluate(group, second);
        assertThat(bench.news).hasSize(1);
        return bench.news.get(0);
    }

    private GroupState group(String... more) {
        StringBuilder rule = new StringBuilder("  - {alert: Slow, expr: '" + EXPRESSION + "'");
        for (String part : more) {
            rule.append(", ").append(part);
        }
        return bench.locatingGroup(
                "groups:", "- name: g", "  rules:", rule.append('}').toString());
    }

    @Test
    void theStageThatGrewMostIsNamedWithItsNodeAndTheSlowestExemplars() {
        pipeline.usual(0, 300);
        pipeline.slow(200, "old", 9, "a");
        for (long second = 300; second < 303; second++) {
            pipeline.took(second, step("a", "b"), 100, 31);
            pipeline.took(second, step("b", "c"), 100, 0.1);
            pipeline.took(second, step("c", "d"), 100, 80);
            pipeline.took(second, step("a", "d"), 100, 90);
        }
        pipeline.slow(301, "r1", 0.09, "c");
        pipeline.slow(301, "r2", 0.11, "c");
        pipeline.slow(302, "r3", 0.10, "c");
        pipeline.slow(302, "r3", 0.10, "c");
        pipeline.slow(302, "noise", 0.5, "a");
        Map<String, String> annotations = evaluated(group(), 302).annotations();
        assertThat(annotations)
                .containsOnly(
                        Map.entry("stage", "c → d"), Map.entry("node", "n-d"), Map.entry("exemplars", "r2, r3, r1"));
    }

    @Test
    void aFewMessagesAreEnoughWhereNoneWasAsSlowBefore() {
        pipeline.usual(0, 300);
        pipeline.took(300, step("a", "b"), 100, 40);
        pipeline.took(300, step("b", "c"), 99, 0.1);
        pipeline.took(300, step("b", "c"), 1, 60);
        pipeline.took(300, step("c", "d"), 100, 0.5);
        pipeline.took(300, step("a", "d"), 100, 60);
        GroupState group = bench.locatingGroup(
                "groups:",
                "- name: g",
                "  rules:",
                "  - {alert: Worst, expr: 'histogram_quantile(1, rate(varve_stage_duration_seconds{from=\"b\"}[10s]))"
                        + " > 0.05'}");
        assertThat(evaluated(group, 300).annotations())
                .containsEntry("stage", "b → c")
                .containsEntry("node", "n-c");
    }

    @Test
    void failuresNameTheStageInWhichTheyHappen() {
        pipeline.usual(0, 303);
        for (int i = 0; i < 5; i++) {
            bench.exemplar(
                    301 + i / 10.0,
                    step("a", "d"),
                    0.5 + i,
                    "trace_id",
                    "t" + i,
                    "node",
                    "n9",
                    "why",
                    "failed",
                    "failed_stage",
                    "c");
        }
        pipeline.slow(302, "slow", 99, "a");
        GroupState group = bench.locatingGroup(
                "groups:",
                "- name: g",
                "  rules:",
                "  - {alert: Fails, expr: 'varve_stage_in_flight{pipeline=\"p\"} > 1'}");
        bench.put(302, 7, "__name__", "varve_stage_in_flight", "pipeline", "p");
        assertThat(evaluated(group, 302).annotations())
                .containsOnly(
                        Map.entry("stage", "c → d"), Map.entry("node", "n-d"), Map.entry("exemplars", "t4, t3, t2"));
    }

    @Test
    void anyHistogramWithExemplarsTellsThem() {
        for (long second = 0; second < 60; second += 5) {
            bench.put(second, second * 10.0, "__name__", "lat_bucket", "le", "0.1", "instance", "i1", "job", "j");
            bench.put(second, second * 10.0, "__name__", "lat_bucket", "le", "+Inf", "instance", "i1", "job", "j");
            bench.put(second, second * 10.0, "__name__", "lat_bucket", "le", "0.1", "instance", "i2", "job", "j");
            bench.put(second, second * 30.0, "__name__", "lat_bucket", "le", "+Inf", "instance", "i2", "job", "j");
        }
        Labels bucket = Labels.of("__name__", "lat_bucket", "le", "+Inf", "instance", "i2", "job", "j");
        Labels other = Labels.of("__name__", "lat_bucket", "le", "+Inf", "instance", "i1", "job", "j");
        bench.exemplar(52, bucket, 0.7, "trace_id", "b");
        bench.exemplar(53, bucket, 0.9, "trace_id", "a");
        bench.exemplar(53, other, 5, "trace_id", "other");
        GroupState group = bench.locatingGroup(
                "groups:",
                "- name: g",
                "  rules:",
                "  - {alert: Lat, expr: 'histogram_quantile(0.9, sum by (instance, le) (rate(lat_bucket[1m]))) >= 0.1"
                        + " and on (instance) lat_bucket{instance=\"i2\"}'}");
        assertThat(evaluated(group, 55).annotations())
                .containsOnly(Map.entry("node", "i2"), Map.entry("exemplars", "a, b"));
    }

    @Test
    void exemplarsThatWereScrapedSomeTimeAgoAreToldWhereThereAreNoOthers() {
        Labels lat = Labels.of("__name__", "lat", "instance", "i1");
        bench.put(400, 1, "__name__", "lat_sum", "instance", "i1");
        bench.exemplar(99, lat, 9, "trace_id", "old", "stage", "s");
        bench.exemplar(130, lat, 1, "trace_id", "a", "stage", "s");
        bench.exemplar(350, lat, 2, "trace_id", "b", "stage", "s");
        GroupState group =
                bench.locatingGroup("groups:", "- name: g", "  rules:", "  - {alert: Lat, expr: 'lat_sum > 0'}");
        assertThat(evaluated(group, 400).annotations())
                .containsOnly(Map.entry("stage", "s"), Map.entry("node", "i1"), Map.entry("exemplars", "b, a"));
    }

    @Test
    void anAlertThatWaitedTellsWhatMetItSinceItCame() {
        pipeline.usual(0, 300);
        for (long second = 300; second <= 340; second++) {
            pipeline.took(second, step("c", "d"), 900, 80);
            pipeline.took(second, step("a", "d"), 900, 90);
        }
        pipeline.slow(290, "before", 0.2, "c");
        pipeline.slow(305, "since", 0.1, "c");
        GroupState group = group("for: 40s");
        bench.evaluate(group, 300);
        assertThat(evaluated(group, 340).annotations()).containsEntry("exemplars", "since");
    }

    @Test
    void whatARuleSaysItselfStandsAndTemplatesPlaceTheRest() {
        pipeline.usual(0, 300);
        pipeline.took(300, step("c", "d"), 9_000, 80);
        pipeline.took(300, step("a", "d"), 9_000, 90);
        GroupState group = group(
                "annotations: {node: mine, text: 'at {{ locate `stage` }} of {{ locate `node` }}:{{ locate `no` }}'}",
                "labels: {hint: '{{ locate `stage` }}'}");
        Notification news = evaluated(group, 300);
        assertThat(news.annotations())
                .containsOnly(
                        Map.entry("stage", "c → d"), Map.entry("node", "mine"), Map.entry("text", "at c → d of n-d:"));
        assertThat(news.labels().has("hint")).isFalse();
    }

    @Test
    void exemplarsThatComeLateAreToldOfAtOnceAndAlertsThatWaitAreNotLookedAt() {
        pipeline.usual(0, 300);
        pipeline.took(300, step("c", "d"), 9_000, 80);
        pipeline.took(300, step("a", "d"), 9_000, 90);
        GroupState group = group("for: 2s");
        bench.evaluate(group, 300);
        assertThat(((AlertingState) group.rules().get(0)).alerts().get(0).annotations())
                .isEmpty();
        bench.evaluate(group, 301);
        assertThat(bench.news).isEmpty();
        assertThat(evaluated(group, 302).annotations()).containsOnlyKeys("stage", "node");
        pipeline.slow(303, "late", 0.09, "c");
        assertThat(evaluated(group, 303).annotations()).containsEntry("exemplars", "late");
        pipeline.slow(304, "later", 0.1, "c");
        bench.news.clear();
        bench.evaluate(group, 304);
        pipeline.slow(308, "latest", 0.2, "c");
        bench.evaluate(group, 308);
        assertThat(bench.news).isEmpty();
        Alert alert = ((AlertingState) group.rules().get(0)).alerts().get(0);
        assertThat(alert.annotations()).containsEntry("exemplars", "later, late"); // is not young any more
    }

    @Test
    void whereAllIsNoisyItIsTheLeastUsualStage() {
        for (long second = 0; second < 300; second++) {
            pipeline.took(second, step("a", "b"), 100, second % 20 < 10 ? 1 : 90);
            pipeline.took(second, step("b", "c"), 100, second % 20 < 10 ? 1 : 9);
            pipeline.took(second, step("a", "c"), 100, second % 20 < 10 ? 2 : 99);
        }
        pipeline.took(300, step("a", "b"), 9_000, 70);
        pipeline.took(300, step("b", "c"), 9_000, 20);
        pipeline.took(300, step("a", "c"), 9_000, 90);
        assertThat(evaluated(group(), 300).annotations())
                .containsOnlyKeys("stage", "node")
                .containsEntry("stage", "b → c");
    }

    @Test
    void aStageThatTurnsOutToBeAnotherIsToldOfAtOnce() {
        pipeline.usual(0, 300);
        pipeline.took(300, step("b", "c"), 9_000, 20);
        pipeline.took(300, step("a", "d"), 9_000, 90);
        GroupState group = group();
        assertThat(evaluated(group, 300).annotations()).containsEntry("stage", "b → c");
        pipeline.took(301, step("c", "d"), 9_000, 90);
        pipeline.took(301, step("a", "d"), 9_000, 90);
        assertThat(evaluated(group, 301).annotations()).containsEntry("stage", "c → d");
    }

    @Test
    void hostileLabelsAreTextAndNothingElse() {
        String hostile = "x\"} or vector(1) #\n\u001b[31m\u202e{{ printf `%s` }}" + "y".repeat(300);
        Labels whole = Labels.of(
                "__name__",
                "varve_stage_duration_seconds",
                "pipeline",
                hostile,
                "from",
                hostile,
                "to",
                "\\",
                "node",
                hostile);
        pipeline.took(0, whole, 1, 1);
        pipeline.took(9, whole, 100, 500);
        bench.exemplar(8, whole, 0.5, "request_id", "a\u0007\nb, c", "stage", "{{ fail }}");
        GroupState group = bench.locatingGroup(
                "groups:",
                "- name: g",
                "  rules:",
                "  - {alert: Slow, expr: 'histogram_quantile(0.9, rate(varve_stage_duration_seconds[10s])) > 0.1'}");
        Map<String, String> annotations = evaluated(group, 9).annotations();
        assertThat(annotations.get("node"))
                .startsWith("x\"} or vector(1) #??[31m?{{ printf")
                .hasSize(129)
                .endsWith("…");
        assertThat(annotations.get("stage")).startsWith("x\"} or vector(1) #??").hasSize(129);
        assertThat(annotations).containsEntry("exemplars", "a??b, c");
        assertThat(bench.failures).isZero();
    }

    @Test
    void workIsBoundedInAlertsAndInTime() {
        long[] nanos = {0};
        int[] asked = {0};
        TimeSource clock = TimeSource.of(() -> 0, () -> nanos[0]);
        AlertLocator slow = (alert, budget) -> {
            asked[0]++;
            assertThat(budget).isPositive();
            nanos[0] += alert.series().get("host").startsWith("slow") ? 150_000_000 : 0;
            return new AlertLocator.Located(Map.of("stage", "s", "node", "n", "exemplars", "e"), 0);
        };
        GroupState group = new GroupState(
                RuleBench.parse("groups:", "- name: g", "  rules:", "  - {alert: A, expr: load}")
                        .get(0),
                bench.store(),
                RuleBench.SETTING.locating(slow, List.of()),
                bench,
                clock);
        for (int i = 0; i < 100; i++) {
            bench.put(0, 1, "__name__", "load", "host", "h" + i);
        }
        bench.evaluate(group, 1);
        assertThat(asked[0]).isEqualTo(AlertLocating.MAX_ALERTS);
        assertThat(bench.news).hasSize(100); // those that were not looked at came all the same
        for (int i = 0; i < 100; i++) {
            bench.end(2, "__name__", "load", "host", "h" + i);
            bench.put(2, 1, "__name__", "load", "host", "slow" + i);
        }
        asked[0] = 0;
        bench.evaluate(group, 3);
        assertThat(asked[0]).isEqualTo(2); // the second began within 200 ms, the third would not have
    }

    @Test
    void aRuleThatSaysAllItselfOrReadsNothingIsNotLookedAt() {
        int[] asked = {0};
        AlertLocator counting = (alert, budget) -> {
            asked[0]++;
            return AlertLocator.Located.NOTHING;
        };
        GroupState group = new GroupState(
                RuleBench.parse(
                                "groups:",
                                "- name: g",
                                "  rules:",
                                "  - {alert: A, expr: load, annotations: {stage: '', node: x, exemplars: none}}",
                                "  - {alert: B, expr: vector(1)}")
                        .get(0),
                bench.store(),
                RuleBench.SETTING.locating(counting, List.of()),
                bench,
                TimeSource.system());
        bench.put(0, 1, "__name__", "load");
        bench.evaluate(group, 1);
        assertThat(bench.news).hasSize(2);
        assertThat(asked[0]).isZero();
    }
}
