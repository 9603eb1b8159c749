package io.varve.server.rules;

import static io.varve.server.rules.PipelineBench.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.varve.server.rules.notify.Notification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts are located also behind other faults, and behind their own. */
class FaultsInTurnTest {

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

    /** From a time on a step has taken far too long in most seconds, and an alert of some pipeline has told it. */
    private Map<String, String> behindOtherFaults(String pipelineOfAlerts) {
        for (long second = 0; second < 300; second++) {
            boolean fault = second >= 120 && second < 290;
            pipeline.took(second, step("a", "b"), 100, second % 3 == 0 ? 0.1 : 0.2);
            pipeline.took(second, step("b", "c"), 100, fault ? 60 : 0.1);
            pipeline.took(second, step("a", "c"), 100, fault ? 60 : 0.3);
            if (fault) {
                bench.put(second + 2, 1, "__name__", "ALERTS", "alertname", "Other", "pipeline", pipelineOfAlerts);
            }
        }
        bench.end(295, "__name__", "ALERTS", "alertname", "Other", "pipeline", pipelineOfAlerts);
        pipeline.took(300, step("a", "b"), 100, 0.4);
        pipeline.took(300, step("b", "c"), 9_000, 60);
        pipeline.took(300, step("a", "c"), 9_000, 60);
        GroupState group = bench.locatingGroup(
                "groups:",
                "- name: g",
                "  rules:",
                "  - alert: Slow",
                "    expr: histogram_quantile(0.9, sum by (pipeline) (rate(varve_stage_duration_seconds[10s]))) > 0.01");
        return evaluated(group, 300).annotations();
    }

    @Test
    void faultsOfWhichAlertsToldAreNotUsual() {
        assertThat(behindOtherFaults("p")).containsEntry("stage", "b → c").containsEntry("node", "n-c");
    }

    @Test
    void alertsOfOtherPipelinesAreNoSignThatThisOneWasDisturbed() {
        assertThat(behindOtherFaults("q")).containsEntry("stage", "a → b"); // 60 ms have become usual
    }

    @Test
    void aFaultThatWasShortIsStillNamedWhenTheAlertIsToldAgain() {
        pipeline.usual(0, 300);
        pipeline.took(300, step("b", "c"), 40, 60);
        pipeline.slow(299, "met", 0.06, "b");
        bench.put(300, 7, "__name__", "varve_stage_in_flight", "pipeline", "p");
        GroupState group = bench.locatingGroup(
                "groups:",
                "- name: g",
                "  rules:",
                "  - {alert: Fails, expr: 'varve_stage_in_flight{pipeline=\"p\"} > 1'}");
        Map<String, String> first = evaluated(group, 300).annotations();
        assertThat(first)
                .containsOnly(Map.entry("stage", "b → c"), Map.entry("node", "n-c"), Map.entry("exemplars", "met"));
        pipeline.usual(301, 370);
        pipeline.slow(358, "noise", 0.5, "a");
        pipeline.took(360, step("c", "d"), 100, 5); // which is less
        assertThat(evaluated(group, 360).annotations()).isEqualTo(first);
        pipeline.took(370, step("c", "d"), 9_000, 90);
        for (String id : List.of("x", "y", "z")) {
            pipeline.slow(419, id, id.charAt(0) / 1e3, "c");
        }
        pipeline.usual(371, 420);
        pipeline.took(420, step("c", "d"), 9_000, 90); // which is more
        assertThat(evaluated(group, 420).annotations())
                .containsEntry("stage", "c → d")
                .containsEntry("exemplars", "z, y, x");
    }
}
