package io.varve.benchmarks.load;

/** Random numbers of a seed. Not thread-safe. */
final class Draws {

    private static final double TWO_POW_16 = 65_536;

    private long state;

    Draws(long seed) {
        state = seed;
    }

    /** The sum of four uniforms: near enough to a normal distribution, of deviation 1. */
    double normal() {
        long bits = nextLong();
        double sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
        // The low bits of a second draw fill the mantissa, so that full-precision series have no short ones.
        double fine = (nextLong() >>> 11) * 0x1p-53;
        return ((sum + fine) / TWO_POW_16 - 2) * Math.sqrt(3);
    }

    /** From 0 up to 1. */
    double uniform() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /** From 0 up to the bound. */
    int below(int bound) {
        return (int) (uniform() * bound);
    }

    /** SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). */
    private long nextLong() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
