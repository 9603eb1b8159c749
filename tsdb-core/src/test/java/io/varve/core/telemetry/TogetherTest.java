package io.varve.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.TimeSource;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Messages that come, go on or end together have the time that their caller read, and read none themselves. */
class TogetherTest {

    private static final String[] STAGES = {"enqueued", "dequeued", "arrived", "done"};
    private static final long MILLI = 1_000_000;

    /** A clock that says how often it was read. */
    private static final class CountedClock implements TimeSource {

        long nanos = 5_000 * MILLI;
        long wallAhead = 1_700_000_000_000_000_000L;
        int readings;

        @Override
        public long epochNanos() {
            readings++;
            return nanos + wallAhead;
        }

        @Override
        public long nanoTime() {
            readings++;
            return nanos;
        }
    }

    private final CountedClock clock = new CountedClock();

    private Pipeline pipeline() {
        return Telemetry.create(TelemetryConfig.defaults().clock(clock).ticking(false))
                .pipeline("pp_bifrost", STAGES);
    }

    @Test
    void oneReadingServesAllMessagesOfABatch() {
        Pipeline sender = pipeline();
        Pipeline receiver = pipeline();
        int batch = 10_000;
        long[][] stamps = new long[batch][sender.stampCount()];
        byte[][] wire = new byte[batch][StageHeader.MAX_BYTES];
        long came = sender.now();
        long went = came + MILLI / 4;
        long arrived = went + MILLI / 4;
        long ended = arrived + MILLI / 2;
        for (int i = 0; i < batch; i++) {
            sender.start(stamps[i], came);
            sender.stamp(stamps[i], 1, went);
            int length = sender.handOn(stamps[i], wire[i], 0, went);
            assertThat(receiver.takeOver(wire[i], 0, length, stamps[i], arrived))
                    .isTrue();
            receiver.stamp(stamps[i], 2, arrived);
            receiver.done(stamps[i], Outcome.OK, null, ended);
        }
        assertThat(clock.readings).isLessThan(batch / 10); // of those that are timed or kept
        assertThat(receiver.inFlight()).isZero();
        assertThat(receiver.window(0).max()).isBetween(0.000_24, 0.000_26);
        assertThat(receiver.window(1).max()).isBetween(0.000_24, 0.000_26);
        assertThat(receiver.window(2).max()).isBetween(0.000_49, 0.000_51);
        assertThat(receiver.window(Duration.ofMinutes(1)).count()).isEqualTo(batch);
    }

    @Test
    void aStepOfTheWallClockIsSeenAMillisecondLater() {
        WallOffset offset = new WallOffset(clock);
        assertThat(offset.at(clock.nanos)).isEqualTo(clock.wallAhead);
        long before = clock.wallAhead;
        clock.wallAhead += 30 * MILLI;
        clock.nanos += MILLI - 1;
        assertThat(offset.at(clock.nanos)).isEqualTo(before);
        clock.nanos += 1;
        assertThat(offset.at(clock.nanos)).isEqualTo(clock.wallAhead);
        clock.wallAhead -= MILLI;
        assertThat(offset.at(clock.nanos - 10 * MILLI)).isEqualTo(clock.wallAhead); // a time before it was read
    }
}
