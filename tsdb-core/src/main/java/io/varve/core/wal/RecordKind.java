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
    DELETION(16);

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
            case 16 -> DELETION;
            default -> null;
        };
    }
}
