package io.varve.core.telemetry;

import io.varve.core.model.TimeSource;
import org.jspecify.annotations.Nullable;

/** Stamps of the monotonic clock made to times since 1970 for the wire, and back by the clocks of another process. */
final class StageWire {

    /** Times of more than this ahead of the own clock are from no clock that is right. */
    private static final long MOST_AHEAD_NANOS = 60_000_000_000L;

    private static final long MOST_BEHIND_NANOS = 86_400_000_000_000L;

    private StageWire() {}

    /** Writes the stamps of a message; the length. */
    static int write(long[] stamps, long state, TimeSource clock, byte[] into, int offset) {
        long[] times = new long[stamps.length - 1];
        boolean chosen = Stamps.weight(state) != 0;
        for (int i = 0; i < times.length; i++) {
            times[i] = i == 0 || chosen && i <= Stamps.stage(state) ? stamps[i] : Stamps.MISSING;
        }
        shift(times, clock.epochNanos() - clock.nanoTime());
        return StageHeader.write(times, times.length, into, offset);
    }

    /**
     * Reads stamps.
     *
     * @param times takes those of each stage, by the own monotonic clock
     * @return null, or what is wrong with them
     */
    static @Nullable Anomaly read(byte[] from, int offset, int length, TimeSource clock, long[] times) {
        long wall = clock.epochNanos();
        if (StageHeader.read(from, offset, length, times.length, times) != null) {
            return Anomaly.HEADER;
        }
        int stage = newest(times);
        boolean right = times[0] > 0
                && times[stage] - wall < MOST_AHEAD_NANOS
                && wall - times[0] < MOST_BEHIND_NANOS
                && stage < times.length - 1;
        if (!right) {
            return Anomaly.CLOCK;
        }
        shift(times, clock.nanoTime() - wall);
        return null;
    }

    /** The last stage that was stamped. */
    static int newest(long[] times) {
        int stage = times.length - 1;
        while (stage > 0 && times[stage] == Stamps.MISSING) {
            stage--;
        }
        return stage;
    }

    private static void shift(long[] times, long nanos) {
        for (int i = 0; i < times.length; i++) {
            times[i] += times[i] == Stamps.MISSING ? 0 : nanos;
        }
    }
}
