package io.varve.server.queries;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.TimeSource;
import io.varve.query.QueryMemory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SlowQueryLogTest {

    private long now = 1_700_000_000_000_000_000L;
    private Duration threshold = Duration.ofSeconds(2);
    private final List<String> lines = new ArrayList<>();
    private final TimeSource clock = TimeSource.of(() -> now, () -> now);
    private final ActiveQueries queries =
            new ActiveQueries(clock, QueryMemory.UNLIMITED, new SlowQueryLog(() -> threshold, clock, lines::add));

    private void ask(String expression, long millis) {
        try (ActiveQuery query = queries.begin(expression, "10.0.0.1", () -> false)) {
            query.running();
            query.control().readSeries();
            query.control().charge(1_500, 2_000_000);
            query.control().read(3_100);
            pass(millis);
            query.ended("answered");
        }
    }

    private void pass(long millis) {
        now += millis * 1_000_000L;
    }

    @Test
    void aSlowQueryIsOneLineWithWhatItRead() {
        ask("up", 1_999);
        assertThat(lines).isEmpty();
        ask("sum(\n  up)\u2028", 2_000);
        assertThat(lines)
                .containsExactly(
                        "2.000 s, 1 series, 1,500 samples, 3,100 bytes read, 2,000,000 bytes of memory, answered,"
                                + " from 10.0.0.1: sum(   up) ");
        threshold = Duration.ZERO;
        ask("never", 1_000_000);
        assertThat(lines).hasSize(1);
    }

    @Test
    void longExpressionsAreCut() {
        ask("x".repeat(100_000), 5_000);
        assertThat(lines.get(0)).hasSizeLessThan(700).endsWith("x…");
    }

    @Test
    void repeatsAreCountedAndToldOnceAMinute() {
        for (int i = 0; i < 25; i++) {
            ask("same", 2_500);
        }
        assertThat(lines).as("within 62.5 s").hasSize(2);
        assertThat(lines.get(1)).endsWith("; 23 times more since it was told of");
    }

    @Test
    void aFloodOfDifferentOnesIsBounded() {
        threshold = Duration.ofMillis(1);
        for (int i = 0; i < 1_000; i++) {
            ask("query_" + i, 1);
        }
        assertThat(lines).hasSize(20);
        pass(60_000);
        ask("another", 1);
        assertThat(lines).hasSize(21);
        assertThat(lines.get(20)).endsWith("another; 980 other slow queries were not told of");
    }

    @Test
    void theListIsWhatIsBeingAnswered() {
        try (ActiveQuery first = queries.begin("a", "c", () -> false);
                ActiveQuery second = queries.begin("b", "c", () -> false)) {
            assertThat(queries.list()).containsExactly(first, second);
            assertThat(first.state()).isEqualTo(ActiveQuery.State.WAITING);
            pass(7);
            assertThat(queries.nanos(first)).isEqualTo(7_000_000);
            assertThat(queries.cancel(second.id())).isTrue();
            assertThat(second.control().isCancelled()).isTrue();
            assertThat(first.control().isOver()).isFalse();
        }
        assertThat(queries.list()).isEmpty();
        assertThat(queries.cancel(1)).isFalse();
    }
}
