package io.varve.codec.entropy;

/** Binary logarithms of counts, from a table: plans ask for them by the ten thousand. */
final class Log2 {

    private static final int MAX = 1 << 16;
    private static final float[] N_LOG_N = new float[MAX + 1];

    static {
        for (int n = 1; n <= MAX; n++) {
            N_LOG_N[n] = (float) (n * Math.log(n) / Math.log(2));
        }
    }

    private Log2() {}

    /** n times the binary logarithm of n; 0 for 0. */
    static float nLogN(int n) {
        return N_LOG_N[n];
    }
}
