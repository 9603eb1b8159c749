package io.varve.core.block;

import io.varve.codec.Effort;
import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSink;
import io.varve.core.index.ByteSource;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.ResetHint;
import io.varve.core.sketch.BucketScale;
import io.varve.core.sketch.ExponentialHistogram;
import java.util.Arrays;
import java.util.Objects;

/**
 * The sketches of a page of buckets as pages of native histograms, beside which infinities are listed: they take half
 * of what lists of buckets would. docs/format/rollup.md; one thread.
 */
final class SketchPages {

    /** Powers of two beyond those that doubles have, subnormals included. */
    private static final int MOST_OCTAVES = 1_200;

    private final HistogramList histograms;
    private final ByteSink form = new ByteSink();

    SketchPages(Effort effort) {
        histograms = new HistogramList(effort);
    }

    /** Writes the sketches of some buckets, which all have one. */
    void write(RollupBuckets source, int from, int rows, ByteSink out) {
        ByteSink infinite = new ByteSink();
        int infinites = 0;
        for (int i = 0; i < rows; i++) {
            ExponentialHistogram sketch = Objects.requireNonNull(source.sketch(from + i), "a sketch of each bucket");
            if (sketch.infinityCount() > 0) {
                long[] counts = sketch.infinities();
                infinite.varint(i);
                infinite.varint(counts[0]);
                infinite.varint(counts[1]);
                infinite.u64(Double.doubleToRawLongBits(sketch.min()));
                infinite.u64(Double.doubleToRawLongBits(sketch.max()));
                infinites++;
            }
            histograms.append(histogram(sketch));
        }
        out.varint(infinites);
        out.put(infinite.array(), 0, infinite.size());
        histograms.write(out);
    }

    private static Histogram histogram(ExponentialHistogram sketch) {
        Runs positive = new Runs(sketch, false);
        Runs negative = new Runs(sketch, true);
        long[] counts = Arrays.copyOf(positive.counts, positive.buckets + negative.buckets);
        System.arraycopy(negative.counts, 0, counts, positive.buckets, negative.buckets);
        HistogramLayout layout =
                HistogramLayout.exponential(sketch.schema(), false, 0, positive.spans(), negative.spans());
        long finite = sketch.count() - sketch.infinityCount();
        return Histogram.integer(layout, ResetHint.GAUGE, sketch.zeroCount(), finite, 0, counts);
    }

    /**
     * The buckets of one sign, and the spans that they make: short gaps are filled with empty buckets, which takes less
     * than another span, on disk and when sketches are added up.
     */
    private static final class Runs {

        /** Buckets of the longest gap that is filled. */
        private static final int GAP = 3;

        private long[] counts = new long[16];
        private int buckets;
        private int[] spans = new int[16];
        private int used;
        private int end;

        Runs(ExponentialHistogram sketch, boolean below) {
            sketch.forEachBucket(below, this::add);
        }

        private void add(int index, long count) {
            int gap = used > 0 && index - end <= GAP ? index - end : 0;
            if (buckets + gap >= counts.length) {
                counts = Arrays.copyOf(counts, 2 * counts.length);
            }
            buckets += gap;
            counts[buckets++] = count;
            if (used > 0 && index == end + gap) {
                spans[used - 1] += gap + 1;
            } else {
                if (used == spans.length) {
                    spans = Arrays.copyOf(spans, 2 * used);
                }
                spans[used] = used == 0 ? index : index - end;
                spans[used + 1] = 1;
                used += 2;
            }
            end = index + 1;
        }

        int[] spans() {
            return Arrays.copyOf(spans, used);
        }
    }

    /**
     * Reads sketches, of which the first is that of a bucket of the target, whose columns are there.
     *
     * @throws MalformedPageException or IllegalArgumentException if they are none of these buckets
     */
    void read(ByteSource in, int rows, RollupBuckets target, int targetFrom) {
        long[][] infinities = new long[rows][2];
        double[][] ranges = new double[rows][0];
        for (int left = in.varint(rows); left > 0; left--) {
            int row = in.varint(rows - 1);
            infinities[row] = new long[] {in.varint(Integer.MAX_VALUE), in.varint(Integer.MAX_VALUE)};
            ranges[row] = new double[] {Double.longBitsToDouble(in.u64()), Double.longBitsToDouble(in.u64())};
        }
        histograms.read(in, rows, (number, histogram) -> {
            int row = targetFrom + number;
            SketchForm.Known known = target.known(row);
            ExponentialHistogram sketch = sketch(histogram, known, infinities[number], ranges[number], in.position());
            form.clear();
            SketchForm.write(sketch, known, form);
            target.setSketch(row, form.toArray());
        });
    }

    /** Adds sketches to where a sum wants them, without making them. */
    void addTo(ByteSource in, int rows, SketchSums sums) {
        sums.infinities(in);
        histograms.readPages(in, rows, sums::add);
    }

    private static ExponentialHistogram sketch(
            Histogram histogram, SketchForm.Known known, long[] infinities, double[] range, int position) {
        HistogramLayout layout = histogram.layout();
        if (histogram.isFloat() || histogram.isStale() || layout.schema() == HistogramLayout.CUSTOM_SCHEMA) {
            throw new MalformedPageException(position, "an exponential histogram of integers: found=" + layout);
        }
        double[] finite = {known.min(), known.max()};
        if (known.numbers() == 0) {
            finite = new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        }
        int schema = Math.max(BucketScale.MIN_SCHEMA, layout.schema());
        ExponentialHistogram sketch = ExponentialHistogram.restored(
                schema,
                Math.max(0, histogram.zeroCountBits()),
                known.nans(),
                infinities,
                known.sum(),
                range.length == 0 ? finite : range);
        long most = (long) MOST_OCTAVES << Math.max(0, schema);
        int bucket = 0;
        long index = 0;
        for (int span = 0; span < layout.positiveSpans() + layout.negativeSpans(); span++) {
            boolean below = span >= layout.positiveSpans();
            index = span == 0 || span == layout.positiveSpans()
                    ? layout.spanOffset(span)
                    : index + layout.spanOffset(span);
            for (int k = 0; k < layout.spanLength(span); k++, index++) {
                long count = histogram.bucketBits(bucket++);
                if (index > most || index < -most || count < 0 || count > Long.MAX_VALUE >> 2) {
                    throw new MalformedPageException(position, "a bucket of a double: found=" + index);
                }
                if (count > 0) {
                    sketch.restoreBucket(schema, below, (int) index, count);
                }
            }
        }
        if (sketch.count() != known.numbers()) {
            throw new MalformedPageException(
                    position, known.numbers() + " numbers in a sketch: found=" + sketch.count());
        }
        return sketch;
    }
}
