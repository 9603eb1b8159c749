package io.varve.codec.number;

/** How the values of a page relate to the integers that are stored. The ids stand in files and never change. */
public enum NumberMode {
    /** All values have the same 64 bits; no integers follow. */
    CONSTANT(0),
    /** The integer itself; for doubles one of at most 53 bits. */
    INTEGER(1),
    /** m / 10^e, correctly rounded; m as for {@link #INTEGER}. */
    DECIMAL(2),
    /** The bits of the double, mapped so that integers are ordered as the doubles are. */
    ORDERED_BITS(3);

    private static final NumberMode[] BY_ID = values();

    private final int id;

    NumberMode(int id) {
        this.id = id;
    }

    /** The id in files. */
    public int id() {
        return id;
    }

    /** Whether an id is known. */
    public static boolean isKnown(int id) {
        return id >= 0 && id < BY_ID.length;
    }

    /** The mode of a known id. */
    public static NumberMode byId(int id) {
        return BY_ID[id];
    }
}
