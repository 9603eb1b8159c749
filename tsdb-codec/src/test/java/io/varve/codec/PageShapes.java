package io.varve.codec;

import java.util.Random;

/** Series as they occur and as they should not, each from a seed; together they need every mode, predictor and stage. */
enum PageShapes {
    CONSTANT((s, i) -> s.special),
    STILL_COUNTER((s, i) -> Math.floorDiv(i, 97)),
    COUNTER((s, i) -> s.total),
    COUNTER_WITH_RESETS((s, i) -> s.total % 30_011),
    GAUGE((s, i) -> Math.rint(s.walk)),
    WALK_TWO_DECIMALS((s, i) -> Math.rint(s.walk * 1e2) / 1e2),
    WALK_FOUR_DECIMALS((s, i) -> Math.rint(s.walk * 1e4) / 1e4),
    MIXED_DECIMALS((s, i) -> i % 50 == 7 ? s.walk : Math.rint(s.walk * 1e3) / 1e3),
    MULTIPLES((s, i) -> 4_096.0 * Math.rint(s.walk)),
    PARABOLA((s, i) -> 3.0 * i * i - 17 * i),
    NOISY_PARABOLA((s, i) -> 5.0 * i * i + s.random.nextInt(7)),
    JITTERED_GRID((s, i) -> 15_000.0 * i + s.random.nextInt(9)),
    REPEATING((s, i) -> new double[] {1.5, 99.25, 3, 1_000_000.75, 2}[s.random.nextInt(5)]),
    REPEATING_WIDE((s, i) -> s.specials[13 + i % 3] * (1 + i % 5)),
    RETURNING((s, i) -> s.cycle[i % s.cycle.length]),
    MOSTLY_STILL((s, i) -> s.random.nextInt(40) == 0 ? s.random.nextInt(1_000_000) : 3),
    SPIKES((s, i) -> s.random.nextInt(150) == 0 ? 1e12 + s.random.nextInt(1_000) : s.random.nextInt(64)),
    BURSTS((s, i) -> Math.rint((inBurst(i) ? 400 : 4) * s.random.nextGaussian())),
    HEAVY_TAIL((s, i) -> Math.rint(100 * Math.exp(2 * s.random.nextGaussian()))),
    WIDE_NOISE((s, i) -> (double) (s.random.nextLong() >> 12)),
    /** Percentages of percentages: two divisions, each of which rounds. */
    DIVIDED_TWICE((s, i) -> Math.rint(s.walk * 1e3) / 10 / 100),
    FLOATS((s, i) -> (float) (Math.rint(s.walk * 1e2) / 1e2)),
    MULTIPLES_OF_A_BASE((s, i) -> 1.5999998193 * Math.rint(s.walk * 1e2)),
    FEW_ULPS((s, i) -> s.moved(Math.rint(s.walk * 1e2) / 1e2, s.random.nextInt(20) == 0 ? 1 : 0)),
    MANY_ULPS((s, i) -> s.moved(Math.rint(s.walk * 1e2) / 1e2, s.random.nextInt(7) - 3)),
    DISTINCT_DOUBLES((s, i) -> s.distinct[s.random.nextInt(s.distinct.length)]),
    DISTINCT_INTEGERS((s, i) -> Math.rint(s.distinct[s.random.nextInt(s.distinct.length)] * 0x1p49)),
    DISTINCT_DECIMALS((s, i) -> Math.rint(s.distinct[s.random.nextInt(s.distinct.length)] * 1e11) / 1e11),
    NAN_PAYLOADS((s, i) -> Double.longBitsToDouble(0x7ff8000000000000L | s.random.nextInt(1_000))),
    STALE_MARKERS((s, i) -> i % 60 == 59 ? s.specials[3] : Math.rint(s.walk * 10) / 10),
    STALE_AT_RANDOM((s, i) -> s.random.nextInt(25) == 0 ? s.specials[3] : Math.rint(s.walk * 10) / 10),
    STALE_FIRST((s, i) -> i < 3 ? s.specials[3] : Math.rint(s.walk * 10) / 10),
    SPECIALS((s, i) -> s.specials[s.random.nextInt(s.specials.length)]),
    RAW_DOUBLES((s, i) -> s.walk),
    SIGNED_NOISE((s, i) -> 1e3 * s.random.nextGaussian()),
    EVERY_PATTERN((s, i) -> Double.longBitsToDouble(s.random.nextLong())),
    EXTREME_INTEGERS((s, i) -> s.random.nextBoolean() ? 0x1p53 : -0x1p53 + s.random.nextInt(3));

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

    /** The next value of a shape. */
    private interface Next {
        double value(Source source, int index);
    }

    // Lambdas without state of their own; the checker cannot see that.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Next next;

    PageShapes(Next next) {
        this.next = next;
    }

    /** What values are made of: a bounded walk, a growing total, and some values that come again. */
    private static final class Source {

        final Random random;
        final double[] specials = SPECIAL_VALUES;
        final double special;
        final double[] distinct;
        final double[] cycle;
        double walk = 50;
        long total;

        Source(long seed) {
            random = new Random(seed);
            special = SPECIAL_VALUES[(int) Math.floorMod(seed, (long) SPECIAL_VALUES.length)];
            total = random.nextInt(1_000_000);
            distinct = random.doubles(24).toArray();
            cycle = random.ints(61, 0, 5_000).asDoubleStream().toArray();
        }

        void step() {
            walk = Math.min(100, Math.max(0, walk + random.nextGaussian()));
            total += Math.round(50 + 5 * random.nextGaussian());
        }

        double moved(double value, int ulps) {
            return Double.longBitsToDouble(Double.doubleToRawLongBits(value) + ulps);
        }
    }

    /** Values of a shape. */
    double[] values(int count, long seed) {
        Source source = new Source(seed);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            source.step();
            values[i] = next.value(source, i);
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
                case NOISY_PARABOLA -> 7L * i + random.nextInt(3);
                case BURSTS -> 10_000 + Math.round((inBurst(i) ? 400 : 4) * random.nextGaussian());
                case MULTIPLES -> 1_000_000L * (1 + random.nextInt(3));
                case MOSTLY_STILL -> random.nextInt(40) == 0 ? 10_000L + random.nextInt(500) : 10_000;
                case RETURNING -> (i % 61) * (i % 61 * 1_237L) % 8_191;
                case EVERY_PATTERN -> random.nextLong();
                case EXTREME_INTEGERS -> Long.MIN_VALUE + random.nextInt(2);
                case SPECIALS -> i % 2 == 0 ? Long.MAX_VALUE - time : Long.MIN_VALUE - time;
                default -> 10_000 + (random.nextInt(100) == 0 ? random.nextInt(1_000) : 0);
            };
            times[i] = this == RAW_DOUBLES || this == JITTERED_GRID
                    ? 1_763_780_400_000L + 15_000L * i + random.nextInt(5)
                    : time;
        }
        return times;
    }

    private static boolean inBurst(int index) {
        return index / 40 % 3 == 0;
    }
}
