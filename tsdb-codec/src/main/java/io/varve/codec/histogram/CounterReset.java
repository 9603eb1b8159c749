package io.varve.codec.histogram;

/** What a sample's sender knew about resets between the sample before it and this one. */
public enum CounterReset {
    /** Nothing is known: readers compare the samples. */
    UNKNOWN(0),
    /** The counters began anew. */
    RESET(1),
    /** The counters did not begin anew. */
    NOT_RESET(2),
    /** The histogram is a gauge: it has no resets. */
    GAUGE(3);

    private static final CounterReset[] ALL = {UNKNOWN, RESET, NOT_RESET, GAUGE};

    private final int id;

    CounterReset(int id) {
        this.id = id;
    }

    /** The stable number of this hint in pages, 0 to 3. */
    public int id() {
        return id;
    }

    /** The hint of a number, 0 to 3. */
    public static CounterReset byId(int id) {
        return ALL[id];
    }
}
