package io.varve.codec.entropy;

import java.util.Arrays;

/**
 * Finds the bin of a residual while a column is encoded: by a map where the bins span little, else by a search whose
 * steps do not branch. Holds scratch memory: one thread at a time.
 */
final class BinFinder {

    private static final int MAPPED = 8_192;

    private final short[] map = new short[MAPPED];
    private final long[] lower = new long[Bins.MAX_BINS];
    private int first;
    private boolean mapped;

    /** Prepares for these bins; residuals are covered by them. */
    void prepare(Bins bins) {
        int n = bins.size;
        long end = bins.lower[n - 1] + (1L << bins.extra[n - 1]);
        mapped = end <= MAPPED;
        if (mapped) {
            for (int i = 0; i < n; i++) {
                int to = i + 1 < n ? (int) bins.lower[i + 1] : (int) end;
                Arrays.fill(map, (int) bins.lower[i], to, (short) i);
            }
            return;
        }
        System.arraycopy(bins.lower, 0, lower, 0, n);
        first = Integer.highestOneBit(n);
        Arrays.fill(lower, n, Math.min(lower.length, 2 * first), Long.MAX_VALUE);
    }

    int find(long residual) {
        if (mapped) {
            return map[(int) residual];
        }
        int bin = 0;
        for (int half = first; half > 0; half >>= 1) {
            int probe = bin + half;
            bin = probe < Bins.MAX_BINS && lower[probe] <= residual ? probe : bin;
        }
        return bin;
    }
}
