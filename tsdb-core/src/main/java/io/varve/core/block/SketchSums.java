package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.codec.histogram.HistogramColumns;
import io.varve.codec.histogram.HistogramLayouts;
import io.varve.core.index.ByteSource;
import io.varve.core.sketch.ExponentialHistogram;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Adds the sketches of a page to histograms of a reader's choice straight from the page's columns: a merge of many
 * costs what their buckets cost. One page of one reading; a sketch that is not what its bucket says is not added, nor
 * any behind it.
 */
final class SketchSums {

    /** Powers of two beyond those that doubles have, subnormals included. */
    private static final int MOST_OCTAVES = 1_200;

    private final RollupBuckets known;
    private final int[] rows;
    private final IntFunction<@Nullable ExponentialHistogram> targets;
    private long[][] infinities = new long[0][];
    private double[][] ranges = new double[0][];

    /**
     * Sums of a page.
     *
     * @param known buckets whose columns are there
     * @param rows for each bucket of the page its place among those, or -1 if it is not wanted
     * @param targets by place among {@code known}
     */
    SketchSums(RollupBuckets known, int[] rows, IntFunction<@Nullable ExponentialHistogram> targets) {
        this.known = known;
        this.rows = rows;
        this.targets = targets;
    }

    /** Takes the infinities of the page, which stand before its sketches. */
    void infinities(ByteSource in) {
        int some = in.varint(rows.length);
        if (some > 0) {
            infinities = new long[rows.length][];
            ranges = new double[rows.length][];
        }
        for (int left = some; left > 0; left--) {
            int row = in.varint(rows.length - 1);
            infinities[row] = new long[] {in.varint(Integer.MAX_VALUE), in.varint(Integer.MAX_VALUE)};
            ranges[row] = new double[] {Double.longBitsToDouble(in.u64()), Double.longBitsToDouble(in.u64())};
        }
    }

    /** Adds the sketches of some columns, the first of which is that of a bucket of the page. */
    void add(int first, HistogramColumns columns) {
        for (int i = 0; i < columns.size(); i++) {
            int row = rows[first + i];
            if (row >= 0) {
                check(columns, i, first + i, row);
                ExponentialHistogram target = targets.apply(row);
                if (target != null) {
                    add(columns, i, first + i, row, target);
                }
            }
        }
    }

    private void check(HistogramColumns columns, int sample, int place, int row) {
        HistogramLayouts layouts = columns.layouts();
        int layout = columns.layout(sample);
        if (columns.isStale(sample)
                || layouts.isFloat(layout)
                || layouts.schema(layout) == HistogramLayouts.CUSTOM_SCHEMA) {
            throw new MalformedPageException(place, "an exponential histogram of integers");
        }
        long[] counts = columns.buckets();
        int from = columns.bucketStart(sample);
        long total = Math.max(0, columns.zeroCount(sample));
        long all = 0;
        for (int i = from; i < from + layouts.buckets(layout); i++) {
            total += counts[i];
            all |= counts[i];
        }
        long[] infinite = place < infinities.length ? infinities[place] : null;
        if (infinite != null) {
            total += infinite[0] + infinite[1];
        }
        if (all < 0 || total != known.numbers()[row]) {
            throw new MalformedPageException(place, known.numbers()[row] + " numbers in a sketch: found=" + total);
        }
        long most = (long) MOST_OCTAVES << Math.max(0, layouts.schema(layout));
        long index = 0;
        int spans = layouts.positiveSpans(layout) + layouts.negativeSpans(layout);
        for (int span = 0; span < spans; span++) {
            boolean begins = span == 0 || span == layouts.positiveSpans(layout);
            index = (begins ? 0 : index) + layouts.spanOffset(layout, span);
            if (index < -most || index + layouts.spanLength(layout, span) > most + 1) {
                throw new MalformedPageException(place, "a bucket of a double: found=" + index);
            }
            index += layouts.spanLength(layout, span);
        }
    }

    private void add(HistogramColumns columns, int sample, int place, int row, ExponentialHistogram target) {
        HistogramLayouts layouts = columns.layouts();
        int layout = columns.layout(sample);
        int schema = layouts.schema(layout);
        int spans = layouts.positiveSpans(layout) + layouts.negativeSpans(layout);
        int at = columns.bucketStart(sample);
        int index = 0;
        for (int span = 0; span < spans; span++) {
            boolean below = span >= layouts.positiveSpans(layout);
            boolean begins = span == 0 || span == layouts.positiveSpans(layout);
            index = (begins ? 0 : index) + layouts.spanOffset(layout, span);
            int length = layouts.spanLength(layout, span);
            if (length > 0) {
                target.addRun(schema, below, index, columns.buckets(), at, length);
            }
            at += length;
            index += length;
        }
        long[] infinite = place < infinities.length ? infinities[place] : null;
        double[] range = infinite == null ? null : ranges[place];
        boolean none = known.numbers()[row] == 0;
        target.downscaleTo(schema);
        target.addCounts(
                Math.max(0, columns.zeroCount(sample)),
                known.nans()[row],
                infinite == null ? 0 : infinite[0],
                infinite == null ? 0 : infinite[1],
                known.sums()[row],
                range != null ? range[0] : none ? Double.POSITIVE_INFINITY : known.mins()[row],
                range != null ? range[1] : none ? Double.NEGATIVE_INFINITY : known.maxs()[row]);
    }
}
