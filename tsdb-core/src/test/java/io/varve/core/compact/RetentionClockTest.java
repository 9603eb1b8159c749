package io.varve.core.compact;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Ages are counted from a time that a wrong clock cannot push ahead. */
class RetentionClockTest {

    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;
    private static final long NOW = 1_000 * DAY;

    private long monotonic = 77;
    private RetentionClock clock = new RetentionClock(0, DAY);

    private boolean pass(long seconds, long wall, long newest) {
        monotonic += seconds;
        return clock.observe(wall, monotonic, newest);
    }

    @Test
    void theEarlierOfClockAndNewestSampleCounts() {
        assertThat(pass(0, NOW, Long.MIN_VALUE)).isFalse();
        assertThat(clock.trusted()).as("no sample").isZero();
        pass(60, NOW + 60, NOW - 500);
        assertThat(clock.trusted()).isEqualTo(NOW - 500);
        pass(60, NOW + 120, NOW + HOUR); // samples from ahead
        assertThat(clock.trusted()).isEqualTo(NOW + 120);
        pass(3 * DAY, NOW + 3 * DAY, NOW + HOUR); // nobody writes for days
        assertThat(clock.trusted()).isEqualTo(NOW + HOUR);
        assertThat(pass(60, NOW + 3 * DAY + 60, NOW + 3 * DAY + 60))
                .as("writing goes on, after as much time as the samples say")
                .isFalse();
        assertThat(clock.trusted()).isEqualTo(NOW + 3 * DAY + 60);
    }

    @Test
    void anHourEitherWayIsNothing() {
        pass(0, NOW, NOW);
        assertThat(pass(60, NOW + HOUR, NOW + HOUR)).isFalse();
        assertThat(clock.trusted()).isEqualTo(NOW + HOUR);
        assertThat(pass(60, NOW, NOW + HOUR)).isFalse();
        assertThat(clock.trusted()).as("never back").isEqualTo(NOW + HOUR);
        assertThat(clock.waitsToJumpTo()).isNull();
    }

    @Test
    void aJumpWaitsAndIsOverWhenItIsUndone() {
        pass(0, NOW, NOW);
        assertThat(pass(60, NOW + 400 * DAY, NOW)).as("no sample followed").isFalse();
        assertThat(pass(60, NOW + 400 * DAY, NOW + 400 * DAY)).isTrue();
        assertThat(pass(60, NOW + 400 * DAY + 60, NOW + 400 * DAY + 60))
                .as("told once")
                .isFalse();
        assertThat(clock.waitsToJumpTo()).isEqualTo(NOW + 400 * DAY);
        assertThat(clock.trusted()).isEqualTo(NOW);
        pass(60, NOW + 240, NOW + 400 * DAY + 60);
        assertThat(clock.waitsToJumpTo()).isNull();
        assertThat(clock.trusted()).isEqualTo(NOW + 240);
    }

    @Test
    void aDayOfSamplesInStepConfirmsAJump() {
        pass(0, NOW, NOW);
        for (int hour = 0; hour < 24; hour++) {
            pass(HOUR, NOW + 30 * DAY + hour * HOUR, NOW + 30 * DAY + hour * HOUR);
            assertThat(clock.trusted()).isEqualTo(NOW);
        }
        pass(HOUR, NOW + 31 * DAY, NOW + 31 * DAY);
        assertThat(clock.trusted()).isEqualTo(NOW + 31 * DAY);
        assertThat(clock.waitsToJumpTo()).isNull();
    }

    @Test
    void aDayWithoutSamplesConfirmsNothing() {
        pass(0, NOW, NOW);
        pass(60, NOW + 30 * DAY, NOW + 30 * DAY);
        pass(2 * DAY, NOW + 32 * DAY, NOW + 30 * DAY + 10);
        assertThat(clock.trusted()).isEqualTo(NOW);
        assertThat(clock.waitsToJumpTo()).isNotNull();
    }

    @Test
    void somebodyConfirms() {
        pass(0, NOW, NOW);
        clock.confirm();
        pass(60, NOW + 30 * DAY, NOW + 30 * DAY);
        assertThat(clock.trusted()).as("confirmed before there was a jump").isEqualTo(NOW);
        clock.confirm();
        pass(60, NOW + 30 * DAY + 60, NOW + 30 * DAY + 60);
        assertThat(clock.trusted()).isEqualTo(NOW + 30 * DAY + 60);
    }

    @Test
    void aLaterProcessGoesOnWhereTheEarlierOneWas() {
        clock = new RetentionClock(NOW, DAY);
        assertThat(pass(0, NOW + 20 * HOUR, NOW + 20 * HOUR)).isFalse();
        assertThat(clock.trusted()).isEqualTo(NOW + 20 * HOUR);
        clock = new RetentionClock(NOW, DAY);
        assertThat(pass(0, NOW + 25 * HOUR, NOW + 25 * HOUR)).isTrue();
        assertThat(clock.trusted()).isEqualTo(NOW);
    }
}
