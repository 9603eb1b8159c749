package io.varve.core.kind;

import io.varve.codec.histogram.CounterReset;
import io.varve.codec.histogram.HistogramColumns;
import io.varve.codec.histogram.HistogramLayouts;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.ResetHint;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Between histograms and the columns that a page of them is encoded from and decoded into. Keeps the columns; one
 * thread.
 */
public final class HistogramPages {

    private static final int[] NO_SPANS = {};

    private final HistogramColumns columns = new HistogramColumns();
    private long[] integers = new long[64];
    private double[] doubles = new double[64];
    private @Nullable HistogramLayout lastLayout;
    private int lastNumber;
    private @Nullable HistogramLayout[] layouts = new @Nullable HistogramLayout[8];

    /** The columns: a decoder fills them after {@link #clear}. */
    public HistogramColumns columns() {
        return columns;
    }

    /** Forgets all histograms. */
    public void clear() {
        columns.clear();
        lastLayout = null;
        Arrays.fill(layouts, null);
    }

    /** Bucket counts in the columns, each histogram's zero bucket included. */
    public int numbers() {
        int last = columns.size() - 1;
        return last < 0 ? 0 : columns.bucketStart(last) + columns.layouts().buckets(columns.layout(last));
    }

    /** Adds a histogram; false if a page has no room for it, and nothing has changed. */
    public boolean append(Histogram histogram) {
        if (histogram.isStale()) {
            return columns.appendStale(histogram.isFloat());
        }
        HistogramLayout layout = histogram.layout();
        int number = number(layout);
        if (number == HistogramLayouts.NO_ROOM) {
            return false;
        }
        CounterReset hint = CounterReset.byId(histogram.hint().id());
        int buckets = layout.buckets();
        if (!layout.isFloat()) {
            integers = integers.length < buckets ? new long[2 * buckets] : integers;
            for (int i = 0; i < buckets; i++) {
                integers[i] = histogram.bucketBits(i);
            }
            return columns.append(
                    number, hint, histogram.zeroCountBits(), histogram.countBits(), histogram.sum(), integers, 0);
        }
        doubles = doubles.length < buckets ? new double[2 * buckets] : doubles;
        for (int i = 0; i < buckets; i++) {
            doubles[i] = histogram.bucket(i);
        }
        return columns.append(number, hint, histogram.zeroCount(), histogram.count(), histogram.sum(), doubles, 0);
    }

    private int number(HistogramLayout layout) {
        HistogramLayout last = lastLayout;
        if (last != null && layout.equals(last)) {
            return lastNumber;
        }
        HistogramLayouts all = columns.layouts();
        all.begin(layout.schema(), layout.isFloat(), layout.zeroThreshold());
        int positive = layout.positiveSpans();
        for (int i = 0; i < positive + layout.negativeSpans(); i++) {
            if (i < positive) {
                all.positiveSpan(layout.spanOffset(i), layout.spanLength(i));
            } else {
                all.negativeSpan(layout.spanOffset(i), layout.spanLength(i));
            }
        }
        for (int i = 0; i < layout.bounds(); i++) {
            all.bound(layout.bound(i));
        }
        lastNumber = all.end();
        lastLayout = lastNumber == HistogramLayouts.NO_ROOM ? null : layout;
        return lastNumber;
    }

    /**
     * A histogram of the columns.
     *
     * @throws IllegalArgumentException if it is none that was ever accepted; not after {@link #checkLayouts}
     */
    public Histogram get(int sample) {
        int number = columns.layout(sample);
        if (columns.isStale(sample)) {
            return Histogram.stale(columns.layouts().isFloat(number));
        }
        HistogramLayout layout = layout(number);
        int from = columns.bucketStart(sample);
        return Histogram.stored(
                layout,
                ResetHint.byId(columns.hint(sample).id()),
                columns.zeroCount(sample),
                columns.count(sample),
                columns.sum(sample),
                Arrays.copyOfRange(columns.buckets(), from, from + layout.buckets()));
    }

    /**
     * Makes the layouts of all histograms, so that {@link #get} does not fail.
     *
     * @throws IllegalArgumentException if one is none that was ever accepted
     */
    public void checkLayouts() {
        for (int i = 0; i < columns.layouts().size(); i++) {
            layout(i);
        }
    }

    private HistogramLayout layout(int number) {
        if (number >= layouts.length) {
            layouts = Arrays.copyOf(layouts, Math.max(number + 1, 2 * layouts.length));
        }
        HistogramLayout layout = layouts[number];
        if (layout == null) {
            layout = layout(columns.layouts(), number);
            layouts[number] = layout;
        }
        return layout;
    }

    private static HistogramLayout layout(HistogramLayouts all, int number) {
        int positive = all.positiveSpans(number);
        int[] positiveSpans = spans(all, number, 0, positive);
        if (all.schema(number) == HistogramLayouts.CUSTOM_SCHEMA) {
            double[] bounds = new double[all.bounds(number)];
            Arrays.setAll(bounds, i -> all.bound(number, i));
            return HistogramLayout.custom(all.isFloat(number), positiveSpans, bounds);
        }
        return HistogramLayout.exponential(
                all.schema(number),
                all.isFloat(number),
                all.zeroThreshold(number),
                positiveSpans,
                spans(all, number, positive, all.negativeSpans(number)));
    }

    private static int[] spans(HistogramLayouts all, int number, int from, int count) {
        int[] spans = count == 0 ? NO_SPANS : new int[2 * count];
        for (int i = 0; i < count; i++) {
            spans[2 * i] = all.spanOffset(number, from + i);
            spans[2 * i + 1] = all.spanLength(number, from + i);
        }
        return spans;
    }
}
