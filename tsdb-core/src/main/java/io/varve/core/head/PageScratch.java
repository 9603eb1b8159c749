package io.varve.core.head;

import io.varve.codec.PageCodec;

/** What a thread needs to decode pages of the head. */
final class PageScratch {

    final PageCodec codec;
    final double[] values = new double[PageLayout.PAGE];
    final byte[] bytes = new byte[PageCodec.maxEncodedBytes(PageLayout.PAGE)];

    /** Bytes of pages that were decoded since somebody last set it to zero. */
    long read;

    PageScratch(PageCodec codec) {
        this.codec = codec;
    }
}
