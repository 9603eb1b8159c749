package io.varve.query.detect;

import java.util.Arrays;

/** The values of a stretch of time, of very many every second, fourth, … one, by their number: bounded, and no dice. */
final class ThinnedSamples {

    /** Values that are kept at most. */
    static final int MOST = 4_096;

    private double[] values = new double[64];
    private int size;
    private long seen;
    private long stride = 1;

    void clear() {
        size = 0;
        seen = 0;
        stride = 1;
    }

    void add(double value) {
        if (seen++ % stride != 0) {
            return;
        }
        if (size == MOST) {
            size = MOST / 2;
            for (int i = 0; i < size; i++) {
                values[i] = values[2 * i];
            }
            stride *= 2; // the value at hand is the MOST-th of the old stride, so one of the new one
        }
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.min(MOST, 2 * size));
        }
        values[size++] = value;
    }

    int size() {
        return size;
    }

    /** Measures what is kept, which must be something. */
    void measure(RobustScale scale) {
        scale.of(values, 0, size);
    }
}
