package io.varve.core.block;

import io.varve.codec.PageCodec;

/**
 * The large part of what decoding pages needs: about a megabyte. The sessions of one thread share it, since each page
 * is decoded in one go; whoever reads often keeps it for the next reading. Used by one thread at a time.
 */
public final class DecodeScratch {

    final PageCodec codec = new PageCodec();
    final byte[] timeBytes = new byte[BlockSession.MAX_PAGE_BYTES];
    final long[] times = new long[BlockFormat.PAGE_ROWS];

    /** The codec, for whoever decodes pages that do not stand in a block. */
    public PageCodec codec() {
        return codec;
    }
}
