package io.varve.codec.predict;

/** The largest number that divides all distances of a page's integers from the first one. */
public final class CommonDivisor {

    private CommonDivisor() {}

    /**
     * Finds it and divides by it.
     *
     * @param x distances from the first integer, which are divided in place
     * @return the divisor, 1 or more; 1 if all distances are 0
     */
    public static long takeOut(long[] x, int count) {
        long all = 0;
        for (int i = 1; i < count; i++) {
            all |= x[i];
        }
        if (all == 0) {
            return 1;
        }
        // Powers of two first: they are the most frequent, and a shift takes them out.
        int shift = Long.numberOfTrailingZeros(all);
        if (shift == Long.SIZE - 1) {
            return 1;
        }
        long odd = 0;
        for (int i = 1; i < count && odd != 1; i++) {
            long rest = x[i] >> shift;
            // A remainder first: it is 0 for almost all once the divisor has settled.
            if (odd == 0 || rest % odd != 0) {
                odd = greatest(odd, rest);
            }
        }
        if (odd > 1) {
            long divisor = odd << shift;
            for (int i = 1; i < count; i++) {
                x[i] /= divisor;
            }
            return divisor;
        }
        for (int i = 1; i < count && shift > 0; i++) {
            x[i] >>= shift;
        }
        return 1L << shift;
    }

    private static long greatest(long a, long b) {
        // The smallest long has no absolute value; only powers of two divide it, and they are not worth a case.
        if (b == Long.MIN_VALUE) {
            return 1;
        }
        long u = a;
        long v = Math.abs(b);
        while (v != 0) {
            long rest = u % v;
            u = v;
            v = rest;
        }
        return u;
    }
}
