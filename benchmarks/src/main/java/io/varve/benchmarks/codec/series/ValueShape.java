package io.varve.benchmarks.codec.series;

import java.util.Locale;
import java.util.Random;

/** What generated values look like. The same shape and count give the same bits each time. */
public enum ValueShape {
    /** A random walk between 0 and 100 with two decimals. */
    WALK2,
    /** A total of whole numbers around 50. */
    COUNTER,
    /** Whole numbers that wander. */
    GAUGE,
    /** The random walk in full precision. */
    RAW,
    /** Three decimals; one in four is an ulp off, as averages and percentages that were computed are. */
    CLOUDWATCH,
    /** 48 full-precision values over and over, the lower ones more often, in no order. */
    REPEATING;

    private static final long SEED = 42;
    private static final int DICTIONARY = 48;

    /** The shape of a name in lower case. */
    public static ValueShape of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** So many values of this shape. */
    public double[] values(int count) {
        Random random = new Random(SEED);
        double[] dictionary = new Random(SEED + 1).doubles(DICTIONARY).toArray();
        double[] values = new double[count];
        double walk = 50;
        long total = 0;
        for (int i = 0; i < count; i++) {
            walk = Math.min(100, Math.max(0, walk + random.nextGaussian()));
            total += Math.round(50 + random.nextGaussian());
            values[i] = switch (this) {
                case WALK2 -> Math.rint(walk * 100) / 100;
                case COUNTER -> total;
                case GAUGE -> Math.rint(walk);
                case RAW -> walk;
                case CLOUDWATCH -> ulpOff(Math.rint(walk * 1_000) / 1_000, random.nextInt(8));
                case REPEATING -> dictionary[random.nextInt(1 + random.nextInt(DICTIONARY))];
            };
        }
        return values;
    }

    private static double ulpOff(double value, int choice) {
        return switch (choice) {
            case 0 -> Math.nextUp(value);
            case 1 -> Math.nextDown(value);
            default -> value;
        };
    }
}
