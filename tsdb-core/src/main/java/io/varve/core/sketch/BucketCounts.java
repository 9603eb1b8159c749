package io.varve.core.sketch;

import java.util.Arrays;

/**
 * Counts of consecutive buckets: a dense window of the index axis that grows at both ends. Not thread-safe.
 */
final class BucketCounts {

    private static final int INITIAL = 16;

    private long[] counts = new long[0];
    /** Index of {@code counts[0]}. */
    private int base;
    /** Lowest and highest index with a count; without meaning while {@link #isEmpty()}. */
    private int low;

    private int high = -1;
    private boolean empty = true;

    boolean isEmpty() {
        return empty;
    }

    int low() {
        return low;
    }

    int high() {
        return high;
    }

    long at(int index) {
        int slot = index - base;
        return slot < 0 || slot >= counts.length ? 0 : counts[slot];
    }

    /** The counts, of which {@link #span} from {@link #lowSlot} on are in use; not to be changed. */
    long[] counts() {
        return counts;
    }

    /** Place of the lowest bucket in {@link #counts}. */
    int lowSlot() {
        return low - base;
    }

    /** Buckets from the lowest to the highest in use. */
    int span() {
        return empty ? 0 : high - low + 1;
    }

    /** Buckets from the lowest to the highest in use, were some in use too. */
    int spanWith(int first, int last) {
        return empty ? last - first + 1 : Math.max(high, last) - Math.min(low, first) + 1;
    }

    /** Adds counts of consecutive buckets if they lie between the lowest and the highest in use; false if not. */
    boolean addWithin(int first, long[] added, int from, int length) {
        if (empty || first < low || first + length - 1 > high) {
            return false;
        }
        int to = first - base;
        long[] own = counts;
        for (int i = 0; i < length; i++) {
            own[to + i] += added[from + i];
        }
        return true;
    }

    /** Adds counts of consecutive buckets, of which the first and the last are not 0. */
    void addRun(int first, long[] added, int from, int length) {
        int last = first + length - 1;
        if (empty && length > counts.length) {
            counts = new long[Math.max(INITIAL, length + length / 2)];
            base = first - (counts.length - length) / 2;
        } else {
            reserve(first);
            low = empty ? first : Math.min(low, first);
            high = empty ? first : Math.max(high, first);
            empty = false;
            reserve(last);
        }
        low = empty ? first : Math.min(low, first);
        high = empty ? last : Math.max(high, last);
        empty = false;
        int to = first - base;
        long[] own = counts;
        for (int i = 0; i < length; i++) {
            own[to + i] += added[from + i];
        }
    }

    /** Buckets from the lowest to the highest in use, were {@code index} in use too. */
    int spanWith(int index) {
        return empty ? 1 : Math.max(high, index) - Math.min(low, index) + 1;
    }

    void add(int index, long count) {
        reserve(index);
        counts[index - base] += count;
        low = empty ? index : Math.min(low, index);
        high = empty ? index : Math.max(high, index);
        empty = false;
    }

    /** Folds {@code 2^steps} buckets into one. */
    void downscale(int steps) {
        if (empty || steps == 0) {
            return;
        }
        int newLow = BucketScale.coarser(low, steps);
        int newHigh = BucketScale.coarser(high, steps);
        long[] folded = new long[newHigh - newLow + 1];
        for (int i = low; i <= high; i++) {
            folded[BucketScale.coarser(i, steps) - newLow] += counts[i - base];
        }
        counts = folded;
        base = newLow;
        low = newLow;
        high = newHigh;
    }

    private void reserve(int index) {
        int slot = index - base;
        if (slot >= 0 && slot < counts.length) {
            return;
        }
        if (empty) {
            counts = counts.length == 0 ? new long[INITIAL] : counts;
            base = index - counts.length / 2;
            return;
        }
        int newLow = Math.min(low, index);
        int span = Math.max(high, index) - newLow + 1;
        long[] grown = new long[Math.max(INITIAL, span + span / 2)];
        int newBase = newLow - (grown.length - span) / 2;
        System.arraycopy(counts, low - base, grown, low - newBase, high - low + 1);
        counts = grown;
        base = newBase;
    }

    BucketCounts copy() {
        BucketCounts copy = new BucketCounts();
        copy.counts = Arrays.copyOf(counts, counts.length);
        copy.base = base;
        copy.low = low;
        copy.high = high;
        copy.empty = empty;
        return copy;
    }
}
