package io.varve.core.model;

/** What a histogram's sender knew about resets of its counters between the histogram before and this one. */
public enum ResetHint {
    /** Nothing is known: readers compare the histograms. */
    UNKNOWN(0),
    /** The counters began anew. */
    RESET(1),
    /** The counters did not begin anew. */
    NOT_RESET(2),
    /** The histogram is a gauge: it has no resets. */
    GAUGE(3);

    private static final ResetHint[] ALL = {UNKNOWN, RESET, NOT_RESET, GAUGE};

    private final int id;

    ResetHint(int id) {
        this.id = id;
    }

    /** Stable number in files, 0 to 3. */
    public int id() {
        return id;
    }

    /** The hint of a number, 0 to 3. */
    public static ResetHint byId(int id) {
        return ALL[id];
    }
}
