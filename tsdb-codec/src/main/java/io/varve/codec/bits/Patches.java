package io.varve.codec.bits;

/** Places and what stands there instead, in ascending order of the places. Mutable and reused; one thread at a time. */
public final class Patches {

    private final int[] places;
    private final long[] values;
    private int size;

    /** Room for so many. */
    public Patches(int capacity) {
        places = new int[capacity];
        values = new long[capacity];
    }

    /** Forgets all. */
    public void clear() {
        size = 0;
    }

    /** How many. */
    public int size() {
        return size;
    }

    /** Adds one behind all others. */
    public void add(int place, long value) {
        places[size] = place;
        values[size++] = value;
    }

    /** Sets values of those that have been added. */
    public void values(int from, long[] source, int count) {
        System.arraycopy(source, 0, values, from, count);
    }

    /** The place of one. */
    public int place(int index) {
        return places[index];
    }

    /** What stands at the place of one. */
    public long value(int index) {
        return values[index];
    }

    /**
     * Puts the values, as bits of doubles, into their places.
     *
     * @param from first place that is wanted
     * @param to first one behind
     * @param offset where the first place stands
     */
    public void applyTo(double[] target, int from, int to, int offset) {
        for (int i = 0; i < size; i++) {
            if (places[i] >= from && places[i] < to) {
                target[offset + places[i] - from] = Double.longBitsToDouble(values[i]);
            }
        }
    }
}
