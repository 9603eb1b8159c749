package io.varve.query.kernel;

import java.util.Arrays;

/**
 * The keys of a window in order, kept so while it slides: few that come or go are put in and taken out one by one, many
 * are merged in one pass. Grows as it is filled; one thread.
 */
public final class SortedWindow {

    /** How many keys a pass over all may move for the price of finding and moving one. */
    private static final int PASS = 48;

    private long[] keys = new long[64];
    private long[] spare = new long[64];
    private int size;

    /** Forgets all keys. */
    public void clear() {
        size = 0;
    }

    /** Number of keys. */
    public int size() {
        return size;
    }

    /** The key of a rank from 0. */
    public long at(int rank) {
        return keys[rank];
    }

    /** Bytes that are held for so many keys. */
    public static long bytes(long keys) {
        return 32 * keys;
    }

    /**
     * Takes keys away, and adds others. Both arrays are sorted here.
     *
     * @param gone keys that are in the window, from index 0
     * @param come new keys, from index 0
     */
    public void slide(long[] gone, int goneCount, long[] come, int comeCount) {
        if ((long) (goneCount + comeCount) * PASS < size) {
            for (int i = 0; i < goneCount; i++) {
                remove(gone[i]);
            }
            for (int i = 0; i < comeCount; i++) {
                insert(come[i]);
            }
            return;
        }
        Arrays.sort(gone, 0, goneCount);
        Arrays.sort(come, 0, comeCount);
        merge(gone, goneCount, come, comeCount);
    }

    private void remove(long key) {
        int at = place(key);
        System.arraycopy(keys, at + 1, keys, at, size - at - 1);
        size--;
    }

    private void insert(long key) {
        int found = Arrays.binarySearch(keys, 0, size, key);
        int at = found < 0 ? -found - 1 : found;
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
        }
        System.arraycopy(keys, at, keys, at + 1, size - at);
        keys[at] = key;
        size++;
    }

    private int place(long key) {
        int at = Arrays.binarySearch(keys, 0, size, key);
        if (at < 0) {
            throw new AssertionError("BUG: a key that leaves a window was never in it: key=" + key);
        }
        return at;
    }

    private void merge(long[] gone, int goneCount, long[] come, int comeCount) {
        int most = size + comeCount;
        if (spare.length < most) {
            spare = new long[Math.max(most, 2 * spare.length)];
        }
        int g = 0;
        int c = 0;
        int out = 0;
        for (int i = 0; i < size; i++) {
            long key = keys[i];
            if (g < goneCount && gone[g] == key) {
                g++;
                continue;
            }
            while (c < comeCount && come[c] < key) {
                spare[out++] = come[c++];
            }
            spare[out++] = key;
        }
        if (g < goneCount) {
            throw new AssertionError("BUG: a key that leaves a window was never in it: key=" + gone[g]);
        }
        System.arraycopy(come, c, spare, out, comeCount - c);
        size = out + comeCount - c;
        long[] merged = spare;
        spare = keys;
        keys = merged;
    }

    /** A quantile as {@link Quantiles#ofSorted} gives it, of at least one key; q lies from 0 to 1. */
    public double quantile(double q) {
        double rank = q * (size - 1);
        int lower = (int) rank;
        return Selection.between(keys[lower], keys[Math.min(size - 1, lower + 1)], rank - lower);
    }
}
