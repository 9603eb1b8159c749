package io.varve.core.block;

import io.varve.codec.ValueStatistics;
import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSink;
import io.varve.core.index.ByteSource;
import io.varve.core.storage.PageSummary;

/**
 * What is known of a page of values without decoding it. A number is a value that is no NaN; a point is a value that is
 * no stale marker.
 *
 * @param numbers how many values are no NaN
 * @param nans how many values are a NaN other than the stale marker
 * @param stales how many values are the stale marker
 * @param sum compensated sum of the numbers
 * @param min smallest number, NaN if there is none
 * @param max largest number, NaN if there is none
 * @param first value of the first point, NaN if there is none
 * @param last value of the last point, NaN if there is none
 * @param resets how often a point is lower than the one before it
 * @param correction compensated sum of the points before those resets
 */
public record PageStatistics(
        int numbers,
        int nans,
        int stales,
        double sum,
        double min,
        double max,
        double first,
        double last,
        int resets,
        double correction)
        implements PageSummary {

    private static final int RAW = 15;
    private static final int NO_NUMBERS = 14;
    private static final int MAX_EXPONENT = 9;
    private static final int HAS_NANS = 0x10;
    private static final int HAS_RESETS = 0x20;
    private static final int RAW_SUM = 0x40;
    private static final int RAW_CORRECTION = 0x80;
    private static final double EXACT = 9_007_199_254_740_992.0;
    private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

    /** Statistics of values that are not encoded now. */
    public static PageStatistics of(double[] values, int offset, int count) {
        ValueStatistics gathered = new ValueStatistics();
        gathered.gather(values, offset, count);
        return of(gathered);
    }

    /** Statistics that an encoder gathered. */
    static PageStatistics of(ValueStatistics gathered) {
        return new PageStatistics(
                gathered.numbers(),
                gathered.nans(),
                gathered.stales(),
                gathered.sum(),
                gathered.min(),
                gathered.max(),
                gathered.first(),
                gathered.last(),
                gathered.resets(),
                gathered.correction());
    }

    /** Bytes that the statistics take in a block. */
    public int encodedBytes() {
        ByteSink out = new ByteSink();
        write(out);
        return out.size();
    }

    /** Writes the statistics of a page whose row count the reader knows. */
    void write(ByteSink out) {
        int mode = mode();
        boolean rawSum = mode <= MAX_EXPONENT && !isExact(sum, mode);
        boolean rawCorrection = resets > 0 && (mode > MAX_EXPONENT || !isExact(correction, mode));
        int flags = mode
                | (nans + stales > 0 ? HAS_NANS : 0)
                | (resets > 0 ? HAS_RESETS : 0)
                | (rawSum ? RAW_SUM : 0)
                | (rawCorrection ? RAW_CORRECTION : 0);
        out.u8(flags);
        if (nans + stales > 0) {
            out.varint(nans);
            out.varint(stales);
        }
        if (mode <= MAX_EXPONENT) {
            long f = scaled(first, mode);
            long l = scaled(last, mode);
            long low = scaled(min, mode);
            out.zigzag(f);
            out.zigzag(l - f);
            out.varint(Math.min(f, l) - low);
            out.varint(scaled(max, mode) - Math.max(f, l));
            if (rawSum) {
                out.u64(Double.doubleToRawLongBits(sum));
            } else {
                out.zigzag(scaled(sum, mode) - low * numbers);
            }
        } else {
            out.u64(Double.doubleToRawLongBits(first));
            out.u64(Double.doubleToRawLongBits(last));
            if (mode == RAW) {
                out.u64(Double.doubleToRawLongBits(min));
                out.u64(Double.doubleToRawLongBits(max));
                out.u64(Double.doubleToRawLongBits(sum));
            }
        }
        if (resets > 0) {
            out.varint(resets);
            if (rawCorrection) {
                out.u64(Double.doubleToRawLongBits(correction));
            } else {
                out.zigzag(scaled(correction, mode));
            }
        }
    }

    private int mode() {
        if (numbers == 0) {
            return NO_NUMBERS;
        }
        for (int e = 0; e <= MAX_EXPONENT; e++) {
            if (isExact(first, e) && isExact(last, e) && isExact(min, e) && isExact(max, e)) {
                return e;
            }
        }
        return RAW;
    }

    private static boolean isExact(double value, int exponent) {
        double scaled = Math.rint(value * POWERS[exponent]);
        return Math.abs(scaled) < EXACT
                && Double.doubleToRawLongBits(unscaled((long) scaled, exponent)) == Double.doubleToRawLongBits(value);
    }

    private static long scaled(double value, int exponent) {
        return (long) Math.rint(value * POWERS[exponent]);
    }

    private static double unscaled(long value, int exponent) {
        return value / POWERS[exponent];
    }

    /** Reads the statistics of a page of so many rows. */
    static PageStatistics read(ByteSource in, int rows) {
        int flags = in.u8();
        int mode = flags & 0xf;
        boolean rawCorrection = (flags & RAW_CORRECTION) != 0;
        if (mode > MAX_EXPONENT && (mode < NO_NUMBERS || ((flags & HAS_RESETS) != 0 && !rawCorrection))) {
            throw new MalformedPageException(in.position(), "flags of statistics: found=" + flags);
        }
        int nans = (flags & HAS_NANS) != 0 ? in.varint(rows) : 0;
        int stales = (flags & HAS_NANS) != 0 ? in.varint(rows - nans) : 0;
        int numbers = rows - nans - stales;
        double first;
        double last;
        double min = Double.NaN;
        double max = Double.NaN;
        double sum = 0;
        if (mode <= MAX_EXPONENT) {
            long f = in.zigzag();
            long l = f + in.zigzag();
            long low = Math.min(f, l) - in.varint();
            first = unscaled(f, mode);
            last = unscaled(l, mode);
            min = unscaled(low, mode);
            max = unscaled(Math.max(f, l) + in.varint(), mode);
            sum = (flags & RAW_SUM) != 0
                    ? Double.longBitsToDouble(in.u64())
                    : unscaled(in.zigzag() + low * numbers, mode);
        } else {
            first = Double.longBitsToDouble(in.u64());
            last = Double.longBitsToDouble(in.u64());
            if (mode == RAW) {
                min = Double.longBitsToDouble(in.u64());
                max = Double.longBitsToDouble(in.u64());
                sum = Double.longBitsToDouble(in.u64());
            }
        }
        int resets = 0;
        double correction = 0;
        if ((flags & HAS_RESETS) != 0) {
            resets = in.varint(rows);
            correction = rawCorrection ? Double.longBitsToDouble(in.u64()) : unscaled(in.zigzag(), mode);
        }
        return new PageStatistics(numbers, nans, stales, sum, min, max, first, last, resets, correction);
    }
}
