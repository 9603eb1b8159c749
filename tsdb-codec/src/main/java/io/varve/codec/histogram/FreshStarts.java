package io.varve.codec.histogram;

import java.util.Arrays;

/**
 * Finds the samples before which the counters of integer histograms began anew, so that their buckets are small
 * differences to zero rather than large ones to the sample before. Holds scratch memory: one thread at a time.
 */
final class FreshStarts {

    /** What a beginning must save, in bits: its mark costs some. */
    private static final long PRICE = 32;

    /** Estimates may err by such a part. */
    private static final int STILL_PART = 8;

    private long[] last = new long[0];
    private int[] epochs = new int[0];

    private long[] firsts = new long[0];

    /** Bits of the sample at hand: of differences to the sample before, and of its numbers. */
    private long plain;

    private long alone;

    /** Bits of all samples: as they were marked, and as differences to the first of each bucket. */
    private long marked;

    private long still;

    /**
     * Marks samples where counters begin anew.
     *
     * @param numbers of the samples
     * @param order has numbered the side's buckets
     * @param marks where {@link HistogramFormat#FRESH} is set
     */
    void find(HistogramColumns columns, long[] numbers, byte[] sides, int side, BucketOrder order, long[] marks) {
        int buckets = order.buckets();
        if (buckets > last.length) {
            last = new long[buckets];
            epochs = new int[buckets];
            firsts = new long[buckets];
        }
        marked = 0;
        still = 0;
        Arrays.fill(epochs, 0, buckets, -1);
        int epoch = 0;
        for (int i = 0; i < columns.size; i++) {
            if (sides[i] != side) {
                continue;
            }
            measure(columns, numbers, i, order, epoch);
            if (alone + PRICE < plain) {
                marks[i] |= HistogramFormat.FRESH;
                epoch++;
                plain = alone + PRICE;
            }
            marked += plain;
            keep(columns, numbers, i, order, epoch);
        }
    }

    /** Whether the samples of the last page may be smaller if all of them begin anew. */
    boolean looksLikeGauge() {
        return still <= marked + marked / STILL_PART;
    }

    /** Bits of a sample's differences to the sample before and to zero. */
    private void measure(HistogramColumns columns, long[] numbers, int sample, BucketOrder order, int epoch) {
        int layout = columns.layoutOf[sample];
        int start = columns.starts[sample];
        plain = 0;
        alone = 0;
        for (int p = start; p < columns.starts[sample + 1]; p++) {
            int id = order.id(layout, p - start);
            if (epochs[id] == epoch) {
                plain += bits(numbers[p] - last[id]);
                alone += bits(numbers[p]);
            }
            if (epochs[id] < 0) {
                firsts[id] = numbers[p];
            } else {
                still += bits(numbers[p] - firsts[id]);
            }
        }
    }

    private void keep(HistogramColumns columns, long[] numbers, int sample, BucketOrder order, int epoch) {
        int layout = columns.layoutOf[sample];
        int start = columns.starts[sample];
        for (int p = start; p < columns.starts[sample + 1]; p++) {
            int id = order.id(layout, p - start);
            last[id] = numbers[p];
            epochs[id] = epoch;
        }
    }

    private static int bits(long difference) {
        return Long.SIZE - Long.numberOfLeadingZeros((difference << 1) ^ (difference >> 63));
    }
}
