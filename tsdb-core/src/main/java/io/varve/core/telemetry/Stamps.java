package io.varve.core.telemetry;

import java.util.Arrays;

/**
 * What the stamps of one message hold: a reading of the monotonic clock for each stage, and behind them one word of
 * state with the number of the stage that the message is in. Plain arrays, so that callers can keep and reuse them.
 */
final class Stamps {

    /** A stage that was not stamped. */
    static final long MISSING = Long.MIN_VALUE;

    /** Upper half of the state: it says that the array is a message on its way. */
    private static final long ON_ITS_WAY = 0x5641_5256L << 32;

    private static final long MASK = 0xffff_ffffL << 32;

    private Stamps() {}

    /** Longs that a message of so many stages takes. */
    static int length(int stages) {
        return stages + 1;
    }

    static void begin(long[] stamps, long now) {
        Arrays.fill(stamps, MISSING);
        stamps[0] = now;
        stamps[stamps.length - 1] = ON_ITS_WAY;
    }

    static boolean isOnItsWay(long[] stamps) {
        return (stamps[stamps.length - 1] & MASK) == ON_ITS_WAY;
    }

    /** The last stage that was stamped. */
    static int stage(long[] stamps) {
        return (int) stamps[stamps.length - 1];
    }

    static void pass(long[] stamps, int stage, long now) {
        stamps[stage] = now;
        stamps[stamps.length - 1] = ON_ITS_WAY | stage;
    }

    static void end(long[] stamps) {
        stamps[stamps.length - 1] = 0;
    }
}
