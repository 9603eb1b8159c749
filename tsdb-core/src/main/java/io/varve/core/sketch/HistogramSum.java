package io.varve.core.sketch;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.ResetHint;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Adds up native histograms, and takes some away, in one layout that holds them all: the coarsest schema, lowered
 * further if there are more buckets than a layout may have; the widest zero bucket, widened further to the bound of a
 * bucket that it would cut; of custom bounds those that all have.
 *
 * <p>Counts of integers stay exact while they fit a long; beyond that, and with floats, they are compensated sums, as
 * the sum of observations always is (Neumaier, ZAMM 54, 1974). One thread.
 */
public final class HistogramSum {

    private boolean isBroken;
    private boolean gauge;
    private long added;

    /** Sum of observations of the first histogram added. */
    private double only;

    private @Nullable HistogramLayout layout;

    /** Count, zero bucket, buckets of the layout, while all are integers. */
    private long[] integers = {};

    /** The same of floats. */
    private CompensatedSums floats = new CompensatedSums(0);

    private CompensatedSums sum = new CompensatedSums(1);

    /** The layout added last, and the places of its numbers, if they hold for all histograms of it. */
    private @Nullable HistogramLayout lastLayout;

    private int[] lastPlaces = {};

    /** Forgets all. */
    public void clear() {
        isBroken = false;
        gauge = false;
        added = 0;
        only = 0;
        layout = null;
        lastLayout = null;
    }

    /** Adds a histogram, which is no stale marker. */
    public void add(Histogram histogram) {
        combine(histogram, 1);
    }

    /** Takes a histogram away; what is left is a gauge. */
    public void subtract(Histogram histogram) {
        combine(histogram, -1);
        gauge = true;
    }

    /** Sees to it that the layout is one that would hold a histogram too. */
    public void align(Histogram histogram) {
        combine(histogram, 0);
    }

    /**
     * What there is in all: a gauge if one of the histograms was one. Null if nothing was added, or if no layout holds
     * all: custom bounds and others, or too many buckets even for the coarsest schema.
     */
    public @Nullable Histogram total() {
        HistogramLayout of = layout;
        if (isBroken || of == null) {
            return null;
        }
        long[] numbers = integers;
        if (of.isFloat()) {
            numbers = new long[floats.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Double.doubleToRawLongBits(floats.get(i));
            }
        }
        return Histogram.stored(
                of,
                gauge ? ResetHint.GAUGE : ResetHint.UNKNOWN,
                numbers[HistogramAlignment.ZERO],
                numbers[HistogramAlignment.COUNT],
                sum(),
                Arrays.copyOfRange(numbers, HistogramAlignment.BUCKETS, HistogramAlignment.BUCKETS + of.buckets()));
    }

    private double sum() {
        double total = sum.get(0);
        if (added == 1) {
            return only;
        }
        return Double.isNaN(total) ? Double.NaN : total; // which NaN an addition gives is the machine's choice
    }

    private void combine(Histogram histogram, int factor) {
        if (isBroken) {
            return;
        }
        gauge |= histogram.hint() == ResetHint.GAUGE;
        HistogramLayout of = layout;
        int[] places = of == null ? begin(histogram.layout()) : places(of, histogram);
        if (places == null) {
            isBroken = true;
            return;
        }
        if (factor != 0) {
            put(histogram, factor, places);
        }
    }

    private int[] begin(HistogramLayout of) {
        layout = of;
        int size = HistogramAlignment.BUCKETS + of.buckets();
        integers = new long[of.isFloat() ? 0 : size];
        floats = new CompensatedSums(of.isFloat() ? size : 0);
        sum = new CompensatedSums(1);
        int[] places = new int[size];
        Arrays.setAll(places, i -> i);
        return remember(of, places);
    }

    private int[] remember(HistogramLayout of, int[] places) {
        // A bucket that is left out while it is empty may have a place when it is not.
        lastLayout = Arrays.stream(places).anyMatch(place -> place == HistogramAlignment.NOWHERE) ? null : of;
        lastPlaces = places;
        return places;
    }

    /** Places of a histogram's numbers, once there are some for them; null if there cannot be. */
    private int @Nullable [] places(HistogramLayout of, Histogram histogram) {
        HistogramLayout other = histogram.layout();
        HistogramLayout last = lastLayout;
        if (last != null && other.equals(last)) {
            return lastPlaces;
        }
        HistogramAlignment aligned = HistogramAlignment.of(
                new HistogramAlignment.Operand(of, this::isPopulated),
                new HistogramAlignment.Operand(other, place -> histogram.bucket(place) != 0));
        if (aligned == null) {
            return null;
        }
        move(of, aligned);
        return remember(other, aligned.right());
    }

    private boolean isPopulated(int bucket) {
        int place = HistogramAlignment.BUCKETS + bucket;
        boolean isFloat = Objects.requireNonNull(layout).isFloat();
        return isFloat ? floats.get(place) != 0 : integers[place] != 0;
    }

    private void move(HistogramLayout from, HistogramAlignment aligned) {
        int[] places = aligned.left();
        layout = aligned.layout();
        int size = HistogramAlignment.BUCKETS + aligned.layout().buckets();
        if (!aligned.layout().isFloat()) {
            long[] moved = new long[size];
            for (int i = 0; i < places.length; i++) {
                if (places[i] != HistogramAlignment.NOWHERE) {
                    moved[places[i]] += integers[i];
                }
            }
            integers = moved;
            return;
        }
        if (!from.isFloat()) {
            floating();
        }
        CompensatedSums old = floats;
        floats = new CompensatedSums(size);
        for (int i = 0; i < places.length; i++) {
            if (places[i] != HistogramAlignment.NOWHERE) {
                floats.add(places[i], old, i);
            }
        }
    }

    /** Turns integers into doubles. */
    private void floating() {
        floats = new CompensatedSums(integers.length);
        for (int i = 0; i < integers.length; i++) {
            floats.add(i, (double) integers[i]);
        }
    }

    private void put(Histogram histogram, int factor, int[] places) {
        HistogramLayout of = Objects.requireNonNull(layout);
        long count = histogram.countBits();
        if (!of.isFloat() && !fits(integers[HistogramAlignment.COUNT], factor * count)) {
            floating();
            of = of.withFloats();
            layout = of;
        }
        if (of.isFloat()) {
            floats.add(places[HistogramAlignment.COUNT], factor * histogram.count());
            floats.add(places[HistogramAlignment.ZERO], factor * histogram.zeroCount());
            for (int i = HistogramAlignment.BUCKETS; i < places.length; i++) {
                if (places[i] != HistogramAlignment.NOWHERE) {
                    floats.add(places[i], factor * histogram.bucket(i - HistogramAlignment.BUCKETS));
                }
            }
        } else {
            integers[places[HistogramAlignment.COUNT]] += factor * count;
            integers[places[HistogramAlignment.ZERO]] += factor * histogram.zeroCountBits();
            for (int i = HistogramAlignment.BUCKETS; i < places.length; i++) {
                if (places[i] != HistogramAlignment.NOWHERE) {
                    integers[places[i]] += factor * histogram.bucketBits(i - HistogramAlignment.BUCKETS);
                }
            }
        }
        putSum(factor < 0 ? -histogram.sum() : histogram.sum());
    }

    /** Buckets fit where the count does, which is at least what they add up to. */
    private static boolean fits(long a, long b) {
        long total = a + b;
        return ((a ^ total) & (b ^ total)) >= 0;
    }

    private void putSum(double value) {
        if (added++ == 0) {
            only = value; // bit for bit
        }
        sum.add(0, value);
    }
}
