package io.varve.codec.histogram;

/** Constants of the format that encoder and decoder must agree on. */
final class HistogramFormat {

    /** First byte of a page: format 1, kind 3. */
    static final int KIND = 0x13;

    /** Most numbers in a column; longer runs of numbers are cut into columns of as many, but for the last. */
    static final int LONGEST_COLUMN = 16_384;

    /** Flag of the page: the numbers of float histograms are whole and coded as integers. */
    static final int WHOLE = 1;

    /** A sample's mark: its hint, two bits; then these. */
    static final int HINT = 3;

    static final int STALE = 4;
    static final int FRESH = 8;

    /** With {@link #STALE}: the marker is a float histogram. */
    static final int STALE_FLOATS = 16;

    static final int MAX_MARK = 31;

    /** A layout's form: the flag of float histograms; then its schema. */
    static final int FLOATS = 1;

    static final int SCHEMA_SHIFT = 1;

    /** In place of a number of bounds: those of the layout before. */
    static final int SAME_BOUNDS = -1;

    /** Integers beyond this are not all doubles. */
    static final long MAX_WHOLE = 1L << 53;

    private HistogramFormat() {}
}
