package io.varve.codec.number;

import java.util.Arrays;

/**
 * Finds the forms that may suit a page, on an evenly spread sample of its values: first an exact decimal; where there
 * is none, the forms with a small distance in units of the last place, by what integers and distances would cost. Holds
 * scratch memory: one thread at a time.
 */
public final class FormSearch {

    /** Larger exponents are not searched: 10^-17 is finer than what instruments print. */
    private static final int MAX_SEARCHED = 17;

    private static final int SAMPLE = 64;

    /** Distances beyond this are exceptions. */
    public static final int MAX_ULPS = 1 << 12;

    private static final double EXCEPTION_BITS = 78;

    /** Distances below this are counted each. */
    private static final int COUNTED = 16;

    private final double[] sample = new double[SAMPLE];
    private final double[] back = new double[SAMPLE];
    private final long[] integers = new long[SAMPLE];
    private final long[] ulps = new long[SAMPLE];
    private final int[] frequencies = new int[2 * COUNTED];
    private final NumberForm trial = new NumberForm();
    private final BaseSearch bases = new BaseSearch();
    private double[] costs = {};
    private int sampled;

    /**
     * The smallest exponent that serves nearly all of a sample.
     *
     * @return 0 for integers, -1 if less than half of the sample are decimals
     */
    public int exactExponent(double[] values, int offset, int count) {
        takeSample(values, offset, count);
        int largest = -1;
        int decimals = 0;
        for (int i = 0; i < sampled; i++) {
            int e = smallestExponent(sample[i], Math.max(0, largest));
            if (e >= 0) {
                decimals++;
                largest = Math.max(largest, e);
            }
        }
        return decimals * 2 >= sampled ? largest : -1;
    }

    /** The smallest exponent, from the given one on, for which a value is an exact decimal; -1 if none is. */
    public static int smallestExponent(double value, int from) {
        for (int e = from; e <= MAX_SEARCHED; e++) {
            double mantissa = Math.rint(value * NumberForm.POWERS[e]);
            if (!(Math.abs(mantissa) <= NumberForm.MAX_MANTISSA)) {
                return -1;
            }
            // Through the integer, as the decoder goes: it has no negative zero.
            double m = (long) mantissa;
            double q = m * NumberForm.RECIPROCALS[e];
            double exact = Math.fma(Math.fma(-q, NumberForm.POWERS[e], m), NumberForm.RECIPROCALS[e], q);
            if (Double.doubleToRawLongBits(exact) == Double.doubleToRawLongBits(value)) {
                return e;
            }
        }
        return -1;
    }

    private void takeSample(double[] values, int offset, int count) {
        sampled = Math.min(SAMPLE, count);
        for (int i = 0; i < sampled; i++) {
            sample[i] = values[offset + (int) ((long) i * count / sampled)];
        }
    }

    /**
     * The best forms for a page that is not simply decimal, best first.
     *
     * @param forms takes them
     * @return how many were found
     */
    public int nearForms(double[] values, int offset, int count, NumberForm[] forms) {
        takeSample(values, offset, count);
        if (costs.length != forms.length) {
            costs = new double[forms.length];
        }
        Arrays.fill(costs, Double.MAX_VALUE);
        boolean floats = areFloats();
        for (int e = 0; e <= MAX_SEARCHED; e++) {
            offer(trial.decimal(e), forms);
            if (floats && e > 0) {
                offer(trial.floatDecimal(e), forms);
            }
        }
        offerDividedTwice(forms);
        double base = bases.find(values, offset, count);
        if (base != 0) {
            offer(trial.multiple(base), forms);
        }
        int found = 0;
        while (found < forms.length && costs[found] < Double.MAX_VALUE) {
            found++;
        }
        return found;
    }

    private boolean areFloats() {
        int floats = 0;
        for (int i = 0; i < sampled; i++) {
            floats += (float) sample[i] == sample[i] ? 1 : 0;
        }
        return floats * 2 > sampled;
    }

    /** Two divisions for the exponents that are good with one, and the next. */
    private void offerDividedTwice(NumberForm[] forms) {
        int best = costs[0] < Double.MAX_VALUE ? forms[0].exponent() : 0;
        for (int e = Math.max(2, best - 1); best > 0 && e <= best + 1; e++) {
            for (int first = 1; first < e; first++) {
                offer(trial.dividedTwice(e, first), forms);
            }
        }
    }

    private void offer(NumberForm form, NumberForm[] forms) {
        double cost = cost(form);
        for (int i = 0; i < forms.length; i++) {
            if (cost < costs[i]) {
                NumberForm last = forms[forms.length - 1];
                for (int k = forms.length - 1; k > i; k--) {
                    forms[k] = forms[k - 1];
                    costs[k] = costs[k - 1];
                }
                forms[i] = last.set(form);
                costs[i] = cost;
                return;
            }
        }
    }

    /** Bits a value: the spread of the integers, the entropy of the distances, the exceptions. */
    private double cost(NumberForm form) {
        form.encode(sample, 0, sampled, integers);
        form.decode(integers, sampled, back, 0);
        int near = 0;
        for (int i = 0; i < sampled; i++) {
            long distance = Ulps.between(back[i], sample[i]);
            if (distance >= -MAX_ULPS && distance <= MAX_ULPS) {
                ulps[near] = distance;
                integers[near++] = integers[i];
            }
        }
        if (near * 4 < sampled * 3) {
            return Double.MAX_VALUE;
        }
        double exceptions = EXCEPTION_BITS * (sampled - near) / sampled;
        return spread(near) + entropy(near) + exceptions;
    }

    /** Mean binary digits of the distances from one of the integers: a stand-in for what a predictor leaves. */
    private double spread(int n) {
        long centre = integers[n / 2];
        long digits = 0;
        for (int i = 0; i < n; i++) {
            digits += Long.SIZE - Long.numberOfLeadingZeros(Math.abs(integers[i] - centre));
        }
        return (double) digits / n;
    }

    /** Bits of a distance, by the frequencies of the small ones; others are taken to be alone. */
    private double entropy(int n) {
        Arrays.fill(frequencies, 0);
        int others = 0;
        for (int i = 0; i < n; i++) {
            if (ulps[i] > -COUNTED && ulps[i] < COUNTED) {
                frequencies[(int) ulps[i] + COUNTED]++;
            } else {
                others++;
            }
        }
        double bits = others * Math.log(n);
        for (int frequency : frequencies) {
            if (frequency > 0) {
                bits += frequency * Math.log((double) n / frequency);
            }
        }
        return bits / Math.log(2) / n;
    }
}
