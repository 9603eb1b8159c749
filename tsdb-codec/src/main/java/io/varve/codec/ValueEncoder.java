package io.varve.codec;

import io.varve.codec.bits.PageWriter;
import io.varve.codec.bits.Patches;
import io.varve.codec.column.ColumnEncoder;
import io.varve.codec.number.Distinct;
import io.varve.codec.number.FormSearch;
import io.varve.codec.number.NumberForm;
import io.varve.codec.number.NumberMode;
import io.varve.codec.number.Ulps;
import java.util.Arrays;

/**
 * Encodes values: finds the forms that may turn a page's doubles into small integers, verifies each value through the
 * decoder's own loops, and keeps the smallest. Mutable scratch: one thread at a time.
 */
public final class ValueEncoder {

    /** Decimals with more exceptions than one value in so many are compared with other forms. */
    private static final int FEW_EXCEPTIONS = 256;

    /** Distinct values are tried as a dictionary if there is at most one for so many values. */
    private static final int DICTIONARY_PART = 2;

    /** Forms with more exceptions than one value in so many are not tried. */
    private static final int MANY_EXCEPTIONS = 4;

    private static final int FORMS = 2;

    /** A dictionary is tried whatever the estimate says if so much of the page stands in repeated runs. */
    private static final double LEAST_REPEATED = 0.3;

    private static final double EXCEPTION_BITS = 74;

    /** What a form with a column of distances must save, in parts of the size: a second column is decoded. */
    private static final double ULPS_PRICE = 16;

    /** Numbers of more bits are compared with the plain bits of the doubles. */
    private static final int PLAIN_BITS = 24;

    /** Distances below this are counted each; those beyond take their digits more. */
    private static final int COUNTED = 16;

    /** Bits of a listed distance beside those of its gap. */
    private static final int LIST_BITS = 4;

    /** Distances are a list if at most one value in so many has one. */
    private static final int LIST_PART = 8;

    /** What a dictionary must save, in parts of the size: each value goes through it. */
    private static final int DICTIONARY_PRICE = 10;

    private final Effort effort;
    private final ColumnEncoder columns;
    private final long[] integers;
    private final long[] ulps;
    private final double[] back;
    private final Patches exceptions;
    private final Patches ulpList;
    private final FormSearch search = new FormSearch();
    private final NumberForm exact = new NumberForm();
    private final NumberForm chosen = new NumberForm();
    private final NumberForm plain = new NumberForm();
    private final NumberForm[] forms = new NumberForm[FORMS];
    private final Distinct distinct;
    private final PageWriter trial = new PageWriter();
    private final byte[] trialBytes;
    private final int[] frequencies = new int[2 * COUNTED + 1];
    private int nearMisses;

    /** An encoder for so many values, which writes its integers by a column encoder for as many. */
    public ValueEncoder(int capacity, Effort effort, ColumnEncoder columns) {
        this.effort = effort;
        this.columns = columns;
        integers = new long[capacity];
        ulps = new long[capacity];
        back = new double[capacity];
        exceptions = new Patches(capacity);
        ulpList = new Patches(capacity);
        distinct = new Distinct(capacity);
        trialBytes = new byte[256 + 40 * capacity];
        for (int i = 0; i < FORMS; i++) {
            forms[i] = new NumberForm();
        }
    }

    /** Writes what follows the count of a page of values: it must end where they do. */
    public void encode(double[] values, int offset, int count, PageWriter out) {
        encode(isConstant(values, offset, count), values, offset, count, out);
    }

    /** The same; what the first pass sees of the values goes into the statistics. */
    public void encode(double[] values, int offset, int count, PageWriter out, ValueStatistics statistics) {
        encode(statistics.gather(values, offset, count), values, offset, count, out);
    }

    private void encode(boolean constant, double[] values, int offset, int count, PageWriter out) {
        if (constant) {
            writeConstant(Double.doubleToRawLongBits(values[offset]), out);
            return;
        }
        int start = out.length();
        encodeNumbers(values, offset, count, out);
        if (effort == Effort.BEST && distinct.find(values, offset, count, count / DICTIONARY_PART)) {
            tryDictionary(count, out, start);
        }
    }

    /** Writes numbers in the best of all forms but a dictionary. */
    private void encodeNumbers(double[] values, int offset, int count, PageWriter out) {
        int exponent = search.exactExponent(values, offset, count);
        if (exponent >= 0) {
            exponent = reduceExactly(values, offset, count, exponent);
        }
        if (exponent >= 0 && exceptions.size() <= count / FEW_EXCEPTIONS) {
            writeForm(exact, count, out);
            return;
        }
        double least = Double.MAX_VALUE;
        chosen.orderedBits();
        if (exponent >= 0 && exceptions.size() <= count / MANY_EXCEPTIONS) {
            least = estimate(count);
            chosen.set(exact);
        }
        int found = effort == Effort.BEST ? search.nearForms(values, offset, count, forms) : 0;
        for (int i = 0; i <= found && effort == Effort.BEST; i++) {
            if (i == found && least < PLAIN_BITS * count) {
                break;
            }
            // Plain bits take part too where numbers stay wide: they are one column, and never have exceptions.
            reduce(i < found ? forms[i] : plain.orderedBits(), values, offset, count, true);
            double bits = exceptions.size() <= count / MANY_EXCEPTIONS ? estimate(count) : Double.MAX_VALUE;
            if (bits < least) {
                least = bits;
                chosen.set(i < found ? forms[i] : plain);
            }
        }
        int start = out.length();
        reduce(chosen, values, offset, count, effort == Effort.BEST);
        trial.reset(trialBytes, 0);
        writeForm(chosen, count, trial);
        take(ColumnEncoder.maxBytes(count), out, start);
        if (out.length() == start) {
            reduce(chosen.orderedBits(), values, offset, count, false);
            writeForm(chosen, count, out);
        }
    }

    private double estimate(int count) {
        double bits = EXCEPTION_BITS * exceptions.size() + columns.estimate(integers, 0, count);
        if (nearMisses == 0) {
            return bits;
        }
        bits += ulpBits(count);
        return nearMisses * LIST_PART <= count ? bits : bits + bits / ULPS_PRICE;
    }

    /** What the distances take, as a list or by their frequencies. */
    private double ulpBits(int count) {
        if (nearMisses * LIST_PART <= count) {
            return nearMisses * (LIST_BITS + Math.log((double) count / nearMisses) / Math.log(2));
        }
        Arrays.fill(frequencies, 0);
        double bits = 0;
        for (int i = 0; i < count; i++) {
            long distance = Math.abs(ulps[i]);
            frequencies[(int) Math.max(-COUNTED, Math.min(COUNTED, ulps[i])) + COUNTED]++;
            bits += distance < COUNTED ? 0 : Long.SIZE - Long.numberOfLeadingZeros(distance);
        }
        for (int i = 0; i < frequencies.length; i++) {
            if (frequencies[i] > 0) {
                bits += frequencies[i] * Math.log((double) count / frequencies[i]) / Math.log(2);
            }
        }
        return bits;
    }

    private void take(int limit, PageWriter out, int start) {
        if (trial.length() < limit) {
            out.rewind(start);
            out.writeBytes(trialBytes, 0, trial.length());
        }
    }

    /** Reduces by the smallest exponent that leaves few exceptions; returns it. */
    private int reduceExactly(double[] values, int offset, int count, int sampled) {
        int exponent = sampled;
        while (true) {
            reduce(exact.decimal(exponent), values, offset, count, false);
            int needed = exponent;
            for (int i = 0; i < exceptions.size() && exceptions.size() > count / FEW_EXCEPTIONS; i++) {
                double value = Double.longBitsToDouble(exceptions.value(i));
                needed = Math.max(needed, FormSearch.smallestExponent(value, exponent));
            }
            if (needed == exponent) {
                return exponent;
            }
            exponent = needed;
        }
    }

    /**
     * Turns doubles into integers, distances in the last place, and exceptions, whose integers repeat the one before,
     * so that they disturb no predictor.
     *
     * @param near whether distances are allowed; else they are exceptions
     */
    private void reduce(NumberForm form, double[] values, int offset, int count, boolean near) {
        form.encode(values, offset, count, integers);
        form.decode(integers, count, back, 0);
        exceptions.clear();
        nearMisses = 0;
        if (isSame(values, offset, count)) {
            return;
        }
        long limit = near ? FormSearch.MAX_ULPS : 0;
        for (int i = 0; i < count; i++) {
            long distance = Ulps.between(back[i], values[offset + i]);
            ulps[i] = distance;
            if (distance != 0) {
                if (distance <= limit && distance >= -limit) {
                    nearMisses++;
                } else {
                    except(i, values[offset + i]);
                }
            }
        }
        int first = 0;
        while (first < exceptions.size() && exceptions.place(first) == first) {
            first++;
        }
        for (int i = 0; i < first && first < count; i++) {
            integers[i] = integers[first];
        }
    }

    private boolean isSame(double[] values, int offset, int count) {
        long differences = 0;
        for (int i = 0; i < count; i++) {
            differences |= Double.doubleToRawLongBits(back[i]) ^ Double.doubleToRawLongBits(values[offset + i]);
        }
        return differences == 0;
    }

    private void except(int place, double value) {
        exceptions.add(place, Double.doubleToRawLongBits(value));
        ulps[place] = 0;
        integers[place] = place == 0 ? 0 : integers[place - 1];
    }

    private void writeForm(NumberForm form, int count, PageWriter out) {
        boolean listed = nearMisses * LIST_PART <= count;
        int flags = nearMisses == 0 ? 0 : listed ? PageKinds.ULP_LIST : PageKinds.ULPS;
        form.write(out, flags | (exceptions.size() > 0 ? PageKinds.EXCEPTIONS : 0));
        if (exceptions.size() > 0) {
            columns.writeList(exceptions, true, out);
        }
        if (nearMisses > 0 && listed) {
            columns.writeList(listUlps(count), false, out);
        } else if (nearMisses > 0) {
            columns.encode(ulps, 0, count, effort == Effort.FAST, out);
        }
        columns.encode(integers, 0, count, effort == Effort.FAST, out);
    }

    private Patches listUlps(int count) {
        ulpList.clear();
        for (int i = 0; i < count; i++) {
            if (ulps[i] != 0) {
                ulpList.add(i, ulps[i]);
            }
        }
        return ulpList;
    }

    /** Tries distinct values and their indices; stays if it is smaller. */
    private void tryDictionary(int count, PageWriter out, int start) {
        int size = distinct.size();
        int limit = out.length() - start;
        limit -= limit / DICTIONARY_PRICE;
        double indexBits = columns.estimate(distinct.indices(), 0, count);
        // Runs of indices that come again take far less than the estimate, which knows none.
        boolean repeated = columns.repeated(distinct.indices(), count, indexBits / count) > LEAST_REPEATED;
        if (indexBits + 2.0 * size > 8.0 * limit && !repeated) {
            return;
        }
        trial.reset(trialBytes, 0);
        trial.writeByte(NumberMode.DICTIONARY.id());
        trial.writeVarint(size);
        NumberForm form = formOfDictionary(size);
        writeForm(form, size, trial);
        if (repeated || indexBits + 8.0 * trial.length() < 8.2 * limit) {
            columns.encode(distinct.indices(), 0, count, false, trial);
            take(limit, out, start);
        }
    }

    private NumberForm formOfDictionary(int size) {
        double[] values = distinct.values();
        int exponent = search.exactExponent(values, 0, size);
        if (exponent >= 0) {
            exponent = reduceExactly(values, 0, size, exponent);
        }
        if (exponent >= 0 && exceptions.size() <= size / 16) {
            return exact;
        }
        int found = search.nearForms(values, 0, size, forms);
        NumberForm form = found > 0 ? forms[0] : exact.orderedBits();
        reduce(form, values, 0, size, true);
        return form;
    }

    private static boolean isConstant(double[] values, int offset, int count) {
        long first = Double.doubleToRawLongBits(values[offset]);
        for (int i = 1; i < count; i++) {
            if (Double.doubleToRawLongBits(values[offset + i]) != first) {
                return false;
            }
        }
        return true;
    }

    /** The bits of the value, highest byte first; bytes of zeros at the end are left out. */
    private static void writeConstant(long bits, PageWriter out) {
        out.writeByte(NumberMode.CONSTANT.id());
        for (long rest = bits; rest != 0; rest <<= Byte.SIZE) {
            out.writeByte((int) (rest >>> (Long.SIZE - Byte.SIZE)));
        }
    }
}
