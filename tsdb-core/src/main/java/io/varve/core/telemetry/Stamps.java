package io.varve.core.telemetry;

import java.util.Arrays;

/**
 * What the stamps of one message hold: a reading of the monotonic clock for each stage, and behind them one word of
 * state. Plain arrays, so that callers can keep and reuse them.
 *
 * <pre>
 *   63 … 32  that this is a message on its way
 *   25 …  8  for how many it stands; 0 if it was not chosen: then but the first stage is stamped
 *         7  whether its work is timed
 *         6  whether it has passed over a stage
 *         5  whether it was taken over with its start alone: it may have come to later stages elsewhere
 *    3 …  0  the stage that it is in
 * </pre>
 */
final class Stamps {

    /** A stage that was not stamped. */
    static final long MISSING = Long.MIN_VALUE;

    private static final long ON_ITS_WAY = 0x5641_5256L << 32;
    private static final long MASK = 0xffff_ffffL << 32;
    private static final int WEIGHT_SHIFT = 8;
    private static final long WEIGHT_MASK = 0x3_ffff;
    private static final int TIMED = 0x80;
    private static final long SKIPPED = 0x40;
    private static final long FROM_ELSEWHERE = 0x20;
    private static final long STAGE_MASK = 0xf;

    private Stamps() {}

    /** Longs that a message of so many stages takes. */
    static int length(int stages) {
        return stages + 1;
    }

    /** What was decided over a message. */
    static int choice(int weight, boolean timed) {
        return weight << WEIGHT_SHIFT | (timed ? TIMED : 0);
    }

    /** The message is at the first stage. */
    static void begin(long[] stamps, long now, int choice) {
        stamps[0] = now;
        stamps[stamps.length - 1] = ON_ITS_WAY | choice;
    }

    /** The state, or 0 if it is not that of a message on its way. */
    static long state(long[] stamps) {
        long state = stamps[stamps.length - 1];
        return (state & MASK) == ON_ITS_WAY ? state : 0;
    }

    /** The last stage that it came to. */
    static int stage(long state) {
        return (int) (state & STAGE_MASK);
    }

    /** For how many it stands, 0 if it was not chosen. */
    static int weight(long state) {
        return (int) (state >>> WEIGHT_SHIFT & WEIGHT_MASK);
    }

    static boolean isTimed(long state) {
        return (state & TIMED) != 0;
    }

    /** Whether it has passed over a stage. */
    static boolean hasSkipped(long state) {
        return (state & SKIPPED) != 0;
    }

    /** The message was taken over with its start alone. */
    static void comeFromElsewhere(long[] stamps) {
        stamps[stamps.length - 1] |= FROM_ELSEWHERE;
    }

    /** Whether it may have come to later stages than it shows, of which nothing was told here. */
    static boolean isFromElsewhere(long state) {
        return (state & FROM_ELSEWHERE) != 0;
    }

    /** The message is at a later stage. */
    static void pass(long[] stamps, long state, int stage) {
        boolean skips = passOver(stamps, stage(state), stage) && !isFromElsewhere(state);
        at(stamps, (skips ? state | SKIPPED : state) & ~FROM_ELSEWHERE, stage);
    }

    /** Marks the stages between two as missing; false if there are none. */
    static boolean passOver(long[] stamps, int from, int to) {
        if (to <= from + 1) {
            return false;
        }
        Arrays.fill(stamps, from + 1, to, MISSING);
        return true;
    }

    /** The message is at a stage, however it came there. */
    static void at(long[] stamps, long state, int stage) {
        stamps[stamps.length - 1] = state & ~STAGE_MASK | stage;
    }

    /**
     * How long each step of a message took that has ended, {@link KeptMessage#MISSING} where it is not known.
     *
     * @param state as it was when it ended
     * @param took nanoseconds of the whole way, which of two stages is the step
     */
    static long[] steps(long[] stamps, long state, boolean failed, long took) {
        long[] steps = new long[stamps.length - 2];
        int last = weight(state) == 0 ? 0 : failed ? stage(state) : steps.length;
        for (int i = 0; i < steps.length; i++) {
            boolean known = i < last && stamps[i] != MISSING && stamps[i + 1] != MISSING;
            steps[i] = known ? Math.max(0, stamps[i + 1] - stamps[i]) : KeptMessage.MISSING;
        }
        if (steps.length == 1 && !failed) {
            steps[0] = took;
        }
        return steps;
    }

    static void end(long[] stamps) {
        stamps[stamps.length - 1] = 0;
    }
}
