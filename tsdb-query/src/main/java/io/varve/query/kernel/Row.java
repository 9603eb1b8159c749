package io.varve.query.kernel;

import io.varve.core.model.Histogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value or nothing at each step of a query. Absence is a bit beside the value, never a value: NaN is data. A value is
 * a float, or a native histogram: those stand in an array of their own, which is there once a histogram is. Belongs to
 * one thread, and to whoever was handed it last.
 */
public final class Row {

    private final int steps;
    private final double[] values;
    private final long[] present;

    /** A histogram at each step whose value is one, and null at steps with a float; null if there never was one. */
    private @Nullable Histogram @Nullable [] histograms;

    /** What its owner was charged for its histograms, bytes. */
    private long histogramBytes;

    /** Whether the metric's name, which is still among the labels, falls away at the end. */
    private boolean nameless;

    /** The most that its owner was charged for the labels of a series that it was of, bytes. */
    private long labelBytes;

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

    /** The most that was charged for labels beside it, in bytes; stays when the row is used again. */
    public long labelBytes() {
        return labelBytes;
    }

    /** Notes what was charged for labels beside it, in bytes. */
    public void labelBytes(long charged) {
        labelBytes = charged;
    }

    /** Number of steps. */
    public int steps() {
        return steps;
    }

    /** Whether there is a value at a step. */
    public boolean has(int step) {
        return (present[step >>> 6] & (1L << step)) != 0;
    }

    /**
     * Whether there is a value at each of up to 64 steps.
     *
     * @param from a multiple of 64
     */
    boolean hasAll(int from, int to) {
        return present[from >>> 6] == -1L >>> (Long.SIZE - (to - from));
    }

    /** The float at a step; of no meaning where there is none. */
    public double get(int step) {
        return values[step];
    }

    /** The histogram at a step, null if there is a float; of no meaning where there is no value. */
    public @Nullable Histogram histogram(int step) {
        return histograms == null ? null : histograms[step];
    }

    /** Whether there may be histograms. */
    public boolean hasHistograms() {
        return histograms != null;
    }

    /** What was charged for histograms of this row so far, bytes; whoever lets go of them gives it back. */
    public long histogramBytes() {
        return histogramBytes;
    }

    /** Notes what was charged for histograms of this row. */
    public void histogramBytes(long charged) {
        histogramBytes = charged;
    }

    /** Whether the metric's name, which is still among the labels, falls away at the end of the evaluation. */
    public boolean isNameless() {
        return nameless;
    }

    /** Says whether the name falls away at the end. */
    public void nameless(boolean fallsAway) {
        nameless = fallsAway;
    }

    /** Whether the value at some step is a float. */
    public boolean hasFloats() {
        if (histograms == null) {
            return !isEmpty();
        }
        for (int step = 0; step < steps; step++) {
            if (has(step) && histograms[step] == null) {
                return true;
            }
        }
        return false;
    }

    /** Puts a float. */
    public void set(int step, double value) {
        values[step] = value;
        present[step >>> 6] |= 1L << step;
        if (histograms != null) {
            histograms[step] = null;
        }
    }

    /** Puts a histogram. */
    public void set(int step, Histogram histogram) {
        set(step, Double.NaN);
        if (histograms == null) {
            histograms = new Histogram[steps];
        }
        histograms[step] = histogram;
    }

    /** Puts what another row has at a step of its own, which must be something. */
    public void copy(int step, Row other, int otherStep) {
        Histogram histogram = other.histogram(otherStep);
        if (histogram == null) {
            set(step, other.values[otherStep]);
        } else {
            set(step, histogram);
        }
    }

    /** Takes all histograms away; whether there was one. */
    public boolean dropHistograms() {
        if (histograms == null) {
            return false;
        }
        boolean found = false;
        for (int step = 0; step < steps; step++) {
            if (histograms[step] != null && has(step)) {
                remove(step);
                found = true;
            }
        }
        histograms = null;
        return found;
    }

    /** Takes the value away. */
    public void remove(int step) {
        present[step >>> 6] &= ~(1L << step);
    }

    /** The floats by step, to be changed in place. */
    public double[] values() {
        return values;
    }

    /** Takes all values away. */
    public void clear() {
        Arrays.fill(present, 0);
        histograms = null;
        nameless = false;
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

    /** Whether some step has a value here and in two other rows. */
    public boolean overlaps(Row other, Row third) {
        for (int i = 0; i < present.length; i++) {
            if ((present[i] & other.present[i] & third.present[i]) != 0) {
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

    /** Takes over what another row of as many steps has, and nothing else. */
    public void takeAll(Row other) {
        System.arraycopy(other.values, 0, values, 0, steps);
        System.arraycopy(other.present, 0, present, 0, present.length);
        histograms = other.histograms == null ? null : other.histograms.clone();
        nameless = other.nameless;
    }

    /** Takes over the values of another row where it has them; without a name if either is. */
    public void merge(Row other) {
        nameless |= other.nameless;
        for (int step = 0; step < steps; step++) {
            if (other.has(step)) {
                copy(step, other, step);
            }
        }
    }
}
