package io.varve.codec;

import java.util.Random;

/** Series as they occur and as they should not, each from a seed. */
enum PageShapes {
    CONSTANT,
    STILL_COUNTER,
    COUNTER,
    COUNTER_WITH_RESETS,
    GAUGE,
    WALK_TWO_DECIMALS,
    WALK_FOUR_DECIMALS,
    MIXED_DECIMALS,
    MULTIPLES,
    PARABOLA,
    REPEATING,
    REPEATING_WIDE,
    STALE_MARKERS,
    SPECIALS,
    RAW_DOUBLES,
    EVERY_PATTERN,
    EXTREME_INTEGERS;

    private static final double[] SPECIAL_VALUES = {
        0.0,
        -0.0,
        Double.NaN,
        Double.longBitsToDouble(0x7ff0000000000002L),
        Double.longBitsToDouble(0xfff8000000000001L),
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        -Double.MIN_NORMAL,
        Double.MAX_VALUE,
        0x1p53,
        0x1p53 + 2,
        -0x1p63,
        0.1,
        1e-17,
        1.0 / 3
    };

    double[] values(int count, long seed) {
        Random random = new Random(seed);
        double[] values = new double[count];
        double walk = 50;
        long total = random.nextInt(1_000_000);
        for (int i = 0; i < count; i++) {
            walk = Math.min(100, Math.max(0, walk + random.nextGaussian()));
            total += Math.round(50 + 5 * random.nextGaussian());
            values[i] = switch (this) {
                case CONSTANT -> SPECIAL_VALUES[(int) Math.floorMod(seed, (long) SPECIAL_VALUES.length)];
                case STILL_COUNTER -> Math.floorDiv(i, 97);
                case COUNTER -> total;
                case COUNTER_WITH_RESETS -> total % 30_011;
                case GAUGE -> Math.rint(walk);
                case WALK_TWO_DECIMALS -> Math.rint(walk * 1e2) / 1e2;
                case WALK_FOUR_DECIMALS -> Math.rint(walk * 1e4) / 1e4;
                case MIXED_DECIMALS -> i % 50 == 7 ? walk : Math.rint(walk * 1e3) / 1e3;
                case MULTIPLES -> 4_096.0 * Math.rint(walk);
                case PARABOLA -> 3.0 * i * i - 17 * i;
                case REPEATING -> new double[] {1.5, 99.25, 3, 1_000_000.75, 2}[random.nextInt(5)];
                case REPEATING_WIDE -> SPECIAL_VALUES[13 + i % 3] * (1 + i % 5);
                case STALE_MARKERS -> i % 60 == 59 ? SPECIAL_VALUES[3] : Math.rint(walk * 10) / 10;
                case SPECIALS -> SPECIAL_VALUES[random.nextInt(SPECIAL_VALUES.length)];
                case RAW_DOUBLES -> walk;
                case EVERY_PATTERN -> Double.longBitsToDouble(random.nextLong());
                case EXTREME_INTEGERS -> random.nextBoolean() ? 0x1p53 : -0x1p53 + random.nextInt(3);
            };
        }
        return values;
    }

    /** Times in the manner of a shape; the last ones know no order at all. */
    long[] times(int count, long seed) {
        Random random = new Random(seed);
        long[] times = new long[count];
        long time = 1_763_780_400_000L;
        for (int i = 0; i < count; i++) {
            time += switch (this) {
                case CONSTANT -> 10_000;
                case STILL_COUNTER -> i % 97 == 96 ? 30_000 : 10_000;
                case COUNTER, COUNTER_WITH_RESETS -> Math.round(15_000 + 2 * random.nextGaussian());
                case GAUGE -> 0;
                case PARABOLA -> 7L * i;
                case MULTIPLES -> 1_000_000L * (1 + random.nextInt(3));
                case EVERY_PATTERN -> random.nextLong();
                case EXTREME_INTEGERS -> Long.MIN_VALUE + random.nextInt(2);
                case SPECIALS -> i % 2 == 0 ? Long.MAX_VALUE - time : Long.MIN_VALUE - time;
                default -> 10_000 + (random.nextInt(100) == 0 ? random.nextInt(1_000) : 0);
            };
            times[i] = this == RAW_DOUBLES ? 1_763_780_400_000L + 15_000L * i + random.nextInt(5) : time;
        }
        return times;
    }
}
