package io.varve.codec.number;

import io.varve.codec.bits.RadixSort;
import java.util.Arrays;

/** The distinct values of a page in ascending order, and for each value its index. Scratch memory: one thread. */
public final class Distinct {

    private final long[] slots;
    private final int[] places;
    private final long[] found;
    private final RadixSort sorting;
    private final double[] values;
    private final long[] indices;
    private final int shift;
    private int size;

    /** For pages of so many values. */
    public Distinct(int capacity) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(2L * capacity - 1);
        slots = new long[1 << bits];
        places = new int[1 << bits];
        shift = Long.SIZE - bits;
        found = new long[capacity];
        sorting = new RadixSort(capacity);
        values = new double[capacity];
        indices = new long[capacity];
    }

    /**
     * Finds them.
     *
     * @param most gives up when there are more
     * @return whether there are at most so many
     */
    public boolean find(double[] source, int offset, int count, int most) {
        Arrays.fill(places, 0);
        size = 0;
        for (int i = 0; i < count; i++) {
            long ordered = OrderedBits.of(source[offset + i]);
            int slot = slot(ordered);
            if (places[slot] == 0) {
                if (size == most) {
                    return false;
                }
                slots[slot] = ordered;
                found[size++] = ordered;
                places[slot] = size;
            }
            indices[i] = slot;
        }
        long[] distances = sorting.sort(found, 0, size);
        for (int i = 0; i < size; i++) {
            long ordered = distances[i] + sorting.least();
            values[i] = OrderedBits.toDouble(ordered);
            places[slot(ordered)] = i + 1;
        }
        for (int i = 0; i < count; i++) {
            indices[i] = places[(int) indices[i]] - 1L;
        }
        return true;
    }

    private int slot(long ordered) {
        int slot = (int) ((ordered * 0x9e3779b97f4a7c15L) >>> shift);
        while (places[slot] != 0 && slots[slot] != ordered) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    /** How many. */
    public int size() {
        return size;
    }

    /** The distinct values; valid until the next call. */
    public double[] values() {
        return values;
    }

    /** For each value of the page its index among the distinct ones; valid until the next call. */
    public long[] indices() {
        return indices;
    }
}
