package io.varve.codec.column;

/** How patches and exceptions stand in a page; what encoder and decoder must agree on. */
final class ColumnLists {

    /** Up to so many are a plain list; more are two columns, of gaps and of values. */
    static final int LONGEST_PLAIN = 4;

    /** A column's first byte: predictor, three bits; stage, three bits; then these. */
    static final int STAGE_SHIFT = 3;

    static final int FIELD = 7;
    static final int DIVISOR = 0x40;
    static final int PATCHES = 0x80;

    private ColumnLists() {}
}
