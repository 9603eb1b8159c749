package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSink;
import io.varve.core.index.ByteSource;
import io.varve.core.sketch.BucketScale;
import io.varve.core.sketch.ExponentialHistogram;

/**
 * The bytes of a bucket's sketch in memory; in a block there are {@link SketchPages}. What the columns of the rollup
 * say (numbers, NaN, sum, range) is not repeated, and a bucket whose numbers are all alike needs its schema alone.
 */
final class SketchForm {

    private static final int SCHEMA_MASK = 0xf;
    private static final int UNIFORM = 0x10;
    private static final int INFINITE = 0x20;

    /** Powers of two beyond those that doubles have, subnormals included. */
    private static final int MOST_OCTAVES = 1_200;

    private SketchForm() {}

    /** What the columns of a bucket say. */
    record Known(long numbers, long nans, double sum, double min, double max) {

        boolean isUniform() {
            return numbers > 0
                    && Double.doubleToRawLongBits(min) == Double.doubleToRawLongBits(max)
                    && !Double.isInfinite(min)
                    && min != 0;
        }
    }

    static void write(ExponentialHistogram sketch, Known known, ByteSink out) {
        long[] infinities = sketch.infinities();
        boolean infinite = infinities[0] + infinities[1] > 0;
        boolean uniform = known.isUniform();
        out.u8(sketch.schema() - BucketScale.MIN_SCHEMA | (uniform ? UNIFORM : 0) | (infinite ? INFINITE : 0));
        if (uniform) {
            return;
        }
        if (infinite) {
            out.varint(infinities[0]);
            out.varint(infinities[1]);
            out.u64(Double.doubleToRawLongBits(sketch.min()));
            out.u64(Double.doubleToRawLongBits(sketch.max()));
        }
        out.varint(sketch.zeroCount());
        writeBuckets(sketch, false, out);
        writeBuckets(sketch, true, out);
    }

    /** Number of buckets in use, then each: (count - 1) · 2, plus 1 if a gap follows, which stands before the next. */
    private static void writeBuckets(ExponentialHistogram sketch, boolean below, ByteSink out) {
        int[] used = new int[1];
        sketch.forEachBucket(below, (index, count) -> used[0]++);
        out.varint(used[0]);
        int[] before = new int[1];
        boolean[] begun = new boolean[1];
        sketch.forEachBucket(below, (index, count) -> {
            int gap = index - before[0] - 1;
            if (!begun[0]) {
                out.zigzag(index);
                out.varint(count - 1);
            } else {
                out.varint(count - 1 << 1 | (gap > 0 ? 1 : 0));
                if (gap > 0) {
                    out.varint(gap - 1);
                }
            }
            begun[0] = true;
            before[0] = index;
        });
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws MalformedPageException if it is no sketch of what is known
     */
    static ExponentialHistogram read(ByteSource in, Known known) {
        int head = in.u8();
        int schema = (head & SCHEMA_MASK) + BucketScale.MIN_SCHEMA;
        if (schema > BucketScale.MAX_SCHEMA || head > (SCHEMA_MASK | UNIFORM | INFINITE)) {
            throw new MalformedPageException(in.position(), "the head of a sketch: found=" + head);
        }
        if ((head & UNIFORM) != 0) {
            return uniform(in, schema, known);
        }
        long[] infinities = new long[2];
        double[] range = {known.min(), known.max()};
        if ((head & INFINITE) != 0) {
            infinities[0] = in.varint(Integer.MAX_VALUE);
            infinities[1] = in.varint(Integer.MAX_VALUE);
            range[0] = Double.longBitsToDouble(in.u64());
            range[1] = Double.longBitsToDouble(in.u64());
        } else if (known.numbers() == 0) {
            range[0] = Double.POSITIVE_INFINITY;
            range[1] = Double.NEGATIVE_INFINITY;
        }
        long zeros = in.varint();
        ExponentialHistogram sketch =
                ExponentialHistogram.restored(schema, zeros, known.nans(), infinities, known.sum(), range);
        readBuckets(in, schema, false, sketch);
        readBuckets(in, schema, true, sketch);
        if (zeros < 0 || sketch.count() != known.numbers()) {
            throw new MalformedPageException(
                    in.position(), known.numbers() + " numbers in a sketch: found=" + sketch.count());
        }
        return sketch;
    }

    private static ExponentialHistogram uniform(ByteSource in, int schema, Known known) {
        if (!known.isUniform()) {
            throw new MalformedPageException(in.position(), "numbers that are all alike: known=" + known);
        }
        ExponentialHistogram sketch = ExponentialHistogram.restored(
                schema, 0, known.nans(), new long[2], known.sum(), new double[] {known.min(), known.max()});
        int index = BucketScale.of(schema).index(Math.abs(known.min()));
        sketch.restoreBucket(schema, known.min() < 0, index, known.numbers());
        return sketch;
    }

    private static void readBuckets(ByteSource in, int schema, boolean below, ExponentialHistogram sketch) {
        long most = (long) MOST_OCTAVES << Math.max(0, schema);
        long index = 0;
        int used = in.varint(in.remaining());
        for (int i = 0; i < used; i++) {
            long count;
            if (i == 0) {
                index = in.zigzag();
                count = in.varint();
            } else {
                long coded = in.varint();
                count = coded >>> 1;
                index += 1 + ((coded & 1) != 0 ? 1 + in.varint(Integer.MAX_VALUE) : 0);
            }
            if (index > most || index < -most || count < 0 || count > Long.MAX_VALUE >> 2) {
                throw new MalformedPageException(in.position(), "a bucket of a double: found=" + index);
            }
            sketch.restoreBucket(schema, below, (int) index, count + 1);
        }
    }
}
