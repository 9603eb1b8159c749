package io.varve.codec;

import io.varve.codec.number.NumberForm;

/**
 * Count, sum, minimum and maximum of a page's numbers (values that are no NaN). Where values are stored as integers
 * they are summed up as such, exactly, and the sum is rounded once; elsewhere the sum is compensated (Neumaier, ZAMM
 * 54, 1974). Mutable and reused; one thread at a time.
 */
public final class PageSummary {

    private static final double TWO_POW_32 = 0x1p32;

    private int numbers;
    private double sum;
    private double lost;
    private double min;
    private double max;
    private long high;
    private long low;
    private long least;
    private long most;

    /** Forgets all. */
    void clear() {
        numbers = 0;
        sum = 0;
        lost = 0;
        min = Double.POSITIVE_INFINITY;
        max = Double.NEGATIVE_INFINITY;
        high = 0;
        low = 0;
        least = Long.MAX_VALUE;
        most = Long.MIN_VALUE;
    }

    /** Adds one value, so many times. */
    void add(double value, int times) {
        if (!Double.isNaN(value)) {
            numbers += times;
            sum += value * times;
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
    }

    /** Adds integers, whose worth {@link #scale} tells. */
    void add(long[] integers, int n) {
        long upper = 0;
        long lower = 0;
        long smallest = least;
        long largest = most;
        for (int i = 0; i < n; i++) {
            long m = integers[i];
            upper += m >> 32;
            lower += m & 0xffff_ffffL;
            smallest = Math.min(smallest, m);
            largest = Math.max(largest, m);
        }
        high += upper;
        low += lower;
        least = smallest;
        most = largest;
        numbers += n;
    }

    /** Turns the sums of integers into those of their doubles. */
    void scale(NumberForm form) {
        sum = form.scale(high * TWO_POW_32 + low);
        min = form.decode(least);
        max = form.decode(most);
    }

    /** Adds doubles. */
    void add(double[] values, int n) {
        double total = sum;
        double rest = lost;
        for (int i = 0; i < n; i++) {
            double value = values[i];
            if (!Double.isNaN(value)) {
                double next = total + value;
                rest += Math.abs(total) >= Math.abs(value) ? (total - next) + value : (value - next) + total;
                total = next;
                min = Math.min(min, value);
                max = Math.max(max, value);
                numbers++;
            }
        }
        sum = total;
        lost = rest;
    }

    /** How many values are no NaN. */
    public int numbers() {
        return numbers;
    }

    /** Their sum; 0 if there are none. */
    public double sum() {
        // An infinite sum has no meaningful rest.
        return Double.isInfinite(sum) || Double.isNaN(sum) ? sum : sum + lost;
    }

    /** The smallest; NaN if there are none. */
    public double min() {
        return numbers == 0 ? Double.NaN : min;
    }

    /** The largest; NaN if there are none. */
    public double max() {
        return numbers == 0 ? Double.NaN : max;
    }
}
