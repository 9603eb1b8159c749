package io.varve.core.model;

/** What a series (or, for metadata, a metric) can be told. Ids are stable: they stand in the ring and in blocks. */
public enum SampleKind {
    /** A 64-bit floating-point value at a time. */
    FLOAT(0),
    /** A native histogram at a time. */
    HISTOGRAM(1),
    /** An example of what was measured, with labels that lead to it. */
    EXEMPLAR(2),
    /** Type, help and unit of a metric. */
    METADATA(3),
    /** When the counting that a sample reports began. */
    START_TIME(4);

    private static final SampleKind[] ALL = {FLOAT, HISTOGRAM, EXEMPLAR, METADATA, START_TIME};

    private final int id;

    SampleKind(int id) {
        this.id = id;
    }

    /** Stable id, one byte. */
    public int id() {
        return id;
    }

    /**
     * The kind of an id.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static SampleKind byId(int id) {
        if (id < 0 || id >= ALL.length) {
            throw new IllegalArgumentException("a kind of sample: id=" + id);
        }
        return ALL[id];
    }
}
