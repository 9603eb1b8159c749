package io.varve.core.ingest;

/**
 * How many new series may come: so many a minute, and as many at once after a quiet minute. One thread.
 */
final class SeriesRate {

    private static final double NANOS_A_MINUTE = 60e9;

    private final int perMinute;
    private double left;
    private long last;

    /** @param perMinute 0 for no limit */
    SeriesRate(int perMinute, long nowNanos) {
        this.perMinute = perMinute;
        left = perMinute;
        last = nowNanos;
    }

    /** Whether one more may come now; it counts then. */
    boolean take(long nowNanos) {
        if (perMinute == 0) {
            return true;
        }
        left = Math.min(perMinute, left + Math.max(0, nowNanos - last) * perMinute / NANOS_A_MINUTE);
        last = nowNanos;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }

    /** What was taken was not needed. */
    void giveBack(int series) {
        left += series;
    }
}
