package io.varve.benchmarks.codec.series;

import java.util.Locale;
import java.util.Random;

/**
 * How generated times lie: on a regular grid, or off it by an error that does not add up, but for the drift. In
 * milliseconds unless the name says otherwise. The same pattern and count give the same times each time.
 */
public enum TimePattern {
    /** Every 10 s exactly. */
    REGULAR_10S(10_000),
    /** Every 15 s; one sample in a thousand is missing. */
    MISSING_15S(15_000),
    /** Every 10 s; one sample in a hundred is 1 ms late. */
    LATE_10S(10_000),
    /** Every 15 s, uniformly -2 to 2 ms off. */
    UNIFORM_15S(15_000),
    /** Every 10 s, late by 3 ms in the mean, exponentially distributed. */
    EXPONENTIAL_10S(10_000),
    /** Every 15 s, off by a normal error of 5 ms standard deviation. */
    NORMAL_15S(15_000),
    /** Steps of 10 s whose errors, of 2 ms standard deviation, add up. */
    DRIFT_10S(10_000),
    /** Microseconds: every second, off by a normal error of 200 us standard deviation. */
    NORMAL_1S_MICROS(1_000_000),
    /** Nanoseconds: every 10 s exactly. */
    REGULAR_10S_NANOS(10_000_000_000L);

    private static final long SEED = 42;
    private static final long START_SECONDS = 1_763_780_400;

    private final long step;

    TimePattern(long step) {
        this.step = step;
    }

    /** The pattern of a name in lower case. */
    public static TimePattern of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** The name in lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** So many times of this pattern. */
    public long[] times(int count) {
        Random random = new Random(SEED);
        long[] times = new long[count];
        long grid = START_SECONDS * unitsPerSecond();
        for (int i = 0; i < count; i++) {
            long error = error(random);
            times[i] = grid + error;
            grid += step;
            if (this == DRIFT_10S) {
                grid += error;
            } else if (this == MISSING_15S) {
                while (random.nextInt(1_000) == 0) {
                    grid += step;
                }
            }
        }
        return times;
    }

    private long unitsPerSecond() {
        return switch (this) {
            case NORMAL_1S_MICROS -> 1_000_000;
            case REGULAR_10S_NANOS -> 1_000_000_000;
            default -> 1_000;
        };
    }

    private long error(Random random) {
        return switch (this) {
            case REGULAR_10S, REGULAR_10S_NANOS, MISSING_15S -> 0;
            case LATE_10S -> random.nextInt(100) == 0 ? 1 : 0;
            case UNIFORM_15S -> random.nextInt(5) - 2;
            case EXPONENTIAL_10S -> Math.round(-3 * Math.log(1 - random.nextDouble()));
            case NORMAL_15S -> Math.round(5 * random.nextGaussian());
            case DRIFT_10S -> Math.round(2 * random.nextGaussian());
            case NORMAL_1S_MICROS -> Math.round(200 * random.nextGaussian());
        };
    }
}
