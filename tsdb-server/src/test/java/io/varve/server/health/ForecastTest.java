package io.varve.server.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

/** When a bound is reached: from what trend, through what noise, and from how much memory. */
class ForecastTest {

    private static final long SECOND = 1_000_000_000L;

    private final Forecast forecast = new Forecast();

    /** A look each second; {@code use} by second. */
    private void seconds(int from, int to, LongToDoubleFunction use) {
        for (int second = from; second < to; second++) {
            double value = use.applyAsDouble(second);
            forecast.observe(second * SECOND, () -> value);
        }
    }

    @Test
    void a_steady_growth_is_told_to_the_second() {
        seconds(0, 101, second -> 50 + 2 * second);
        assertThat(forecast.secondsUntil(1_250)).isCloseTo(500, within(1e-6)); // from 250, at second 100
    }

    @Test
    void what_does_not_grow_never_gets_there() {
        seconds(0, 100, second -> 7);
        assertThat(forecast.secondsUntil(8)).isEqualTo(Double.POSITIVE_INFINITY);
        Forecast falling = new Forecast();
        for (int i = 0; i < 10; i++) {
            double value = 100 - i;
            falling.observe(10L * i * SECOND, () -> value);
        }
        assertThat(falling.secondsUntil(1_000)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void what_is_full_is_full_now_whatever_its_trend() {
        seconds(0, 1, second -> 10);
        assertThat(forecast.secondsUntil(10)).isZero();
        seconds(1, 100, second -> 10);
        assertThat(forecast.secondsUntil(9)).isZero();
    }

    @Test
    void nothing_is_told_from_too_little() {
        assertThat(forecast.secondsUntil(10)).isNaN();
        seconds(0, 5 * (Forecast.LEAST - 1), second -> second);
        assertThat(forecast.secondsUntil(1_000)).isNaN();
        seconds(5 * (Forecast.LEAST - 1), 5 * Forecast.LEAST, second -> second);
        assertThat(forecast.secondsUntil(1_000)).isFinite();
    }

    @Test
    void what_cannot_be_asked_is_left_out() {
        seconds(0, 100, second -> second % 2 == 0 ? Double.NaN : second);
        assertThat(forecast.secondsUntil(200)).isCloseTo(200 - 97, within(3.0));
    }

    @Test
    void wild_moments_do_not_move_the_trend() {
        Random random = new Random(7);
        seconds(0, 450, second -> second + (random.nextInt(5) == 0 ? 10_000 * random.nextDouble() : 0));
        seconds(450, 460, second -> second);
        assertThat(forecast.secondsUntil(100_000)).isBetween(90_000.0, 110_000.0);
    }

    @Test
    void it_keeps_a_day_in_bounded_memory_and_forgets_what_is_older() {
        AtomicInteger asked = new AtomicInteger();
        for (long second = 0; second < 3 * 86_400; second++) { // grows for a day, then is as it is
            double value = Math.min(second, 86_400);
            forecast.observe(second * SECOND, () -> {
                asked.incrementAndGet();
                return value;
            });
            if (second == 80_000) {
                assertThat(forecast.secondsUntil(90_000)).isCloseTo(10_000, within(1_000.0));
            }
        }
        assertThat(forecast.secondsUntil(90_000)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(asked.get()).as("not once a second").isLessThan(1_500);
    }

    @Test
    void a_change_of_trend_is_seen_when_most_of_what_is_kept_follows_it() {
        seconds(0, 600, second -> 100);
        assertThat(forecast.secondsUntil(10_000)).isEqualTo(Double.POSITIVE_INFINITY);
        seconds(600, 3_600, second -> 100 + (second - 600));
        assertThat(forecast.secondsUntil(10_000)).isBetween(6_000.0, 10_000.0);
    }
}
