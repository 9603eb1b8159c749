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
    ORDERED_BITS(3),
    /** (m / 10^a) / 10^(e-a), both correctly rounded: percentages and unit conversions divide twice. */
    DIVIDED_TWICE(4),
    /** The float32 nearest to m / 10^e, widened. */
    FLOAT_DECIMAL(5),
    /** m times a base that the page gives. */
    MULTIPLE(6),
    /** The m-th of a sorted list of the page's distinct values. */
    DICTIONARY(7);

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

    /** Whether an exponent says how integers become values. */
    public boolean hasExponent() {
        return this == DECIMAL || this == DIVIDED_TWICE || this == FLOAT_DECIMAL;
    }
}
