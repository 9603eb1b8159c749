package io.varve.codec;

/**
 * First bytes of pages: the format, 1, in the high nibble; the kind in the low one. And flags of the number mode.
 * Kind 3 is {@link io.varve.codec.histogram.HistogramPageCodec}'s.
 */
final class PageKinds {

    static final int TIMES = 0x10;
    static final int VALUES = 0x11;

    /** A value's mode byte: the mode, four bits; then these. */
    static final int MODE = 0x0f;

    static final int ULPS = 0x10;
    static final int EXCEPTIONS = 0x20;
    static final int UNUSED = 0xc0;

    private PageKinds() {}
}
