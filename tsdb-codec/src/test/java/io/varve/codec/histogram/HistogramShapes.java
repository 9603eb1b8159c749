package io.varve.codec.histogram;

import java.util.Arrays;
import java.util.Random;

/** Histograms of many shapes, for round trips, damage and sizes. The same seed makes the same samples. */
enum HistogramShapes {
    LATENCY {
        @Override
        void fill(HistogramColumns columns, int count, Random random) {
            latency(columns, count, random, new Latency(30, 200));
        }
    },
    RARE {
        @Override
        void fill(HistogramColumns columns, int count, Random random) {
            latency(columns, count, random, new Latency(12, 1));
        }
    },
    RESETS {
        @Override
        void fill(HistogramColumns columns, int count, Random random) {
            Latency latency = new Latency(20, 100);
            latency.resetEvery = 37;
            latency(columns, count, random, latency);
        }
    },
    STALE {
        @Override
        void fill(HistogramColumns columns, int count, Random random) {
            Latency latency = new Latency(10, 50);
            latency.staleEvery = 11;
            latency(columns, count, random, latency);
        }
    },
    CONSTANT {
        @Override
        void fill(HistogramColumns columns, int count, Random random) {
            latency(columns, count, random, new Latency(30, 0));
        }
    },
    GAUGE {
        @Override
        void fill(HistogramColumns columns, int count, Random random) {
            Latency latency = new Latency(16, 100);
            latency.gauge = true;
            latency(columns, count, random, latency);
        }
    },
    WHOLE_FLOATS {
        @Override
        void fill(HistogramColumns columns, int count, Random random) {
            Latency latency = new Latency(16, 100);
            latency.floats = true;
            latency.resetEvery = 90;
            latency.staleEvery = 50;
            latency(columns, count, random, latency);
        }
    },
    RATES {
        @Override
        void fill(HistogramColumns columns, int count, Random random) {
            Latency latency = new Latency(16, 100);
            latency.floats = true;
            latency.divisor = 300;
            latency.gauge = true;
            latency(columns, count, random, latency);
        }
    },
    GROWING_LAYOUT {
        @Override
        void fill(HistogramColumns columns, int count, Random random) {
            long[] buckets = new long[64];
            for (int i = 0; i < count; i++) {
                int used = Math.min(64, 1 + i / 9);
                columns.layouts().begin(2, false, 0x1p-128);
                for (int b = 0; b < used; b += 2) {
                    columns.layouts().positiveSpan(b == 0 ? -20 : 1, Math.min(1, used - b));
                    buckets[b / 2] += random.nextInt(5);
                }
                int layout = columns.layouts().end();
                columns.append(layout, CounterReset.UNKNOWN, 0L, sum(buckets, used), i * 0.5, buckets, 0);
            }
        }
    },
    SCHEMA_CHANGES {
        @Override
        void fill(HistogramColumns columns, int count, Random random) {
            long[] buckets = new long[24];
            for (int i = 0; i < count; i++) {
                columns.layouts().begin(4 - Math.min(8, i / 50), false, i < 60 ? 0.001 : 0.01);
                columns.layouts().positiveSpan(3, 4);
                columns.layouts().positiveSpan(0, 0);
                columns.layouts().positiveSpan(2, 3);
                columns.layouts().negativeSpan(-3, 5);
                int layout = columns.layouts().end();
                add(buckets, 12, random, 20);
                columns.append(layout, CounterReset.byId(i & 3), i, sum(buckets, 12) + i, -i, buckets, 0);
            }
        }
    },
    CUSTOM_BOUNDS {
        @Override
        void fill(HistogramColumns columns, int count, Random random) {
            long[] buckets = new long[16];
            for (int i = 0; i < count; i++) {
                columns.layouts().begin(HistogramLayouts.CUSTOM_SCHEMA, false, 0);
                columns.layouts().positiveSpan(i < 40 ? 1 : 0, 8);
                for (int b = 0; b < 10; b++) {
                    columns.layouts().bound(i < 80 ? 0.005 * (1 << b) : b);
                }
                int layout = columns.layouts().end();
                add(buckets, 8, random, 9);
                columns.append(layout, CounterReset.NOT_RESET, 0L, sum(buckets, 8), i / 8.0, buckets, 0);
            }
        }
    },
    EMPTY {
        @Override
        void fill(HistogramColumns columns, int count, Random random) {
            for (int i = 0; i < count; i++) {
                columns.layouts().begin(3, false, 0.001);
                columns.append(columns.layouts().end(), CounterReset.UNKNOWN, 0L, 0L, 0.0, new long[0], 0);
            }
        }
    },
    ONLY_STALE {
        @Override
        void fill(HistogramColumns columns, int count, Random random) {
            for (int i = 0; i < count; i++) {
                columns.appendStale((i & 64) != 0);
            }
        }
    },
    ANY_INTEGERS {
        @Override
        void fill(HistogramColumns columns, int count, Random random) {
            for (int i = 0; i < count; i++) {
                int layout = anyLayout(columns.layouts(), random, false);
                long[] buckets = random.longs(columns.layouts().buckets(layout)).toArray();
                CounterReset hint = CounterReset.byId(random.nextInt(4));
                columns.append(layout, hint, random.nextLong(), random.nextLong(), anyDouble(random), buckets, 0);
            }
        }
    },
    ANY_FLOATS {
        @Override
        void fill(HistogramColumns columns, int count, Random random) {
            for (int i = 0; i < count; i++) {
                anyFloats(columns, random);
            }
        }
    },
    MIXED {
        @Override
        void fill(HistogramColumns columns, int count, Random random) {
            for (int i = 0; i < count; ) {
                int part = Math.min(count - i, 1 + random.nextInt(40));
                if (random.nextInt(3) == 0) {
                    anyFloats(columns, random);
                    i++;
                } else {
                    Latency latency = new Latency(1 + random.nextInt(20), random.nextInt(50));
                    latency.floats = random.nextBoolean();
                    latency(columns, part, random, latency);
                    i += part;
                }
            }
        }
    };

    abstract void fill(HistogramColumns columns, int count, Random random);

    /** Samples of this shape in columns of their own. */
    HistogramColumns make(int count, long seed) {
        HistogramColumns columns = new HistogramColumns();
        fill(columns, count, new Random(seed));
        return columns;
    }

    /** What a latency histogram does. */
    static final class Latency {
        final int buckets;
        final int perSample;
        boolean floats;
        boolean gauge;
        double divisor = 1;
        int resetEvery = Integer.MAX_VALUE;
        int staleEvery = Integer.MAX_VALUE;

        Latency(int buckets, int perSample) {
            this.buckets = buckets;
            this.perSample = perSample;
        }
    }

    static void latency(HistogramColumns columns, int count, Random random, Latency latency) {
        int n = latency.buckets;
        long[] buckets = new long[n];
        for (int b = 0; b < n; b++) {
            buckets[b] = latency.gauge ? 0 : (long) (1e6 * Math.exp(-Math.pow((b - n / 2.0) / (n / 6.0), 2)));
        }
        long milliseconds = 1_000_000;
        for (int i = 0; i < count; i++) {
            if (i % latency.staleEvery == latency.staleEvery - 1) {
                columns.appendStale(latency.floats);
                continue;
            }
            boolean reset = i % latency.resetEvery == latency.resetEvery - 1;
            if (reset || latency.gauge) {
                Arrays.fill(buckets, 0);
                milliseconds = 0;
            }
            for (int o = 0; o < latency.perSample; o++) {
                double where = n / 2.0 + random.nextGaussian() * n / 8;
                buckets[(int) Math.max(0, Math.min(n - 1, where))]++;
                milliseconds += (long) Math.pow(2, where / 4 + 2);
            }
            CounterReset hint = latency.gauge ? CounterReset.GAUGE : reset ? CounterReset.RESET : CounterReset.UNKNOWN;
            append(columns, latency, hint, buckets, milliseconds / 1e3);
        }
    }

    private static void append(
            HistogramColumns columns, Latency latency, CounterReset hint, long[] buckets, double sum) {
        int n = latency.buckets;
        columns.layouts().begin(3, latency.floats, 0x1p-128);
        columns.layouts().positiveSpan(-12, n / 2);
        columns.layouts().positiveSpan(1, n - n / 2);
        int layout = columns.layouts().end();
        if (!latency.floats) {
            columns.append(layout, hint, 3L, sum(buckets, n) + 3, sum, buckets, 0);
            return;
        }
        double[] rates = new double[n];
        double count = 3;
        for (int b = 0; b < n; b++) {
            rates[b] = buckets[b] / latency.divisor;
            count += rates[b];
        }
        columns.append(layout, hint, 3.0, count, sum / latency.divisor, rates, 0);
    }

    private static void anyFloats(HistogramColumns columns, Random random) {
        int layout = anyLayout(columns.layouts(), random, true);
        double[] buckets = new double[columns.layouts().buckets(layout)];
        for (int b = 0; b < buckets.length; b++) {
            buckets[b] = anyDouble(random);
        }
        CounterReset hint = CounterReset.byId(random.nextInt(4));
        columns.append(layout, hint, anyDouble(random), anyDouble(random), anyDouble(random), buckets, 0);
    }

    private static int anyLayout(HistogramLayouts layouts, Random random, boolean floats) {
        boolean custom = random.nextInt(4) == 0;
        int schema = custom ? HistogramLayouts.CUSTOM_SCHEMA : random.nextInt(13) - 4;
        layouts.begin(schema, floats, random.nextInt(5) == 0 ? anyDouble(random) : 0.001);
        for (int s = random.nextInt(3); s > 0; s--) {
            layouts.positiveSpan(random.nextInt(4), random.nextInt(5));
        }
        for (int s = random.nextInt(3), first = s; s > 0; s--) {
            layouts.negativeSpan(s == first ? random.nextInt() >> 1 : random.nextInt(9), random.nextInt(5));
        }
        for (int b = custom ? random.nextInt(4) : 0; b > 0; b--) {
            layouts.bound(random.nextBoolean() ? b : anyDouble(random));
        }
        return layouts.end();
    }

    private static double anyDouble(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> Double.longBitsToDouble(0x7ff0000000000001L | random.nextInt(8));
            case 2 -> -0.0;
            case 3 -> Double.NEGATIVE_INFINITY;
            case 4 -> random.nextInt(1_000) / 10.0;
            default -> random.nextInt(100);
        };
    }

    static void add(long[] buckets, int count, Random random, int bound) {
        for (int b = 0; b < count; b++) {
            buckets[b] += random.nextInt(bound);
        }
    }

    static long sum(long[] buckets, int count) {
        long sum = 0;
        for (int b = 0; b < count; b++) {
            sum += buckets[b];
        }
        return sum;
    }
}
