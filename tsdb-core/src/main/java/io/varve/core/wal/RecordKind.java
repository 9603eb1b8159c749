package io.varve.core.wal;

import org.jspecify.annotations.Nullable;

/** What a record of the log holds. Ids are stable. */
public enum RecordKind {
    /** New series: references with their labels. */
    SERIES(1),
    /** Samples with 64-bit floating-point values. */
    FLOATS(2),
    /** Nothing but how far the log is durable; makes damage to the records before it tell from a torn tail. */
    MARK(3),
    /** Samples before this place are deleted: matchers and a range. */
    DELETION(4),
    /** Native histograms, as forms. */
    HISTOGRAMS(16),
    /** Exemplars, as forms. */
    EXEMPLARS(17),
    /** Metadata of metrics, as forms. */
    METADATA(18),
    /** When series began to count. */
    START_TIMES(19);

    private final int id;

    RecordKind(int id) {
        this.id = id;
    }

    /** Stable id, 1 to 63. */
    public int id() {
        return id;
    }

    /** The kind of an id, or null if this version knows none. */
    static @Nullable RecordKind of(int id) {
        return switch (id) {
            case 1 -> SERIES;
            case 2 -> FLOATS;
            case 3 -> MARK;
            case 4 -> DELETION;
            case 16 -> HISTOGRAMS;
            case 17 -> EXEMPLARS;
            case 18 -> METADATA;
            case 19 -> START_TIMES;
            default -> null;
        };
    }
}
