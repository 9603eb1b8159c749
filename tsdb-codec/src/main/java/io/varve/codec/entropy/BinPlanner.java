package io.varve.codec.entropy;

/**
 * Plans the bins for a set of residuals: sorted residuals are cut into groups, and dynamic programming over the groups
 * finds the cut into bins with the fewest bits, those of the table included (after pcodec, which chooses its bins this
 * way; here a group never parts equal residuals, so frequent ones become symbols without plain bits). Holds scratch
 * memory: one thread at a time.
 */
public final class BinPlanner {

    /** At most so many groups of equal size; a residual more frequent than a group is a group of its own. */
    private static final int QUANTILES = 112;

    /** The same for a sample, from which only the size is wanted. */
    private static final int SAMPLE_QUANTILES = 48;

    /** A group has at least as many residuals: fewer could not pay for a bin's place in the table. */
    private static final int LEAST_GROUP = 10;

    /** Most groups of a bin: beyond, a bin more costs less than looking for its best end. */
    private static final int LONGEST = 40;

    private static final int MAX_GROUPS = 2 * QUANTILES + 2;

    /** With at most so many groups each may be a bin for itself. */
    private static final int SEPARATE = 48;

    /** Columns shorter than these have shorter codes. */
    private static final int SHORT = 2_048;

    private static final int LONG = 8_192;

    /** What a bin costs in the table of a page beside its gap: its own bits, and the time to read and spread it. */
    public static final int IN_A_PAGE = 28;

    /** The same in a model's table, which is read once for many pages. */
    public static final int IN_A_MODEL = 8;

    /** And for each binary digit of its gap. */
    private static final float GAP_BITS = 2;

    private final long[] low = new long[MAX_GROUPS];
    private final long[] high = new long[MAX_GROUPS];
    private final int[] before = new int[MAX_GROUPS + 1];

    /** Least bits of all groups before, and of the gap behind them. */
    private final float[] lead = new float[MAX_GROUPS + 1];

    private final int[] from = new int[MAX_GROUPS + 1];
    private final int[] cut = new int[MAX_GROUPS + 1];
    private final int[] counts = new int[MAX_GROUPS];
    private final long[] highest = new long[MAX_GROUPS];
    private final CodeLengths lengths = new CodeLengths();
    private final int tableBits;
    private int groups;

    /**
     * A planner.
     *
     * @param tableBits what a bin costs: {@link #IN_A_PAGE} or {@link #IN_A_MODEL}
     */
    public BinPlanner(int tableBits) {
        this.tableBits = tableBits;
    }

    /**
     * Plans bins.
     *
     * @param sorted residuals in ascending order, the first one 0, the last below 2^44
     * @param n 1 or more
     * @param weight how many residuals one of the sorted stands for, if they are a sample: scales the table's price
     * @return bits of table and residuals together
     */
    public double plan(long[] sorted, int n, double weight, Bins bins) {
        group(sorted, n, weight == 1 ? QUANTILES : SAMPLE_QUANTILES);
        float table = (float) (tableBits / weight);
        float gapBits = (float) (GAP_BITS / weight);
        lead[0] = 0;
        for (int j = 1; j <= groups; j++) {
            float least = Float.MAX_VALUE;
            int start = 0;
            long end = high[j - 1];
            int last = before[j];
            for (int i = j - 1; i >= Math.max(0, j - LONGEST); i--) {
                int count = last - before[i];
                int plain = bitLength(end - low[i]);
                if (plain > Bins.MAX_EXTRA) {
                    break;
                }
                float bits = lead[i] + table + (float) count * plain - Log2.nLogN(count);
                if (bits < least) {
                    least = bits;
                    start = i;
                }
            }
            from[j] = start;
            long gap = j < groups ? low[j] - end : 0;
            lead[j] = least + gapBits * bitLength(gap >>> 1);
        }
        double bits = take(n, bins, weight);
        return groups <= SEPARATE && bins.size < groups ? orSeparate(n, bits, bins, weight) : bits;
    }

    /**
     * The cut is best for a code of fractional lengths. With few bins real lengths may lose more than the cut saves:
     * then each group for itself may be better.
     */
    private double orSeparate(int n, double bits, Bins bins, double weight) {
        int size = bins.size;
        System.arraycopy(from, 0, cut, 0, groups + 1);
        for (int j = 1; j <= groups; j++) {
            from[j] = j - 1;
        }
        double separate = take(n, bins, weight);
        if (separate + (double) tableBits * (groups - size) < bits) {
            return separate;
        }
        System.arraycopy(cut, 0, from, 0, groups + 1);
        return take(n, bins, weight);
    }

    /** Cuts the sorted residuals into groups. */
    private void group(long[] sorted, int n, int most) {
        int share = Math.max(1, n / Math.min(most, Math.max(16, n / LEAST_GROUP)));
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
    private double take(int n, Bins bins, double weight) {
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
        lengths.compute(counts, size, longestCode(n), bins.length);
        bins.assignCodes();
        double bits = bins.tableBits();
        double members = 0;
        for (int i = 0; i < size; i++) {
            members += (double) counts[i] * (bins.length[i] + bins.extra[i]);
        }
        return bits + members * weight;
    }

    /** Short columns have short codes: a decode table of twice the size costs more time than its longest codes save. */
    private static int longestCode(int n) {
        return n < SHORT ? Bins.MAX_CODE - 2 : n < LONG ? Bins.MAX_CODE - 1 : Bins.MAX_CODE;
    }

    private static int bitLength(long value) {
        return Long.SIZE - Long.numberOfLeadingZeros(value);
    }
}
