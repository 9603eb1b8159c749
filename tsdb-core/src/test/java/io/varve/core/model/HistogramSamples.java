package io.varve.core.model;

import io.varve.core.sketch.HistogramSum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random histograms of every sort that is accepted. */
public final class HistogramSamples {

    private static final double NAN_OF_ITS_OWN = Double.longBitsToDouble(0x7ff8_0000_dead_beefL);

    private HistogramSamples() {}

    /** A histogram: integer or float, exponential or custom, gauge, stale, with a sum that may be NaN. */
    public static Histogram random(Random random) {
        boolean floats = random.nextInt(3) == 0;
        if (random.nextInt(12) == 0) {
            return Histogram.stale(floats);
        }
        HistogramLayout layout = layout(random, floats);
        ResetHint hint = ResetHint.byId(random.nextInt(4));
        boolean hasZero = layout.schema() != HistogramLayout.CUSTOM_SCHEMA;
        double sum = random.nextInt(8) == 0
                ? random.nextBoolean() ? Double.NaN : NAN_OF_ITS_OWN
                : random.nextInt(4) == 0 ? random.nextGaussian() * 1e6 : random.nextInt(10_000) / 8.0;
        return floats ? floating(random, layout, hint, hasZero, sum) : integer(random, layout, hint, hasZero, sum);
    }

    /** What may come after a histogram of a counter: mostly one that grew, in its layout or a coarser one. */
    public static Histogram next(Random random, @Nullable Histogram before) {
        if (before == null || before.isStale() || random.nextInt(6) == 0) {
            return random(random);
        }
        Histogram base = before;
        if (random.nextInt(4) == 0) {
            HistogramSum aligned = new HistogramSum();
            aligned.add(before);
            Histogram other = random(random);
            if (!other.isStale()) {
                aligned.align(other);
            }
            Histogram total = aligned.total();
            base = total == null ? before : total;
        }
        HistogramLayout layout = base.layout();
        ResetHint hint = random.nextInt(8) == 0 ? ResetHint.byId(random.nextInt(4)) : ResetHint.UNKNOWN;
        boolean floats = layout.isFloat();
        long[] buckets = new long[layout.buckets()];
        double added = 0;
        for (int i = 0; i < buckets.length; i++) {
            int more = random.nextInt(3) * random.nextInt(20);
            added += more;
            buckets[i] = floats ? Double.doubleToRawLongBits(base.bucket(i) + more / 4.0) : base.bucketBits(i) + more;
        }
        long count = floats ? Double.doubleToRawLongBits(base.count() + added / 4) : base.countBits() + (long) added;
        return Histogram.stored(layout, hint, base.zeroCountBits(), count, base.sum() + added, buckets);
    }

    private static Histogram integer(
            Random random, HistogramLayout layout, ResetHint hint, boolean hasZero, double sum) {
        long[] buckets = new long[layout.buckets()];
        int size = 1 + random.nextInt(40);
        Arrays.setAll(buckets, i -> random.nextInt(9) == 0 ? random.nextLong(1L << size) : random.nextInt(50));
        long zero = hasZero ? random.nextInt(5) : 0;
        long count = zero + Arrays.stream(buckets).sum();
        long more = Double.isNaN(sum) ? random.nextInt(3) : 0;
        return Histogram.integer(layout, hint, zero, count + more, sum, buckets);
    }

    private static Histogram floating(
            Random random, HistogramLayout layout, ResetHint hint, boolean hasZero, double sum) {
        double[] buckets = new double[layout.buckets()];
        boolean whole = random.nextBoolean();
        boolean negative = hint == ResetHint.GAUGE && random.nextBoolean();
        Arrays.setAll(
                buckets,
                i -> (whole ? random.nextInt(100) : random.nextDouble() * 100) * (negative && i % 2 == 0 ? -1 : 1));
        double zero = hasZero ? random.nextInt(3) : 0;
        double count = zero + Arrays.stream(buckets).sum();
        return Histogram.floating(layout, hint, zero, count, sum, buckets);
    }

    private static HistogramLayout layout(Random random, boolean floats) {
        int[] positive = spans(random);
        if (random.nextInt(4) == 0) {
            int last = -1;
            for (int i = 0; i < positive.length; i += 2) {
                positive[i] = Math.abs(positive[i]);
                last += positive[i] + positive[i + 1];
            }
            double[] bounds = new double[Math.max(0, last) + random.nextInt(3)];
            Arrays.setAll(bounds, i -> i * 0.25 - 1);
            return HistogramLayout.custom(floats, positive, bounds);
        }
        int[] negative = random.nextInt(3) == 0 ? spans(random) : new int[0];
        double threshold = random.nextInt(3) == 0 ? 0.001 : random.nextBoolean() ? 0 : 0x1p-128;
        return HistogramLayout.exponential(random.nextInt(13) - 4, floats, threshold, positive, negative);
    }

    private static int[] spans(Random random) {
        List<Integer> spans = new ArrayList<>();
        for (int left = random.nextInt(4); left > 0; left--) {
            spans.add(spans.isEmpty() ? random.nextInt(40) - 20 : random.nextInt(4));
            spans.add(random.nextInt(6));
        }
        return spans.stream().mapToInt(Integer::intValue).toArray();
    }
}
