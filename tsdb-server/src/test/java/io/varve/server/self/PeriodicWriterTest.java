package io.varve.server.self;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.model.Labels;
import io.varve.core.model.Resolution;
import io.varve.core.storage.Commit;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Verdict;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import io.varve.server.write.FixedTime;
import io.varve.server.write.RecordingAppender;
import io.varve.server.write.RecordingAppender.Sample;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;

final class PeriodicWriterTest {

    private final FixedTime clock = new FixedTime(1_763_780_400_123_456_789L);
    private final RecordingAppender engine = new RecordingAppender(Durability.WRITTEN, 4);

    private PeriodicWriter writer(SampleSource source) {
        return new PeriodicWriter(
                "own metrics", source, engine, Resolution.MILLIS, clock, "instance", "a:1", "job", "varve");
    }

    @Test
    void theRegistryIsStoredAsSeries() {
        Telemetry telemetry = Telemetry.create(clock);
        telemetry
                .counter(Metric.of("varve_things_total", "Things."), "kind")
                .labels("x")
                .add(3);
        telemetry.gauge(Metric.of("varve_level_ratio", "Level.")).set(0.5);
        telemetry.latency(Metric.of("varve_wait_seconds", "Waiting.")).record(2_000_000_000L);
        PeriodicWriter writer = writer(new SelfSource(telemetry));
        writer.write();
        long time = 1_763_780_400_123L;
        assertThat(engine.committed())
                .contains(
                        sample(time, 3, "__name__", "varve_things_total", "kind", "x"),
                        sample(time, 0.5, "__name__", "varve_level_ratio"),
                        sample(time, 1, "__name__", "varve_wait_seconds_count"),
                        sample(time, 2, "__name__", "varve_wait_seconds_sum"));
        assertThat(engine.committed())
                .extracting(Sample::labels)
                .contains(Labels.of(
                        "__name__", "varve_wait_seconds", "quantile", "0.99", "instance", "a:1", "job", "varve"));
        assertThat(writer.accepted()).isEqualTo(8);
        assertThat(engine.commits()).as("batches of four").isEqualTo(2);
    }

    private static Sample sample(long time, double value, String... pairs) {
        Labels labels = Labels.of(pairs).with("instance", "a:1").with("job", "varve");
        return new Sample(labels, time, Double.doubleToRawLongBits(value));
    }

    @Test
    void aRoundIsLeftOutWhileACommitIsOnItsWay() {
        PeriodicWriter writer = writer(sink -> sink.add("x", 1));
        CompletableFuture<Commit> pending = new CompletableFuture<>();
        engine.script(pending);
        writer.write();
        writer.write();
        assertThat(engine.commits()).isEqualTo(1);
        pending.complete(new Commit(1, 0, Verdict.ACCEPTED, Durability.WRITTEN));
        writer.write();
        assertThat(engine.commits()).isEqualTo(2);
        assertThat(writer.accepted()).isEqualTo(2);
    }

    @Test
    void failuresCostARoundAndAreCounted() {
        boolean[] broken = {true};
        PeriodicWriter writer = writer(sink -> {
            if (broken[0]) {
                throw new IllegalStateException("cannot read");
            }
            sink.add("x", 1);
        });
        writer.write();
        broken[0] = false;
        engine.script(CompletableFuture.failedStage(
                new CommitException(CommitException.Reason.READ_ONLY, "disk full", null)));
        writer.write();
        assertThat(writer.lost()).isEqualTo(1);
        engine.script(CompletableFuture.completedStage(new Commit(1, 0, Verdict.ACCEPTED, Durability.WRITTEN)));
        writer.write();
        assertThat(writer.accepted()).isEqualTo(1);
    }

    @Test
    void itRunsOnTheSchedulerUntilItIsClosed() throws InterruptedException {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try {
            PeriodicWriter writer = writer(sink -> sink.add("x", 1));
            writer.start(scheduler, Duration.ofMillis(2));
            assertThatThrownBy(() -> writer.start(scheduler, Duration.ofMillis(2)))
                    .isInstanceOf(IllegalStateException.class);
            for (int i = 0; i < 1_000 && writer.accepted() < 3; i++) {
                Thread.sleep(5);
            }
            writer.close();
            assertThat(writer.accepted()).isGreaterThanOrEqualTo(3);
            assertThat(engine.closed()).isTrue();
            long after = writer.accepted();
            writer.write();
            assertThat(writer.accepted()).isEqualTo(after);
        } finally {
            scheduler.shutdownNow();
        }
    }
}
