package io.varve.core.telemetry.clock;

/** Arithmetic of nanoseconds that stops at the ends of {@code long} instead of running over them. */
final class Nanos {

    private Nanos() {}

    static long plus(long a, long b) {
        long sum = a + b;
        return ((a ^ sum) & (b ^ sum)) < 0 ? (a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
    }

    static long minus(long a, long b) {
        long difference = a - b;
        return ((a ^ b) & (a ^ difference)) < 0 ? (a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : difference;
    }

    /** Distance of two moments, at least 0. */
    static long between(long a, long b) {
        return a > b ? minus(a, b) : minus(b, a);
    }

    /** A share of a duration, rounded up: what a clock of that rate gains in it at most. */
    static long share(double rate, long duration) {
        return (long) Math.ceil(rate * duration);
    }
}
