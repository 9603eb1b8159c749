package io.varve.query.detect;

import io.varve.core.model.StaleMarker;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Series that break what is not careful: each has its name, and times that never decrease. */
public final class HostileSeries {

    private static final long BEGIN = 1_763_780_400_000L;

    private HostileSeries() {}

    /** Columns of as many times as values. */
    @SuppressWarnings("ArrayRecordComponent") // two columns of a test
    public record Column(long[] times, double[] values) {}

    /** Makes the value of a sample. */
    @FunctionalInterface
    interface Value {
        double of(int index, Random random);
    }

    /** All of them, of a sample a step, milliseconds. */
    public static Map<String, Column> all(int size, long stepMs) {
        Map<String, Column> all = new LinkedHashMap<>();
        all.put("constant", column(size, stepMs, (i, random) -> 42));
        all.put("zero", column(size, stepMs, (i, random) -> i % 2 == 0 ? 0.0 : -0.0));
        all.put("empty", new Column(new long[0], new double[0]));
        all.put("single", column(1, stepMs, (i, random) -> 1));
        all.put("exploding", column(size, stepMs, (i, random) -> i % 2 == 0 ? 1e308 : -1e308));
        all.put("largest", column(size, stepMs, (i, random) -> random.nextBoolean() ? Double.MAX_VALUE : 1));
        all.put("infinite", column(size, stepMs, (i, random) -> 1 / (double) (random.nextInt(3) - 1)));
        all.put("nan", column(size, stepMs, (i, random) -> Double.NaN));
        all.put("stale", column(size, stepMs, (i, random) -> random.nextInt(3) == 0 ? StaleMarker.VALUE : i));
        all.put("mixed", column(size, stepMs, (i, random) -> switch (random.nextInt(7)) {
            case 0 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> Double.NEGATIVE_INFINITY;
            case 3 -> Double.MIN_VALUE;
            case 4 -> -Double.MAX_VALUE;
            case 5 -> 0;
            default -> random.nextGaussian();
        }));
        all.put("bits", column(size, stepMs, (i, random) -> Double.longBitsToDouble(random.nextLong())));
        all.put("doubling", column(size, stepMs, (i, random) -> Math.pow(2, i)));
        all.put("tiny", column(size, stepMs, (i, random) -> Double.MIN_VALUE * random.nextInt(9)));
        all.put("rounding", column(size, stepMs, (i, random) -> 0.1 + 1e-17 * random.nextInt(9)));
        all.put("sparse", column(size, stepMs, (i, random) -> random.nextInt(50) == 0 ? 1 : 0));
        Column gaps = column(size, stepMs, (i, random) -> random.nextGaussian());
        for (int i = 0; i < size; i++) {
            gaps.times()[i] += i / 37 * 40L * stepMs;
        }
        all.put("gaps", gaps);
        return all;
    }

    private static Column column(int size, long stepMs, Value value) {
        Random random = new Random(7);
        long[] times = new long[size];
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            times[i] = BEGIN + i * stepMs;
            values[i] = value.of(i, random);
        }
        return new Column(times, values);
    }
}
