package io.varve.core.sketch;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import java.util.Arrays;

/** Tells whether a counter of native histograms began anew between two samples. */
public final class HistogramResets {

    private HistogramResets() {}

    /**
     * Whether a histogram begins anew after another: it says so itself; or its hint is unknown, and its count, its zero
     * bucket or any bucket is lower, its schema is finer, its zero bucket narrower or such that it would cut a bucket
     * of the one before, or only one of them has custom bounds. Custom bounds that differ are compared by those that
     * both have. A gauge never does.
     *
     * @param before no stale marker
     * @param now no stale marker
     */
    public static boolean isReset(Histogram before, Histogram now) {
        return switch (now.hint()) {
            case RESET -> true;
            case NOT_RESET, GAUGE -> false;
            case UNKNOWN -> isLower(before, now);
        };
    }

    /**
     * Whether the numbers of a histogram alone say that it begins anew after another, as {@link #isReset} has it for an
     * unknown hint; of gauges too.
     */
    public static boolean isLower(Histogram before, Histogram now) {
        HistogramLayout old = before.layout();
        HistogramLayout fresh = now.layout();
        boolean exact = !old.isFloat() && !fresh.isFloat();
        if (exact ? now.countBits() < before.countBits() : now.count() < before.count()) {
            return true;
        }
        if (old.equals(fresh)) {
            return isLowerAnywhere(before, now, exact);
        }
        HistogramAlignment aligned = HistogramAlignment.of(
                new HistogramAlignment.Operand(old, place -> before.bucket(place) != 0),
                new HistogramAlignment.Operand(fresh, place -> now.bucket(place) != 0));
        if (aligned == null) {
            return true;
        }
        HistogramLayout joint = aligned.layout();
        if (joint.schema() != fresh.schema() || joint.zeroThreshold() != fresh.zeroThreshold()) {
            return true;
        }
        if (exact) {
            long[] difference = new long[HistogramAlignment.BUCKETS + joint.buckets()];
            integers(now, aligned.right(), 1, difference);
            integers(before, aligned.left(), -1, difference);
            return Arrays.stream(difference).anyMatch(number -> number < 0);
        }
        CompensatedSums a = new CompensatedSums(HistogramAlignment.BUCKETS + joint.buckets());
        CompensatedSums b = new CompensatedSums(HistogramAlignment.BUCKETS + joint.buckets());
        doubles(before, aligned.left(), a);
        doubles(now, aligned.right(), b);
        for (int i = 0; i < a.size(); i++) {
            if (b.get(i) < a.get(i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLowerAnywhere(Histogram before, Histogram now, boolean exact) {
        if (exact ? now.zeroCountBits() < before.zeroCountBits() : now.zeroCount() < before.zeroCount()) {
            return true;
        }
        for (int i = 0; i < now.layout().buckets(); i++) {
            if (exact ? now.bucketBits(i) < before.bucketBits(i) : now.bucket(i) < before.bucket(i)) {
                return true;
            }
        }
        return false;
    }

    private static void integers(Histogram histogram, int[] places, int factor, long[] target) {
        target[HistogramAlignment.COUNT] += factor * histogram.countBits();
        target[HistogramAlignment.ZERO] += factor * histogram.zeroCountBits();
        for (int i = HistogramAlignment.BUCKETS; i < places.length; i++) {
            if (places[i] != HistogramAlignment.NOWHERE) {
                target[places[i]] += factor * histogram.bucketBits(i - HistogramAlignment.BUCKETS);
            }
        }
    }

    private static void doubles(Histogram histogram, int[] places, CompensatedSums target) {
        target.add(HistogramAlignment.COUNT, histogram.count());
        target.add(HistogramAlignment.ZERO, histogram.zeroCount());
        for (int i = HistogramAlignment.BUCKETS; i < places.length; i++) {
            if (places[i] != HistogramAlignment.NOWHERE) {
                target.add(places[i], histogram.bucket(i - HistogramAlignment.BUCKETS));
            }
        }
    }
}
