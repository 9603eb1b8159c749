package io.varve.core.sketch;

import io.varve.core.model.HistogramLayout;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Brings two native histograms to one layout: the coarser schema; the wider zero bucket, and further up to the bound of
 * a bucket that it would cut; of custom bounds those that both have. Immutable.
 *
 * <p>Numbers of a histogram have places: 0 is the count, 1 the zero bucket, from 2 on the buckets of the layout.
 */
final class HistogramAlignment {

    /** The place of an empty bucket that the zero bucket cuts. */
    static final int NOWHERE = -1;

    /** Place of the count. */
    static final int COUNT = 0;

    /** Place of the zero bucket. */
    static final int ZERO = 1;

    /** Place of the first bucket. */
    static final int BUCKETS = 2;

    /** Markers of the places of buckets while the layout is not known; indexes of buckets are ints. */
    private static final long IN_ZERO = Long.MAX_VALUE;

    private static final long DROPPED = Long.MIN_VALUE;

    private final HistogramLayout layout;
    private final int[] left;
    private final int[] right;

    /**
     * A histogram to align.
     *
     * @param populated whether the bucket of a place in the layout holds anything
     */
    record Operand(HistogramLayout layout, IntPredicate populated) {

        boolean isCustom() {
            return layout.schema() == HistogramLayout.CUSTOM_SCHEMA;
        }
    }

    private HistogramAlignment(HistogramLayout layout, int[] left, int[] right) {
        this.layout = layout;
        this.left = left;
        this.right = right;
    }

    /** The layout of both; of floats if one of them is. */
    HistogramLayout layout() {
        return layout;
    }

    /** For each number of the first histogram its place in the layout, or {@link #NOWHERE}. */
    int[] left() {
        return left;
    }

    /** The same of the second. */
    int[] right() {
        return right;
    }

    /** Aligns; null if nothing holds both: custom bounds and none, or too many buckets. */
    static @Nullable HistogramAlignment of(Operand left, Operand right) {
        if (left.isCustom() != right.isCustom()) {
            return null;
        }
        boolean floats = left.layout().isFloat() || right.layout().isFloat();
        if (left.isCustom()) {
            return custom(left.layout(), right.layout(), floats);
        }
        double threshold = threshold(left, right);
        int schema = Math.min(left.layout().schema(), right.layout().schema());
        while (schema >= HistogramLayout.MIN_SCHEMA) {
            long[] a = targets(left, schema, threshold);
            long[] b = targets(right, schema, threshold);
            int[] positive =
                    union(a, left.layout().positiveBuckets(), b, right.layout().positiveBuckets(), true);
            int[] negative =
                    union(a, left.layout().positiveBuckets(), b, right.layout().positiveBuckets(), false);
            if (isLayout(positive, negative)) {
                HistogramLayout joint =
                        HistogramLayout.exponential(schema, floats, threshold, spans(positive), spans(negative));
                return new HistogramAlignment(
                        joint,
                        places(a, left.layout().positiveBuckets(), positive, negative),
                        places(b, right.layout().positiveBuckets(), positive, negative));
            }
            schema--;
        }
        return null;
    }

    /** The width of the common zero bucket: no bucket that holds anything is cut by one that was widened. */
    private static double threshold(Operand left, Operand right) {
        double threshold =
                Math.max(left.layout().zeroThreshold(), right.layout().zeroThreshold());
        while (true) {
            double wider = widened(right, widened(left, threshold));
            if (wider == threshold) {
                return threshold;
            }
            threshold = wider;
        }
    }

    private static double widened(Operand operand, double threshold) {
        HistogramLayout layout = operand.layout();
        if (layout.zeroThreshold() >= threshold) {
            return threshold;
        }
        BucketScale scale = BucketScale.of(layout.schema());
        int[] indexes = layout.indexes();
        double wider = threshold;
        for (int i = 0; i < indexes.length; i++) {
            double upper = scale.upperBound(indexes[i]);
            boolean cut = scale.lowerBound(indexes[i]) < threshold && upper > threshold;
            if (cut && operand.populated().test(i)) {
                wider = Math.max(wider, Math.min(upper, Double.MAX_VALUE));
            }
        }
        return wider;
    }

    /** For each bucket its index in a coarser schema, or where else it goes. */
    private static long[] targets(Operand operand, int schema, double threshold) {
        HistogramLayout layout = operand.layout();
        BucketScale scale = BucketScale.of(layout.schema());
        int steps = layout.schema() - schema;
        boolean widened = layout.zeroThreshold() < threshold;
        int[] indexes = layout.indexes();
        long[] targets = new long[indexes.length];
        for (int i = 0; i < indexes.length; i++) {
            targets[i] = ((long) indexes[i] - 1 >> steps) + 1;
            if (widened && scale.lowerBound(indexes[i]) < threshold) {
                boolean within = scale.upperBound(indexes[i]) <= threshold;
                targets[i] = within || operand.populated().test(i) ? IN_ZERO : DROPPED;
            }
        }
        return targets;
    }

    private static int[] union(long[] left, int leftPositive, long[] right, int rightPositive, boolean positive) {
        long[] a = Arrays.copyOfRange(left, positive ? 0 : leftPositive, positive ? leftPositive : left.length);
        long[] b = Arrays.copyOfRange(right, positive ? 0 : rightPositive, positive ? rightPositive : right.length);
        long[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        Arrays.sort(both);
        int[] found = new int[both.length];
        int size = 0;
        for (long index : both) {
            boolean real = index != IN_ZERO && index != DROPPED;
            if (real && (size == 0 || found[size - 1] != index)) {
                found[size++] = (int) index;
            }
        }
        return Arrays.copyOf(found, size);
    }

    /** Whether there are not too many buckets, and gaps between them are ints. */
    private static boolean isLayout(int[] positive, int[] negative) {
        return positive.length + negative.length <= HistogramLayout.MAX_BUCKETS
                && (positive.length == 0 || (long) positive[positive.length - 1] - positive[0] < Integer.MAX_VALUE)
                && (negative.length == 0 || (long) negative[negative.length - 1] - negative[0] < Integer.MAX_VALUE);
    }

    private static int[] spans(int[] indexes) {
        int[] spans = new int[2 * indexes.length];
        int used = 0;
        for (int i = 0; i < indexes.length; i++) {
            if (i > 0 && indexes[i] == indexes[i - 1] + 1) {
                spans[used - 1]++;
            } else {
                spans[used++] = i == 0 ? indexes[i] : indexes[i] - indexes[i - 1] - 1;
                spans[used++] = 1;
            }
        }
        return Arrays.copyOf(spans, used);
    }

    private static int[] places(long[] targets, int positiveBuckets, int[] positive, int[] negative) {
        int[] places = new int[BUCKETS + targets.length];
        places[ZERO] = ZERO;
        for (int i = 0; i < targets.length; i++) {
            boolean below = i >= positiveBuckets;
            long target = targets[i];
            if (target == IN_ZERO) {
                places[BUCKETS + i] = ZERO;
            } else if (target == DROPPED) {
                places[BUCKETS + i] = NOWHERE;
            } else {
                int at = Arrays.binarySearch(below ? negative : positive, (int) target);
                places[BUCKETS + i] = BUCKETS + at + (below ? positive.length : 0);
            }
        }
        return places;
    }

    private static @Nullable HistogramAlignment custom(HistogramLayout left, HistogramLayout right, boolean floats) {
        double[] bounds = shared(left, right);
        long[] a = targets(left, bounds);
        long[] b = targets(right, bounds);
        int[] indexes = union(a, a.length, b, b.length, true);
        if (indexes.length > HistogramLayout.MAX_BUCKETS) {
            return null;
        }
        HistogramLayout joint = HistogramLayout.custom(floats, spans(indexes), bounds);
        return new HistogramAlignment(
                joint, places(a, a.length, indexes, new int[0]), places(b, b.length, indexes, new int[0]));
    }

    private static double[] shared(HistogramLayout left, HistogramLayout right) {
        double[] shared = new double[Math.min(left.bounds(), right.bounds())];
        int size = 0;
        int k = 0;
        for (int i = 0; i < left.bounds(); i++) {
            while (k < right.bounds() && right.bound(k) < left.bound(i)) {
                k++;
            }
            if (k < right.bounds() && right.bound(k) == left.bound(i)) {
                shared[size++] = left.bound(i) + 0.0; // of two zeros the positive one
            }
        }
        return Arrays.copyOf(shared, size);
    }

    /** For each bucket the first one of coarser bounds that reaches as far; one without an upper bound is the last. */
    private static long[] targets(HistogramLayout layout, double[] bounds) {
        int[] indexes = layout.indexes();
        long[] targets = new long[indexes.length];
        for (int i = 0; i < indexes.length; i++) {
            int at = indexes[i] >= layout.bounds()
                    ? bounds.length
                    : Arrays.binarySearch(bounds, layout.bound(indexes[i]) + 0.0);
            targets[i] = at < 0 ? -at - 1 : at;
        }
        return targets;
    }
}
