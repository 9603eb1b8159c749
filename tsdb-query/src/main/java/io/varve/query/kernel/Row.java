package io.varve.query.kernel;

import java.util.Arrays;

/**
 * A value or nothing at each step of a query. Absence is a bit beside the value, never a value: NaN is data. Belongs
 * to one thread, and to whoever was handed it last.
 */
public final class Row {

    private final int steps;
    private final double[] values;
    private final long[] present;

    /** A row with nothing in it. */
    public Row(int steps) {
        this.steps = steps;
        this.values = new double[steps];
        this.present = new long[(steps + 63) >>> 6];
    }

    /** Memory of a row of so many steps, in bytes. */
    public static long bytes(long steps) {
        return 8 * steps + steps / 8 + 80;
    }

    /** Number of steps. */
    public int steps() {
        return steps;
    }

    /** Whether there is a value at a step. */
    public boolean has(int step) {
        return (present[step >>> 6] & (1L << step)) != 0;
    }

    /** The value at a step; of no meaning where there is none. */
    public double get(int step) {
        return values[step];
    }

    /** Puts a value. */
    public void set(int step, double value) {
        values[step] = value;
        present[step >>> 6] |= 1L << step;
    }

    /** Takes the value away. */
    public void remove(int step) {
        present[step >>> 6] &= ~(1L << step);
    }

    /** The values by step, to be changed in place. */
    public double[] values() {
        return values;
    }

    /** Takes all values away. */
    public void clear() {
        Arrays.fill(present, 0);
    }

    /** Whether there is no value at all. */
    public boolean isEmpty() {
        for (long word : present) {
            if (word != 0) {
                return false;
            }
        }
        return true;
    }

    /** How many steps have a value. */
    public int count() {
        int count = 0;
        for (long word : present) {
            count += Long.bitCount(word);
        }
        return count;
    }

    /** Whether some step has a value here and in another row. */
    public boolean overlaps(Row other) {
        for (int i = 0; i < present.length; i++) {
            if ((present[i] & other.present[i]) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Keeps only values at steps where another row has one too. */
    public void retain(Row other) {
        for (int i = 0; i < present.length; i++) {
            present[i] &= other.present[i];
        }
    }

    /** Keeps only values at steps where another row has none. */
    public void removeAll(Row other) {
        for (int i = 0; i < present.length; i++) {
            present[i] &= ~other.present[i];
        }
    }

    /** Marks the steps of another row as present too, without values. */
    public void mark(Row other) {
        for (int i = 0; i < present.length; i++) {
            present[i] |= other.present[i];
        }
    }

    /** Takes over the values of another row where it has them. */
    public void merge(Row other) {
        for (int step = 0; step < steps; step++) {
            if (other.has(step)) {
                set(step, other.values[step]);
            }
        }
    }
}
