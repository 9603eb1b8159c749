package io.varve.codec.predict;

import io.varve.codec.bits.PageReader;

/**
 * Restores the integers of a column from their residuals, part by part. With origin o and divisor d, all modulo 2^64:
 *
 * <pre>
 * NONE            m[i] = o + d r[i]
 * GRID            m[i] = o + d (step i + r[i])
 * DELTA           m[0] = o,  m[i] = m[i-1] + d (base + r[i-1])
 * DELTA_OF_DELTA  m[0] = o,  m[1] = o + d slope,  m[i] = m[i-1] + D[i],  D[i] = D[i-1] + d (base + r[i-2])
 * </pre>
 *
 * Mutable and reused; one thread at a time.
 */
public final class Restorer {

    private Predictor predictor = Predictor.NONE;
    private long divisor;

    /** The origin; later the integer or grid line reached. */
    private long sum;

    /** The slope; later the difference reached. */
    private long difference;

    /** What each step adds beside its residual: grid step or base, times the divisor. */
    private long step;

    /** Reads origin, divisor and parameters. */
    public void open(PageReader in, Predictor chosen, boolean hasDivisor) {
        predictor = chosen;
        sum = in.readSigned();
        divisor = hasDivisor ? in.readVarint() : 1;
        difference = chosen == Predictor.DELTA_OF_DELTA ? in.readSigned() * divisor : 0;
        step = chosen == Predictor.NONE ? 0 : in.readSigned() * divisor;
    }

    /** Begins with origin and parameters that are known from elsewhere; slope and base without the divisor. */
    public void open(Predictor chosen, long origin, long knownDivisor, long slope, long base) {
        predictor = chosen;
        sum = origin;
        divisor = knownDivisor;
        difference = slope * knownDivisor;
        step = base * knownDivisor;
    }

    /**
     * Bounds of the integers, if residuals go from 0 to the largest one: for columns of offsets, and for lines without
     * residuals.
     *
     * @param n residuals, 0 or more
     * @param bounds takes lowest and highest
     * @return whether there are any that fit into 64 bits
     */
    public boolean bounds(int n, long largest, long[] bounds) {
        boolean line = largest == 0 && predictor != Predictor.DELTA_OF_DELTA;
        if (predictor != Predictor.NONE && !line) {
            return false;
        }
        // Offsets span divisor times the largest residual; a line goes on by its step.
        long steps = predictor == Predictor.GRID ? n - 1L : n;
        long factor = line ? step : divisor;
        long times = line ? (predictor == Predictor.NONE ? 0 : steps) : largest;
        long span = factor * times;
        long end = sum + span;
        boolean fits = Math.multiplyHigh(factor, times) == span >> 63 && ((sum ^ end) & (span ^ end)) >= 0;
        bounds[0] = Math.min(sum, end);
        bounds[1] = Math.max(sum, end);
        return fits;
    }

    /** Writes the leading integers that the parameters give; returns how many. */
    public int given(long[] target, int offset) {
        int given = predictor.given();
        if (given > 0) {
            target[offset] = sum;
        }
        if (given > 1) {
            sum += difference;
            target[offset + 1] = sum;
        }
        return given;
    }

    /**
     * Restores the next integers.
     *
     * @param r residuals; may be used up
     */
    public void restore(long[] r, int n, long[] target, int offset) {
        switch (predictor) {
            case NONE -> none(r, n, target, offset);
            case GRID -> grid(r, n, target, offset);
            case DELTA -> delta(r, n, target, offset);
            case DELTA_OF_DELTA -> deltaOfDelta(r, n, target, offset);
        }
    }

    private void none(long[] r, int n, long[] target, int offset) {
        long origin = sum + step;
        long d = divisor;
        if (d == 1 && offset == 0) {
            add(r, n, origin, target);
        } else if (d == 1) {
            for (int i = 0; i < n; i++) {
                target[offset + i] = origin + r[i];
            }
        } else {
            for (int i = 0; i < n; i++) {
                target[offset + i] = origin + d * r[i];
            }
        }
    }

    /** The most frequent loop by itself: with an offset the compiler does not vectorise it. */
    private static void add(long[] r, int n, long origin, long[] target) {
        for (int i = 0; i < n; i++) {
            target[i] = origin + r[i];
        }
    }

    private void grid(long[] r, int n, long[] target, int offset) {
        long line = sum;
        long width = step;
        long d = divisor;
        for (int i = 0; i < n; i++) {
            target[offset + i] = line + width * i + d * r[i];
        }
        sum = line + width * n;
    }

    private void delta(long[] r, int n, long[] target, int offset) {
        if (divisor != 1) {
            // A loop of its own, so that the sum below waits for one addition a step and nothing else.
            for (int i = 0; i < n; i++) {
                r[i] *= divisor;
            }
        }
        long last = sum;
        long base = step;
        int i = 0;
        // Four at a time wait for one addition to the sum.
        for (; i <= n - 4; i += 4) {
            long a = r[i] + base;
            long b = a + (r[i + 1] + base);
            long c = b + (r[i + 2] + base);
            long d = c + (r[i + 3] + base);
            target[offset + i] = last + a;
            target[offset + i + 1] = last + b;
            target[offset + i + 2] = last + c;
            target[offset + i + 3] = last + d;
            last += d;
        }
        for (; i < n; i++) {
            last += r[i] + base;
            target[offset + i] = last;
        }
        sum = last;
    }

    /**
     * Restores the next integers of a column of differences, as doubles: in one loop, which is faster where the
     * compiler converts one integer at a time anyway.
     *
     * @param r residuals; may be used up
     */
    public void restoreDelta(long[] r, int n, double[] target, int offset) {
        if (divisor != 1) {
            for (int i = 0; i < n; i++) {
                r[i] *= divisor;
            }
        }
        long last = sum;
        long base = step;
        for (int i = 0; i < n; i++) {
            last += r[i] + base;
            target[offset + i] = last;
        }
        sum = last;
    }

    private void deltaOfDelta(long[] r, int n, long[] target, int offset) {
        long last = sum;
        long slope = difference;
        for (int i = 0; i < n; i++) {
            slope += divisor * r[i] + step;
            last += slope;
            target[offset + i] = last;
        }
        sum = last;
        difference = slope;
    }
}
