package io.varve.codec.predict;

import io.varve.codec.bits.RadixSort;
import java.util.Arrays;

/**
 * The size classes of a page's residuals on both sides of a centre, and the window of values that is cheapest to store
 * in a fixed width while everything outside becomes a patch. One pass over the residuals; all windows are then compared
 * by their computed size. Holds scratch memory: one thread at a time.
 */
final class ResidualWindow {

    private static final int CLASSES = Long.SIZE + 1;
    private static final int LARGEST_SAMPLE = 128;
    private static final int LEAST_SAMPLE = 9;
    private static final int SAMPLED_PART = 8;

    private final long[] sample = new long[LARGEST_SAMPLE];
    private final RadixSort sorting = new RadixSort(LARGEST_SAMPLE);
    private final int[] below = new int[CLASSES];
    private final int[] above = new int[CLASSES];
    private final long[] lowest = new long[CLASSES];
    private final long[] highest = new long[CLASSES];
    private final long[] costBelow = new long[CLASSES];
    private final long[] costAbove = new long[CLASSES];

    private int count;
    private long centre;

    private long base;
    private int width;

    /** Counts the residuals into classes around the median of a sample. */
    void analyse(long[] residuals, int n) {
        count = n;
        takeSample(residuals, n);
        Arrays.fill(below, 0);
        Arrays.fill(above, 0);
        Arrays.fill(lowest, 0);
        Arrays.fill(highest, 0);
        long c = centre;
        for (int i = 0; i < n; i++) {
            long distance = residuals[i] - c;
            if (distance >= 0) {
                int size = Long.SIZE - Long.numberOfLeadingZeros(distance);
                above[size]++;
                highest[size] = Math.max(highest[size], distance);
            } else {
                int size = Long.SIZE - Long.numberOfLeadingZeros(-distance);
                below[size]++;
                lowest[size] = Math.min(lowest[size], distance);
            }
        }
        for (int size = 1; size < CLASSES; size++) {
            highest[size] = Math.max(highest[size], highest[size - 1]);
            lowest[size] = Math.min(lowest[size], lowest[size - 1]);
        }
        sumPatches(below, costBelow);
        sumPatches(above, costAbove);
    }

    private void takeSample(long[] residuals, int n) {
        int taken = Math.min(n, Math.min(LARGEST_SAMPLE, Math.max(LEAST_SAMPLE, n / SAMPLED_PART)));
        for (int i = 0; i < taken; i++) {
            sample[i] = residuals[(int) ((long) i * n / taken)];
        }
        centre = taken == 0 ? 0 : sorting.sort(sample, 0, taken)[taken / 2] + sorting.least();
    }

    /** Bits of the patches if everything above a class is one. */
    private static void sumPatches(int[] counts, long[] costs) {
        long sum = 0;
        for (int size = CLASSES - 1; size >= 0; size--) {
            costs[size] = sum;
            sum += (long) counts[size] * patchBits(size);
        }
    }

    /** A byte for the gap, and a signed varint. */
    private static int patchBits(int size) {
        return 8 + 8 * ((size + 7) / 7);
    }

    /**
     * Chooses the window; {@link #base()} and {@link #width()} tell which.
     *
     * @return computed bits of the packed residuals and the patches
     */
    long choose() {
        long best = Long.MAX_VALUE;
        for (int a = 0; a < CLASSES; a++) {
            if (a > 0 && below[a] == 0) {
                continue;
            }
            for (int b = 0; b < CLASSES; b++) {
                if (b > 0 && above[b] == 0) {
                    continue;
                }
                int bits = Long.SIZE - Long.numberOfLeadingZeros(highest[b] - lowest[a]);
                long cost = (long) count * bits + costBelow[a] + costAbove[b];
                if (cost < best) {
                    best = cost;
                    base = centre + lowest[a];
                    width = bits;
                }
            }
        }
        return best;
    }

    /** Lowest residual of the chosen window. */
    long base() {
        return base;
    }

    /** Bits of the chosen window. */
    int width() {
        return width;
    }
}
