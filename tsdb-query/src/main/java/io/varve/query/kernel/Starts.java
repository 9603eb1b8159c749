package io.varve.query.kernel;

import java.util.Arrays;

/**
 * When a series began to count, again and again. A sample counts from the latest start before it, and from none that is
 * known if there is no such start. Immutable.
 */
public final class Starts {

    /** Of no sample is anything known. */
    public static final Starts NONE = new Starts(new long[0]);

    /** Stands for a start that is not known. */
    static final long UNKNOWN = Long.MIN_VALUE;

    private final long[] starts;

    /**
     * Starts of a series.
     *
     * @param starts ticks, strictly increasing; the caller's no more
     */
    public Starts(long[] starts) {
        this.starts = starts;
    }

    /** Whether no start is known. */
    public boolean isEmpty() {
        return starts.length == 0;
    }

    /** The start of a sample, or {@link #UNKNOWN}. */
    long before(long time) {
        int place = Arrays.binarySearch(starts, time);
        int later = place < 0 ? -place - 1 : place;
        return later == 0 ? UNKNOWN : starts[later - 1];
    }

    /**
     * Whether the counting began anew between two samples that follow each other. A start at the time of the earlier
     * one counts if that one had a start itself, as where each sample says what came since the one before.
     */
    boolean isReset(long previous, long time) {
        long start = before(time);
        return start != UNKNOWN && (start > previous || (start == previous && before(previous) != UNKNOWN));
    }
}
