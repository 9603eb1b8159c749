package io.varve.server.write;

import io.varve.core.model.HistogramLayout;
import io.varve.core.model.TimeSource;
import io.varve.server.health.RequestPeaks;

/**
 * What one write request may cost.
 *
 * @param decodedBytes bytes that a request may expand to; a request over it is refused as a whole
 * @param keptBytes bytes of a buffer above which it is not kept for the next request
 * @param labels labels of a series, its name included
 * @param nameBytes bytes of a label's name in UTF-8
 * @param valueBytes bytes of a label's value in UTF-8
 * @param histogramBuckets buckets of a native histogram, its zero bucket not counted
 * @param histograms native histograms of a request; those beyond are refused
 * @param lineBytes bytes of a line of text
 * @param textBytes bytes that an import may expand to
 * @param inFlight requests that are decoded or wait for their commit at a time, over all doors of one kind
 * @param peaks takes note of what requests ask for of all this
 */
public record WriteLimits(
        int decodedBytes,
        int keptBytes,
        int labels,
        int nameBytes,
        int valueBytes,
        int histogramBuckets,
        int histograms,
        int lineBytes,
        long textBytes,
        int inFlight,
        RequestPeaks peaks) {

    private static final int HISTOGRAM_BUCKETS = HistogramLayout.MAX_BUCKETS;
    private static final int HISTOGRAMS = 100_000;

    /** Every limit is at least 1. */
    public WriteLimits {
        long least = Math.min(Math.min(decodedBytes, keptBytes), Math.min(labels, nameBytes));
        least = Math.min(least, Math.min(histogramBuckets, histograms));
        least = Math.min(least, Math.min(Math.min(valueBytes, lineBytes), Math.min(textBytes, inFlight)));
        if (least < 1) {
            throw new IllegalArgumentException("write limits are at least 1: least=" + least);
        }
    }

    /** Limits whose use nobody asks for, with histograms as large as the store takes them, 100,000 in a request. */
    public WriteLimits(
            int decodedBytes,
            int keptBytes,
            int labels,
            int nameBytes,
            int valueBytes,
            int lineBytes,
            long textBytes,
            int inFlight) {
        this(
                decodedBytes,
                keptBytes,
                labels,
                nameBytes,
                valueBytes,
                HISTOGRAM_BUCKETS,
                HISTOGRAMS,
                lineBytes,
                textBytes,
                inFlight,
                new RequestPeaks(TimeSource.system()));
    }

    /** 32 MiB decoded, 4 MiB kept, 256 labels of 1 KiB and 16 KiB, lines of 256 KiB, 4 GiB of text, 128 requests. */
    public static WriteLimits defaults() {
        return new WriteLimits(32 << 20, 4 << 20, 256, 1 << 10, 16 << 10, 256 << 10, 4L << 30, 128);
    }
}
