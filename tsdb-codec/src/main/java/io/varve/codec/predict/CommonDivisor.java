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
        long divisor = 0;
        for (int i = 1; i < count && divisor != 1; i++) {
            // A remainder first: it is 0 for almost all once the divisor has settled.
            if (divisor == 0 || x[i] % divisor != 0) {
                divisor = greatest(divisor, x[i]);
            }
        }
        if (divisor <= 1) {
            return 1;
        }
        for (int i = 1; i < count; i++) {
            x[i] /= divisor;
        }
        return divisor;
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
