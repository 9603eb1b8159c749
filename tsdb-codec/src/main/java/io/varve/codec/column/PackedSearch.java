package io.varve.codec.column;

/**
 * The window of sorted residuals that is cheapest to pack in a fixed width while those outside become patches. Windows
 * begin at a few of the smallest residuals; for each width a binary search tells how many lie beyond. One thread.
 */
final class PackedSearch {

    /** Windows begin behind none, or one in so many, of the residuals. */
    private static final int[] SKIPPED = {0, 1_024, 256, 64, 32};

    private long base;
    private int width;
    private double bits;

    /**
     * Searches.
     *
     * @param sorted unsigned residuals in ascending order, the first one 0
     */
    void search(long[] sorted, int n) {
        bits = Double.MAX_VALUE;
        int before = -1;
        for (int part : SKIPPED) {
            int skipped = part == 0 ? 0 : n / part;
            if (skipped != before) {
                before = skipped;
                from(sorted, n, skipped);
            }
        }
    }

    private void from(long[] sorted, int n, int skipped) {
        long low = sorted[skipped];
        long highest = sorted[n - 1] - low;
        int most = Long.SIZE - Long.numberOfLeadingZeros(highest);
        double below = skipped * patchBits(low);
        for (int w = most; w >= 0; w--) {
            int within = w == Long.SIZE ? n : countUpTo(sorted, n, low, w == 0 ? 0 : -1L >>> (Long.SIZE - w));
            int beyond = n - within;
            double cost = (double) n * w + below + beyond * patchBits(highest);
            if (cost < bits) {
                bits = cost;
                base = low;
                width = w;
            }
            if (beyond * 4 > n && w > 0) {
                break;
            }
        }
    }

    /** A byte for the gap, and a signed varint. */
    private static double patchBits(long value) {
        return 16 + 8 * ((Long.SIZE - Long.numberOfLeadingZeros(value)) / 7.0);
    }

    private static int countUpTo(long[] sorted, int n, long low, long limit) {
        int from = 0;
        int to = n;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (Long.compareUnsigned(sorted[middle], low) < 0
                    || Long.compareUnsigned(sorted[middle] - low, limit) <= 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** Where the window begins. */
    long base() {
        return base;
    }

    /** Bits of a residual in the window. */
    int width() {
        return width;
    }

    /** Bits of residuals and patches. */
    double bits() {
        return bits;
    }
}
