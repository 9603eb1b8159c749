package io.varve.server.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When groups are evaluated, by a clock and an executor that the test moves. */
class RuleManagerTest {

    @TempDir
    Path directory;

    private final Deque<Runnable> work = new ArrayDeque<>();
    private long nanos = RuleBench.START.getEpochSecond() * 1_000_000_000L;
    private RuleBench bench;
    private RuleManager manager;

    @BeforeEach
    void open() throws IOException {
        bench = new RuleBench(directory);
        TimeSource clock = TimeSource.of(() -> nanos, () -> nanos);
        manager = new RuleManager(bench.store(), bench, clock, work::add, bench.news::addAll);
    }

    @AfterEach
    void close() throws IOException {
        manager.close();
        bench.close();
    }

    private void rules(String... groups) {
        StringBuilder file = new StringBuilder("groups:\n");
        for (String group : groups) {
            file.append(group).append('\n');
        }
        manager.replace(RuleBench.parse(file.toString()), RuleBench.SETTING);
    }

    private void run() {
        for (Runnable next = work.poll(); next != null; next = work.poll()) {
            next.run();
        }
    }

    private Duration tick(long millis) {
        nanos += millis * 1_000_000;
        return manager.tick();
    }

    @Test
    void groupsAreEvaluatedAtTimesThatAreWholeIntervalsApart() {
        rules("- {name: a, interval: 10s, rules: [{record: r, expr: 'time()'}]}");
        Duration wait = tick(0);
        assertThat(wait).isLessThanOrEqualTo(Duration.ofSeconds(1));
        for (int i = 0; i < 100; i++) {
            tick(333);
            run();
        }
        GroupState group = manager.groups().get(0);
        assertThat(group.evaluatedAt()).isNotNull();
        String times = bench.ask("count_over_time(r[40s])", 40);
        assertThat(times).isIn("{} 3.0", "{} 4.0");
        assertThat(bench.ask("(max_over_time(r[40s]) - min_over_time(r[40s])) % 10", 40))
                .isEqualTo("{} 0.0");
        assertThat(bench.missed).isZero();
    }

    @Test
    void aGroupThatIsStillAtWorkIsPassedOver() {
        rules("- {name: a, interval: 1s, rules: [{record: r, expr: '1'}]}");
        for (int i = 0; i < 5; i++) {
            tick(1_000);
        }
        assertThat(work).hasSize(1);
        assertThat(bench.missed).isGreaterThanOrEqualTo(3);
        run();
        tick(1_000);
        assertThat(work).hasSize(1);
        int missed = bench.missed;
        run();
        tick(10_000); // nobody ticked for ten intervals
        assertThat(bench.missed).isEqualTo(missed + 9);
        assertThat(work).hasSize(1);
    }

    @Test
    void replacedGroupsGoOnWhereTheOthersStood() {
        rules(
                "- {name: a, interval: 1s, rules: [{alert: A, expr: 'vector(1)', for: 1h}]}",
                "- {name: b, interval: 1s, rules: [{record: r, expr: '1'}]}");
        tick(1_000);
        run();
        Alert alert = ((AlertingState) manager.groups().get(0).rules().get(0))
                .alerts()
                .get(0);
        assertThat(bench.ask("r", 1)).isNotEmpty();
        rules("- {name: a, interval: 1s, limit: 3, rules: [{alert: A, expr: 'vector(1)', for: 1h}]}");
        rules("- {name: a, interval: 1s, limit: 4, rules: [{alert: A, expr: 'vector(1)', for: 1h}]}");
        tick(1_000);
        run();
        assertThat(((AlertingState) manager.groups().get(0).rules().get(0)).alerts())
                .containsExactly(alert);
        assertThat(bench.ask("r", 2)).isEmpty();
        assertThat(bench.ask("ALERTS", 2)).contains("pending");
        manager.close();
        tick(5_000);
        assertThat(work).isEmpty();
    }
}
