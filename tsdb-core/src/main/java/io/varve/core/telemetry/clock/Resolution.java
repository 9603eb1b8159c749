package io.varve.core.telemetry.clock;

/**
 * The resolution of a clock as its stamps show it: the largest power of ten, of ten milliseconds at most, that all of
 * them are multiples of. Not thread-safe.
 */
final class Resolution {

    private static final long COARSEST = 10_000_000;

    private long nanos = COARSEST;

    void observe(long stamp) {
        while (stamp % nanos != 0) {
            nanos /= 10;
        }
    }

    /** The error that it makes, in nanoseconds: none if the clock shows each. */
    long error() {
        return nanos == 1 ? 0 : nanos;
    }
}
