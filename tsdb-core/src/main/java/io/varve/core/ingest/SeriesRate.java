package io.varve.core.ingest;

/**
 * How many new series may come: so many a minute, and as many at once after a quiet minute. Any thread.
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
    synchronized boolean take(long nowNanos) {
        if (perMinute == 0) {
            return true;
        }
        long passed = Math.max(0, nowNanos - last); // shards come with readings that are not quite in order
        left = Math.min(perMinute, left + passed * perMinute / NANOS_A_MINUTE);
        last += passed;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }

    /** How many came in the last minute, as far as the rate counts them. */
    synchronized double taken(long nowNanos) {
        double regained = Math.max(0, nowNanos - last) * (double) perMinute / NANOS_A_MINUTE;
        return perMinute - Math.min(perMinute, left + regained);
    }

    /** What was taken was not needed. */
    synchronized void giveBack(int series) {
        left += series;
    }
}
