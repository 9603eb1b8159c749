package io.varve.codec.bits;

/**
 * A list of places and what stands there instead: count, then for each, in ascending order, the places passed over
 * since the one before and the value. Values are signed varints, or eight plain bytes where every bit counts.
 */
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

    /** Writes the list. */
    public void write(PageWriter out, boolean plain) {
        out.writeVarint(size);
        int next = 0;
        for (int i = 0; i < size; i++) {
            out.writeVarint(places[i] - next);
            next = places[i] + 1;
            if (plain) {
                out.writeLong(values[i]);
            } else {
                out.writeSigned(values[i]);
            }
        }
    }

    /**
     * Reads a list for an array of so many.
     *
     * @throws MalformedPageException if a place is outside, or the list is empty: none is said by a flag
     */
    public void read(PageReader in, boolean plain, int count) {
        size = 0;
        int announced = in.readVarint("patches", 1, count);
        int next = 0;
        for (int i = 0; i < announced; i++) {
            int place = next + in.readVarint("gap", 0, count - 1 - next);
            next = place + 1;
            add(place, plain ? in.readLong() : in.readSigned());
        }
    }

    /** Puts the values into their places. */
    public void applyTo(long[] target) {
        for (int i = 0; i < size; i++) {
            target[places[i]] = values[i];
        }
    }

    /** Puts the values, as bits of doubles, into their places. */
    public void applyTo(double[] target, int offset) {
        for (int i = 0; i < size; i++) {
            target[offset + places[i]] = Double.longBitsToDouble(values[i]);
        }
    }
}
