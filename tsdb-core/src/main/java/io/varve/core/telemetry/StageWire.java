package io.varve.core.telemetry;

import io.varve.core.model.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * Stamps of the monotonic clock made to times since 1970 for the wire, and back by the clocks of another process. Any
 * thread; nothing is allocated.
 */
final class StageWire {

    /** Times of more than this ahead of the own clock are from no clock that is right. */
    private static final long MOST_AHEAD_NANOS = 60_000_000_000L;

    private static final long MOST_BEHIND_NANOS = 86_400_000_000_000L;

    private final int stages;
    private final WallOffset wall;

    StageWire(int stages, TimeSource clock) {
        this.stages = stages;
        this.wall = new WallOffset(clock);
    }

    /**
     * Writes the stamps of a message.
     *
     * @param now the monotonic clock
     * @return the length
     */
    int write(long[] stamps, long state, long now, byte[] into, int offset) {
        int newest = Stamps.weight(state) == 0 ? 0 : Stamps.stage(state);
        return StageHeader.write(stamps, stages, newest, wall.at(now), into, offset);
    }

    /**
     * Reads stamps.
     *
     * @param now the monotonic clock
     * @param stamps takes those of each stage, by the own monotonic clock
     * @return null, or what is wrong with them
     */
    @Nullable
    Anomaly read(byte[] from, int offset, int length, long now, long[] stamps) {
        if (StageHeader.read(from, offset, length, stages, stamps) != null) {
            return Anomaly.HEADER;
        }
        int newest = newest(stamps);
        long ahead = wall.at(now);
        long epoch = now + ahead;
        boolean right = stamps[0] > 0
                && stamps[newest] - epoch < MOST_AHEAD_NANOS
                && epoch - stamps[0] < MOST_BEHIND_NANOS
                && newest < stages - 1;
        if (!right) {
            return Anomaly.CLOCK;
        }
        for (int i = 0; i <= newest; i++) {
            stamps[i] -= stamps[i] == Stamps.MISSING ? 0 : ahead;
        }
        return null;
    }

    /** The last stage that was stamped. */
    int newest(long[] stamps) {
        int stage = stages - 1;
        while (stage > 0 && stamps[stage] == Stamps.MISSING) {
            stage--;
        }
        return stage;
    }
}
