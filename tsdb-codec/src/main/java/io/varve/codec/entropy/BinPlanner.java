package io.varve.codec.entropy;

/**
 * Plans the bins for a set of residuals: sorted residuals are cut into groups, and dynamic programming over the groups
 * finds the cut into bins with the fewest bits, those of the table included (after pcodec, which chooses its bins this
 * way; here a group never parts equal residuals, so frequent ones become symbols without plain bits). Holds scratch
 * memory: one thread at a time.
 */
public final class BinPlanner {

    /** As many groups of equal size; a residual more frequent than a group is a group of its own. */
    private static final int QUANTILES = 144;

    private static final int MAX_GROUPS = 2 * QUANTILES + 2;

    /** What a bin costs in the table beside its gap. */
    private static final float TABLE_BITS = 7;

    /** And for each binary digit of its gap. */
    private static final float GAP_BITS = 2;

    private final long[] low = new long[MAX_GROUPS];
    private final long[] high = new long[MAX_GROUPS];
    private final int[] before = new int[MAX_GROUPS + 1];
    private final float[] best = new float[MAX_GROUPS + 1];
    private final int[] from = new int[MAX_GROUPS + 1];
    private final int[] counts = new int[MAX_GROUPS];
    private final long[] highest = new long[MAX_GROUPS];
    private final CodeLengths lengths = new CodeLengths();
    private int groups;

    /**
     * Plans bins.
     *
     * @param sorted residuals in ascending order, the first one 0, the last below 2^50
     * @param n 1 or more
     * @param weight how many residuals one of the sorted stands for, if they are a sample: scales the table's price
     * @return bits of table and residuals together
     */
    public double plan(long[] sorted, int n, double weight, Bins bins) {
        group(sorted, n);
        float table = (float) (TABLE_BITS / weight);
        float gapBits = (float) (GAP_BITS / weight);
        best[0] = 0;
        for (int j = 1; j <= groups; j++) {
            float least = Float.MAX_VALUE;
            int start = 0;
            long end = high[j - 1];
            for (int i = j - 1; i >= 0; i--) {
                int count = before[j] - before[i];
                int plain = bitLength(end - low[i]);
                float members = (float) count * plain - Log2.nLogN(count);
                if (plain > Bins.MAX_EXTRA) {
                    break;
                }
                long gap = i == 0 ? 0 : low[i] - high[i - 1];
                float bits = best[i] + members + table + gapBits * bitLength(gap >>> 1);
                if (bits < least) {
                    least = bits;
                    start = i;
                }
            }
            best[j] = least;
            from[j] = start;
        }
        return take(bins, weight);
    }

    /** Cuts the sorted residuals into groups. */
    private void group(long[] sorted, int n) {
        int share = Math.max(1, n / QUANTILES);
        groups = 0;
        before[0] = 0;
        int start = 0;
        for (int i = 0; i < n; ) {
            long value = sorted[i];
            int end = i + 1;
            while (end < n && sorted[end] == value) {
                end++;
            }
            boolean frequent = end - i >= share;
            if (frequent && start < i) {
                close(sorted, start, i);
                start = i;
            }
            if (end - start >= share || end == n) {
                close(sorted, start, end);
                start = end;
            }
            i = end;
        }
    }

    private void close(long[] sorted, int start, int end) {
        low[groups] = sorted[start];
        high[groups] = sorted[end - 1];
        before[++groups] = end;
    }

    /** Reads the cut from its end, gives codes their lengths and counts the bits. */
    private double take(Bins bins, double weight) {
        int size = 0;
        for (int j = groups; j > 0; j = from[j]) {
            size++;
        }
        bins.size = size;
        int at = size;
        for (int j = groups; j > 0; j = from[j]) {
            int i = from[j];
            at--;
            bins.lower[at] = low[i];
            bins.extra[at] = (byte) bitLength(high[j - 1] - low[i]);
            counts[at] = before[j] - before[i];
            highest[at] = high[j - 1];
        }
        for (int i = 1; i < size; i++) {
            // Any lower end will do that covers the bin; the end of the bin before costs least in the table.
            long end = bins.lower[i - 1] + (1L << bins.extra[i - 1]);
            long least = Math.max(bins.lower[i - 1] + 1, highest[i] - (1L << bins.extra[i]) + 1);
            bins.lower[i] = Math.min(bins.lower[i], Math.max(least, end));
        }
        lengths.compute(counts, size, bins.length);
        double bits = bins.tableBits();
        double members = 0;
        for (int i = 0; i < size; i++) {
            members += (double) counts[i] * (bins.length[i] + bins.extra[i]);
        }
        return bits + members * weight;
    }

    private static int bitLength(long value) {
        return Long.SIZE - Long.numberOfLeadingZeros(value);
    }
}
