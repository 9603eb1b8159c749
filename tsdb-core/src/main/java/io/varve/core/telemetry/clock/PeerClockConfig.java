package io.varve.core.telemetry.clock;

/**
 * What a {@link PeerClock} assumes of clocks, and how much it keeps.
 *
 * @param window exchanges that an estimate stands on at most, 2 to 1,024
 * @param maxAgeNanos the oldest that they may be, counted from the newest, in nanoseconds
 * @param maxDriftPpm by how much two clocks' rates differ at most, in millionths; NTP steers a clock by up to 500
 * @param wanderPpm by how much the rate changes while it is extrapolated, in millionths; 15 is the frequency tolerance
 *     of RFC 5905
 * @param readingNanos error of reading a clock, in nanoseconds, beside its resolution, which is observed
 */
public record PeerClockConfig(int window, long maxAgeNanos, double maxDriftPpm, double wanderPpm, long readingNanos) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of its range
     */
    public PeerClockConfig {
        if (window < 2 || window > 1_024) {
            throw new IllegalArgumentException("window of 2 to 1024 exchanges: window=" + window);
        }
        if (maxAgeNanos <= 0) {
            throw new IllegalArgumentException("maximum age over 0: maxAgeNanos=" + maxAgeNanos);
        }
        if (!(maxDriftPpm > 0 && maxDriftPpm <= 100_000)) {
            throw new IllegalArgumentException("drift over 0, at most 100000 ppm: maxDriftPpm=" + maxDriftPpm);
        }
        if (!(wanderPpm >= 0 && wanderPpm <= maxDriftPpm)) {
            throw new IllegalArgumentException("wander of 0 to the drift: wanderPpm=" + wanderPpm);
        }
        if (readingNanos < 0) {
            throw new IllegalArgumentException("error of reading at least 0: readingNanos=" + readingNanos);
        }
    }

    /** 64 exchanges of at most ten minutes, 500 ppm, 15 ppm, one microsecond. */
    public static PeerClockConfig defaults() {
        return new PeerClockConfig(64, 600_000_000_000L, 500, 15, 1_000);
    }

    double maxDrift() {
        return maxDriftPpm / 1e6;
    }

    double wander() {
        return wanderPpm / 1e6;
    }
}
