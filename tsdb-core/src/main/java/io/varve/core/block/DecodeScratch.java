package io.varve.core.block;

import io.varve.codec.PageCodec;
import io.varve.codec.histogram.HistogramPageCodec;
import org.jspecify.annotations.Nullable;

/**
 * The large part of what decoding pages needs: about a megabyte. The sessions of one thread share it, since each page
 * is decoded in one go; whoever reads often keeps it for the next reading. Used by one thread at a time.
 */
public final class DecodeScratch {

    final PageCodec codec = new PageCodec();
    final byte[] timeBytes = new byte[BlockSession.MAX_PAGE_BYTES];
    final long[] times = new long[BlockFormat.PAGE_ROWS];

    final ModelUse models = new ModelUse();

    private @Nullable HistogramPageCodec histogramCodec;
    private byte[] histogramBytes = {};

    HistogramPageCodec histogramCodec() {
        HistogramPageCodec made = histogramCodec;
        if (made == null) {
            made = new HistogramPageCodec();
            histogramCodec = made;
        }
        return made;
    }

    /** Room for so many bytes of a page of histograms, whose length was checked. */
    byte[] histogramBytes(int length) {
        if (histogramBytes.length < length) {
            histogramBytes = new byte[Math.max(length, 2 * histogramBytes.length)];
        }
        return histogramBytes;
    }

    /** Coding models that pages asked for and that had been read before, since this was asked last. */
    public int takeModelHits() {
        return models.takeHits();
    }

    /** Coding models that had to be read for pages, since this was asked last. */
    public int takeModelMisses() {
        return models.takeMisses();
    }

    /** The codec, for whoever decodes pages that do not stand in a block. */
    public PageCodec codec() {
        return codec;
    }
}
