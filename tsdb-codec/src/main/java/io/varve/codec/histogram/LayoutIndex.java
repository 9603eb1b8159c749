package io.varve.codec.histogram;

import java.util.Arrays;

/** Finds equal layouts: a hash table with linear probing over their numbers. One thread at a time. */
final class LayoutIndex {

    private static final int FIRST_SLOTS = 16;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final HistogramLayouts layouts;

    /** Numbers of layouts plus one; 0 is free. */
    private int[] slots = new int[FIRST_SLOTS];

    private int used;
    private int entered;

    LayoutIndex(HistogramLayouts layouts) {
        this.layouts = layouts;
    }

    void clear() {
        if (used > 0) {
            Arrays.fill(slots, 0);
        }
        used = 0;
        entered = 0;
    }

    /**
     * Finds the layout that equals one.
     *
     * @param size how many layouts there are; those that came since the last call are entered now, so that a page that
     *     is only decoded needs no table
     * @return its number, or -1
     */
    int find(int layout, int size) {
        for (; entered < size; entered++) {
            if (find(entered) < 0) {
                add(entered);
            }
        }
        return find(layout);
    }

    private int find(int layout) {
        for (int at = hash(layout); slots[at & (slots.length - 1)] != 0; at++) {
            int other = slots[at & (slots.length - 1)] - 1;
            if (equal(layout, other)) {
                return other;
            }
        }
        return -1;
    }

    private void add(int layout) {
        if (2 * used >= slots.length) {
            int[] old = slots;
            slots = new int[old.length * 2];
            for (int slot : old) {
                if (slot != 0) {
                    put(slot - 1);
                }
            }
        }
        put(layout);
        used++;
    }

    private void put(int layout) {
        int at = hash(layout);
        while (slots[at & (slots.length - 1)] != 0) {
            at++;
        }
        slots[at & (slots.length - 1)] = layout + 1;
    }

    private int hash(int layout) {
        HistogramLayouts l = layouts;
        long hash = l.schemas[layout] * 31L + l.positiveSpans[layout];
        hash = mix(hash, Double.doubleToRawLongBits(l.zeroThresholds[layout]) + (l.floats[layout] ? 1 : 0));
        for (int i = l.spanStarts[layout]; i < l.spanStarts[layout + 1]; i++) {
            hash = mix(hash, (long) l.offsets[i] << Integer.SIZE | l.lengths[i]);
        }
        int start = l.boundStarts[layout];
        for (int i = start; i < start + l.boundCounts[layout]; i++) {
            hash = mix(hash, Double.doubleToRawLongBits(l.bounds[i]));
        }
        return (int) (hash >>> 33);
    }

    private static long mix(long hash, long next) {
        return Long.rotateLeft((hash ^ next) * MIX, 29);
    }

    private boolean equal(int a, int b) {
        HistogramLayouts l = layouts;
        return l.schemas[a] == l.schemas[b]
                && l.floats[a] == l.floats[b]
                && Double.doubleToRawLongBits(l.zeroThresholds[a]) == Double.doubleToRawLongBits(l.zeroThresholds[b])
                && l.positiveSpans[a] == l.positiveSpans[b]
                && equalRanges(l.offsets, a, b)
                && equalRanges(l.lengths, a, b)
                && equalBounds(a, b);
    }

    private boolean equalRanges(int[] array, int a, int b) {
        int[] starts = layouts.spanStarts;
        return Arrays.equals(array, starts[a], starts[a + 1], array, starts[b], starts[b + 1]);
    }

    /** Whether custom bounds have the same bits. */
    boolean equalBounds(int a, int b) {
        HistogramLayouts l = layouts;
        int count = l.boundCounts[a];
        if (count != l.boundCounts[b]) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            long bits = Double.doubleToRawLongBits(l.bounds[l.boundStarts[a] + i]);
            if (bits != Double.doubleToRawLongBits(l.bounds[l.boundStarts[b] + i])) {
                return false;
            }
        }
        return true;
    }
}
