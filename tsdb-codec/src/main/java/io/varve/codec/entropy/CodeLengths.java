package io.varve.codec.entropy;

import io.varve.codec.bits.RadixSort;

/**
 * Lengths of a prefix code of least cost for given frequencies, of limited length. The optimal
 * lengths are computed in place from sorted frequencies (Moffat and Katajainen, "In-place calculation of
 * minimum-redundancy codes", WADS 1995); codes that come out too long are shortened, and what the code then has too
 * much is taken back from the symbols where a bit more costs least. Holds scratch memory: one thread at a time.
 */
final class CodeLengths {

    private static final int INDEX_BITS = 16;

    private final long[] order = new long[Bins.MAX_BINS];
    private final RadixSort sorting = new RadixSort(Bins.MAX_BINS);
    private final int[] work = new int[Bins.MAX_BINS];

    /**
     * Computes the lengths.
     *
     * @param counts how often each symbol occurs, 1 or more
     * @param n symbols; a single one gets length 0
     * @param longest the longest code, of at least as many bits as tell the symbols apart
     */
    void compute(int[] counts, int n, int longest, byte[] lengths) {
        if (n == 1) {
            lengths[0] = 0;
            return;
        }
        for (int i = 0; i < n; i++) {
            order[i] = ((long) counts[i] << INDEX_BITS) | i;
        }
        long[] sorted = sorting.sort(order, 0, n);
        for (int i = 0; i < n; i++) {
            order[i] = sorted[i] + sorting.least();
            work[i] = (int) (order[i] >>> INDEX_BITS);
        }
        minimumRedundancy(work, n);
        limit(n, longest);
        for (int i = 0; i < n; i++) {
            lengths[(int) order[i] & 0xffff] = (byte) work[i];
        }
    }

    /** Frequencies in ascending order become lengths in descending order. */
    private static void minimumRedundancy(int[] a, int n) {
        a[0] += a[1];
        int root = 0;
        int leaf = 2;
        for (int next = 1; next < n - 1; next++) {
            if (leaf >= n || a[root] < a[leaf]) {
                a[next] = a[root];
                a[root++] = next;
            } else {
                a[next] = a[leaf++];
            }
            if (leaf >= n || (root < next && a[root] < a[leaf])) {
                a[next] += a[root];
                a[root++] = next;
            } else {
                a[next] += a[leaf++];
            }
        }
        a[n - 2] = 0;
        for (int next = n - 3; next >= 0; next--) {
            a[next] = a[a[next]] + 1;
        }
        int available = 1;
        int used = 0;
        int depth = 0;
        root = n - 2;
        int next = n - 1;
        while (available > 0) {
            while (root >= 0 && a[root] == depth) {
                used++;
                root--;
            }
            while (available > used) {
                a[next--] = depth;
                available--;
            }
            available = 2 * used;
            depth++;
            used = 0;
        }
    }

    /** Cuts lengths to the limit and restores a complete code; the rarest symbols stand first. */
    private void limit(int n, int most) {
        long full = 1L << most;
        long kraft = 0;
        for (int i = 0; i < n; i++) {
            work[i] = Math.min(work[i], most);
            kraft += full >>> work[i];
        }
        // Too much: lengthen the rarest codes that are below the limit.
        for (int i = 0; kraft > full; i = i + 1 < n ? i + 1 : 0) {
            if (work[i] < most) {
                work[i]++;
                kraft -= full >>> work[i];
            }
        }
        // Too little: shorten the most frequent codes for which there is room.
        while (kraft < full) {
            for (int i = n - 1; i >= 0 && kraft < full; i--) {
                if (full >>> work[i] <= full - kraft && work[i] > 1) {
                    kraft += full >>> work[i];
                    work[i]--;
                }
            }
        }
    }
}
