package io.varve.query.percentile;

import io.varve.core.model.Labels;
import io.varve.query.function.BucketQuantile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The classic histograms of a group, merged by their bounds: how much the counters up to each bound grew, step by step.
 * Where histograms of other bounds come together, those bounds count that all of them have. One thread.
 */
final class ClassicBuckets {

    private static final String BOUND = "le";
    private static final String SUFFIX = "_bucket";

    private final int steps;
    private final TreeMap<Double, Bound> bounds = new TreeMap<>();

    /** Increases up to a bound, and of how many series, by step. */
    private static final class Bound {

        final double[] increases;
        final int[] series;

        Bound(int steps) {
            increases = new double[steps];
            series = new int[steps];
        }
    }

    ClassicBuckets(int steps) {
        this.steps = steps;
    }

    /** Bytes of a bound with so many steps. */
    static long bytes(int steps) {
        return 12L * steps;
    }

    /** Whether a series is a bucket of a classic histogram: its name and a label say so. */
    static boolean isBucket(Labels labels) {
        return labels.get(Labels.NAME).endsWith(SUFFIX) && !labels.get(BOUND).isEmpty();
    }

    /** The upper bound of a bucket, or null if it is none. */
    static @Nullable Double bound(Labels labels) {
        String text = labels.get(BOUND);
        try {
            return switch (text) {
                case "+Inf", "Inf", "inf", "+inf" -> Double.POSITIVE_INFINITY;
                default -> {
                    char last = text.charAt(text.length() - 1);
                    double bound = Character.isDigit(last) || last == '.' ? Double.parseDouble(text) : Double.NaN;
                    yield Double.isNaN(bound) ? null : Double.valueOf(bound);
                }
            };
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Whether increases of a bound were added before. */
    boolean knows(double bound) {
        return bounds.containsKey(bound);
    }

    void add(double bound, int step, double increase) {
        Bound at = bounds.computeIfAbsent(bound + 0.0, b -> new Bound(steps));
        at.increases[step] += increase;
        at.series[step]++;
    }

    /** The buckets of a step; null if there is none. */
    @Nullable
    Window window(int step) {
        Bound last = bounds.get(Double.POSITIVE_INFINITY);
        if (last == null || last.series[step] == 0) {
            return null;
        }
        List<Double> shared = new ArrayList<>();
        List<Double> grown = new ArrayList<>();
        for (Map.Entry<Double, Bound> entry : bounds.entrySet()) {
            if (entry.getValue().series[step] >= last.series[step]) {
                shared.add(entry.getKey());
                grown.add(entry.getValue().increases[step]);
            }
        }
        return new Window(toArray(shared), toArray(grown));
    }

    /** Whether a step has increases, but not of the bucket that holds all. */
    boolean lacksLast(int step) {
        Bound last = bounds.get(Double.POSITIVE_INFINITY);
        return (last == null || last.series[step] == 0)
                && bounds.values().stream().anyMatch(bound -> bound.series[step] > 0);
    }

    private static double[] toArray(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The buckets of one window, up to each bound. */
    static final class Window {

        private final double[] bounds;
        private final double[] upTo;
        private final BucketQuantile quantile = new BucketQuantile();

        Window(double[] bounds, double[] upTo) {
            this.bounds = bounds;
            this.upTo = upTo;
            for (int i = 0; i < bounds.length; i++) {
                this.upTo[i] = i == 0 ? upTo[0] : Math.max(upTo[i], upTo[i - 1]);
                quantile.add(bounds[i], this.upTo[i]);
            }
        }

        double count() {
            return upTo[upTo.length - 1];
        }

        /** As {@code histogram_quantile}. */
        double quantile(double q) {
            return quantile.quantile(q);
        }

        void addTo(Pieces pieces) {
            for (int i = 0; i < bounds.length; i++) {
                double low = i > 0 ? bounds[i - 1] : bounds[0] > 0 ? 0 : Double.NEGATIVE_INFINITY;
                double high = bounds[i];
                double middle = Double.isInfinite(high) ? low : Double.isInfinite(low) ? high : low + (high - low) / 2;
                if (Double.isInfinite(low) && Double.isInfinite(high)) {
                    middle = Double.NaN;
                }
                pieces.add(low, high, middle, i == 0 ? upTo[0] : upTo[i] - upTo[i - 1]);
            }
        }

        @Override
        public String toString() {
            return Arrays.toString(bounds) + Arrays.toString(upTo);
        }
    }
}
