package io.varve.core.head;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Samples of one series that came behind its newest one, in the order in which they came. Append-only; the agent
 * release-stores the size, readers acquire it first.
 */
final class LateSamples {

    private static final VarHandle SIZE;

    static {
        try {
            SIZE = MethodHandles.lookup().findVarHandle(LateSamples.class, "size", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long[] times = new long[8];
    private double[] values = new double[8];
    private volatile int size;

    void append(long time, double value) {
        int at = size;
        if (at == times.length) {
            times = Arrays.copyOf(times, at * 2);
            values = Arrays.copyOf(values, at * 2);
        }
        times[at] = time;
        values[at] = value;
        SIZE.setRelease(this, at + 1);
    }

    int size() {
        return (int) SIZE.getAcquire(this);
    }

    long time(int index) {
        return times[index];
    }

    double value(int index) {
        return values[index];
    }

    /** Whether the newest late sample is exactly this one: what a client that repeats itself sends. */
    boolean lastIs(long time, double value) {
        int last = size - 1;
        return last >= 0
                && times[last] == time
                && Double.doubleToRawLongBits(values[last]) == Double.doubleToRawLongBits(value);
    }

    static long bytesFor(int samples) {
        return 64 + 16L * Math.max(8, Integer.highestOneBit(Math.max(1, samples - 1)) * 2L);
    }
}
