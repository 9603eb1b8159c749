package io.varve.codec;

/**
 * First bytes of pages (the format, 1, in the high nibble; the kind in the low one) and flags of the number mode.
 * Kind 3 is {@link io.varve.codec.histogram.HistogramPageCodec}'s.
 */
final class PageKinds {

    static final int TIMES = 0x10;
    static final int VALUES = 0x11;

    /** Values with a coding model. */
    static final int MODELLED = 0x12;

    // What stands above the four bits of the number mode.

    /** Distances in the last place, as a column. */
    static final int ULPS = 0x10;

    static final int EXCEPTIONS = 0x20;

    /** Distances in the last place, as a list of those that are not 0. */
    static final int ULP_LIST = 0x40;

    static final int UNUSED = 0x80;

    private PageKinds() {}
}
