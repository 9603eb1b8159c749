package io.varve.codec;

/**
 * What is known of a page of values without decoding it; gathered by the encoder in its first pass over them. A number
 * is a value that is no NaN; a point is a value that is no stale marker. Sums are compensated (Neumaier, ZAMM 54,
 * 1974). Mutable and reused; one thread at a time.
 */
public final class ValueStatistics {

    /** The bits of the stale marker, a signalling NaN that is no value (Prometheus, model/value). */
    public static final long STALE_BITS = 0x7ff0000000000002L;

    private int count;
    private int nans;
    private int stales;
    private int resets;
    private double sum;
    private double sumRest;
    private double correction;
    private double correctionRest;
    private double min;
    private double max;
    private double first;
    private double last;

    /**
     * Gathers them.
     *
     * @param size how many values, 1 or more
     * @return whether all values have the same bits
     */
    public boolean gather(double[] values, int offset, int size) {
        count = size;
        nans = 0;
        stales = 0;
        resets = 0;
        sum = 0;
        sumRest = 0;
        correction = 0;
        correctionRest = 0;
        min = Double.POSITIVE_INFINITY;
        max = Double.NEGATIVE_INFINITY;
        first = Double.NaN;
        last = Double.NaN;
        long firstBits = Double.doubleToRawLongBits(values[offset]);
        long differences = 0;
        double before = Double.NaN;
        for (int i = offset; i < offset + size; i++) {
            double value = values[i];
            long bits = Double.doubleToRawLongBits(value);
            differences |= bits ^ firstBits;
            if (bits == STALE_BITS) {
                stales++;
                continue;
            }
            if (stales == i - offset) {
                first = value;
            }
            if (value < before) {
                resets++;
                addCorrection(before);
            }
            before = value;
            if (Double.isNaN(value)) {
                nans++;
            } else {
                addNumber(value);
            }
        }
        last = before;
        return differences == 0;
    }

    private void addNumber(double value) {
        double total = sum + value;
        sumRest += lost(sum, value, total);
        sum = total;
        min = value < min ? value : min;
        max = value > max ? value : max;
    }

    private void addCorrection(double value) {
        double total = correction + value;
        correctionRest += lost(correction, value, total);
        correction = total;
    }

    /** What an addition loses. */
    private static double lost(double a, double b, double total) {
        return Math.abs(a) >= Math.abs(b) ? (a - total) + b : (b - total) + a;
    }

    private static double whole(double sum, double rest) {
        // An infinite sum has no meaningful rest.
        return Double.isInfinite(sum) || Double.isNaN(sum) ? sum : sum + rest;
    }

    /** How many values are no NaN. */
    public int numbers() {
        return count - nans - stales;
    }

    /** How many values are a NaN other than the stale marker. */
    public int nans() {
        return nans;
    }

    /** How many values are the stale marker. */
    public int stales() {
        return stales;
    }

    /** Compensated sum of the numbers. */
    public double sum() {
        return whole(sum, sumRest);
    }

    /** Smallest number, NaN if there is none. */
    public double min() {
        return numbers() == 0 ? Double.NaN : min;
    }

    /** Largest number, NaN if there is none. */
    public double max() {
        return numbers() == 0 ? Double.NaN : max;
    }

    /** Value of the first point, NaN if there is none. */
    public double first() {
        return first;
    }

    /** Value of the last point, NaN if there is none. */
    public double last() {
        return last;
    }

    /** How often a point is lower than the one before it. */
    public int resets() {
        return resets;
    }

    /** Compensated sum of the points before those resets. */
    public double correction() {
        return whole(correction, correctionRest);
    }
}
