package io.varve.query.kernel;

import java.util.Arrays;

/**
 * Finds the keys of some ranks without sorting the rest: quickselect with the median of three, and a sort of what is
 * left should partitions not get small (C. A. R. Hoare, Algorithm 65, CACM 4, 1961).
 */
public final class Selection {

    /** Ranges this short are sorted. */
    private static final int SHORT = 24;

    /** Ranks this near to an end are found by keeping the extreme ones while passing over all once. */
    private static final int NEAR = 12;

    private Selection() {}

    /**
     * Reorders keys so that the one of a rank stands at its place, lower ones before it and higher ones behind.
     *
     * @param from first key
     * @param to behind the last key
     * @param rank {@code from} to {@code to - 1}
     */
    public static void select(long[] keys, int from, int to, int rank) {
        int low = from;
        int high = to - 1;
        int rounds = 2 * (32 - Integer.numberOfLeadingZeros(to - from));
        while (high - low >= SHORT) {
            if (rounds-- == 0) {
                break;
            }
            long pivot = pivot(keys, low, high);
            int i = low;
            int j = high;
            while (i <= j) {
                while (keys[i] < pivot) {
                    i++;
                }
                while (keys[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    long swapped = keys[i];
                    keys[i++] = keys[j];
                    keys[j--] = swapped;
                }
            }
            if (rank <= j) {
                high = j;
            } else if (rank >= i) {
                low = i;
            } else {
                return;
            }
        }
        Arrays.sort(keys, low, high + 1);
    }

    private static long pivot(long[] keys, int low, int high) {
        long a = keys[low];
        long b = keys[low + high >>> 1];
        long c = keys[high];
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    /**
     * Puts the keys of two neighbouring ranks at their places.
     *
     * @param rank of the lower one; the other is the next, if there is one
     */
    public static void selectPair(long[] keys, int from, int to, int rank) {
        select(keys, from, to, rank);
        if (rank + 1 < to) {
            int least = rank + 1;
            for (int i = rank + 2; i < to; i++) {
                least = keys[i] < keys[least] ? i : least;
            }
            long swapped = keys[rank + 1];
            keys[rank + 1] = keys[least];
            keys[least] = swapped;
        }
    }

    /**
     * A quantile as {@link Quantiles#ofSorted} gives it, of keys that are left as they are.
     *
     * @param scratch room for as many keys
     * @param q from 0 to 1
     */
    public static double quantile(long[] keys, int from, int to, double q, long[] scratch) {
        int count = to - from;
        double rank = q * (count - 1);
        int lower = (int) rank;
        int upper = Math.min(count - 1, lower + 1);
        double weight = rank - lower;
        long a;
        long b;
        if (count - lower <= NEAR) {
            int kept = count - lower;
            largest(keys, from, to, kept, scratch);
            a = scratch[kept - 1];
            b = scratch[Math.max(0, kept - 2)];
        } else if (upper < NEAR) {
            smallest(keys, from, to, upper + 1, scratch);
            a = scratch[lower];
            b = scratch[upper];
        } else {
            System.arraycopy(keys, from, scratch, 0, count);
            selectPair(scratch, 0, count, lower);
            a = scratch[lower];
            b = scratch[upper];
        }
        return between(a, b, weight);
    }

    /** The value that a quantile between two neighbours has. */
    static double between(long a, long b, double weight) {
        return SortKeys.value(a) * (1 - weight) + SortKeys.value(b) * weight;
    }

    /** The largest keys, descending. */
    private static void largest(long[] keys, int from, int to, int kept, long[] out) {
        int size = 0;
        long least = Long.MIN_VALUE;
        for (int i = from; i < to; i++) {
            long key = keys[i];
            if (size == kept && key <= least) {
                continue;
            }
            int at = size < kept ? size++ : kept - 1;
            while (at > 0 && out[at - 1] < key) {
                out[at] = out[at - 1];
                at--;
            }
            out[at] = key;
            least = out[size - 1];
        }
    }

    /** The smallest keys, ascending. */
    private static void smallest(long[] keys, int from, int to, int kept, long[] out) {
        int size = 0;
        long most = Long.MAX_VALUE;
        for (int i = from; i < to; i++) {
            long key = keys[i];
            if (size == kept && key >= most) {
                continue;
            }
            int at = size < kept ? size++ : kept - 1;
            while (at > 0 && out[at - 1] > key) {
                out[at] = out[at - 1];
                at--;
            }
            out[at] = key;
            most = out[size - 1];
        }
    }
}
