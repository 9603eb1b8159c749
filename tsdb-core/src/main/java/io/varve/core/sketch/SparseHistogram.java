package io.varve.core.sketch;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;

/**
 * Counts of whole numbers as they were at one moment, or that came between two: the buckets that hold something, and
 * no others. Immutable. What several of them hold is joined without loss: windows of threads, of nodes, of times.
 *
 * <p>Buckets are those of {@link ExponentialHistogram}; what is below zero is zero.
 */
public final class SparseHistogram {

    /** First byte of the form that nodes exchange. */
    private static final byte FORM = 1;

    private static final int HEAD_BYTES = 2 + 4 * Long.BYTES + 2;
    private static final int BUCKET_BYTES = Short.BYTES + Long.BYTES;
    private static final int[] NONE = {};
    private static final long[] NO_COUNTS = {};

    private final int schema;
    private final int[] indexes;
    private final long[] counts;
    private final long zeros;
    private final double sum;
    private final long min;
    private final long max;

    /**
     * Takes over the arrays.
     *
     * @param indexes of buckets with a count, ascending
     * @param min not above any value; bounds of buckets take its place where it cannot be right
     * @param max not below any value, in the same way
     */
    SparseHistogram(int schema, int[] indexes, long[] counts, long zeros, double sum, long min, long max) {
        this.schema = schema;
        this.indexes = indexes;
        this.counts = counts;
        this.zeros = zeros;
        this.sum = sum;
        this.min = min;
        this.max = max;
    }

    /** Nothing. */
    public static SparseHistogram empty(int schema) {
        return new SparseHistogram(schema, NONE, NO_COUNTS, 0, 0, 0, 0);
    }

    /** An end of the range, which lies in the outermost bucket that holds something. */
    private long end(long end, boolean upper) {
        if (indexes.length == 0 || !upper && zeros > 0) {
            return 0;
        }
        BucketScale scale = BucketScale.of(schema);
        int outermost = indexes[upper ? indexes.length - 1 : 0];
        long low = (long) Math.floor(scale.lowerBound(outermost)) + 1;
        long high = Math.max(low, (long) Math.floor(scale.upperBound(outermost)));
        return Math.max(low, Math.min(high, end));
    }

    /** Schema of the buckets. */
    public int schema() {
        return schema;
    }

    /** Number of values. */
    public long count() {
        long count = zeros;
        for (long some : counts) {
            count += some;
        }
        return count;
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return zeros == 0 && counts.length == 0;
    }

    /** Sum of the values; of large sums as a double holds them. */
    public double sum() {
        return sum;
    }

    /** Number of zeros. */
    public long zeros() {
        return zeros;
    }

    /** The smallest value, to within its bucket; 0 if there is none. */
    public long min() {
        return end(min, false);
    }

    /** The largest value, to within its bucket; 0 if there is none. */
    public long max() {
        return end(max, true);
    }

    /** Indexes of the buckets that hold something, ascending; a copy. */
    public int[] indexes() {
        return indexes.clone();
    }

    /** Counts of these buckets; a copy. */
    public long[] counts() {
        return counts.clone();
    }

    /** Bytes of memory, as the JVM lays them out with compressed references. */
    public long bytes() {
        return 56 + 2 * 16 + 12L * indexes.length;
    }

    /** What came since an earlier state of the same histogram; the range is that of this one. */
    public SparseHistogram since(SparseHistogram earlier) {
        int[] left = new int[indexes.length];
        long[] more = new long[indexes.length];
        int size = 0;
        int other = 0;
        for (int i = 0; i < indexes.length; i++) {
            while (other < earlier.indexes.length && earlier.indexes[other] < indexes[i]) {
                other++;
            }
            boolean same = other < earlier.indexes.length && earlier.indexes[other] == indexes[i];
            long count = counts[i] - (same ? earlier.counts[other] : 0);
            if (count > 0) {
                left[size] = indexes[i];
                more[size++] = count;
            }
        }
        return new SparseHistogram(
                schema,
                Arrays.copyOf(left, size),
                Arrays.copyOf(more, size),
                Math.max(0, zeros - earlier.zeros),
                Math.max(0, sum - earlier.sum),
                min,
                max);
    }

    /** This and another of the same schema. */
    public SparseHistogram plus(SparseHistogram other) {
        if (other.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        int[] both = new int[indexes.length + other.indexes.length];
        long[] sums = new long[both.length];
        int size = 0;
        int a = 0;
        int b = 0;
        while (a < indexes.length || b < other.indexes.length) {
            int next = Math.min(
                    a < indexes.length ? indexes[a] : Integer.MAX_VALUE,
                    b < other.indexes.length ? other.indexes[b] : Integer.MAX_VALUE);
            both[size] = next;
            if (a < indexes.length && indexes[a] == next) {
                sums[size] += counts[a++];
            }
            if (b < other.indexes.length && other.indexes[b] == next) {
                sums[size] += other.counts[b++];
            }
            size++;
        }
        return new SparseHistogram(
                schema,
                Arrays.copyOf(both, size),
                Arrays.copyOf(sums, size),
                zeros + other.zeros,
                sum + other.sum,
                Math.min(min(), other.min()),
                Math.max(max(), other.max()));
    }

    /** Adds all of it to a histogram that answers quantiles. */
    public void addTo(ExponentialHistogram target) {
        if (isEmpty()) {
            return;
        }
        for (int i = 0; i < indexes.length; i++) {
            target.addPositive(schema, indexes[i], counts[i]);
        }
        addRestTo(target);
    }

    private void addRestTo(ExponentialHistogram target) {
        target.addZeros(zeros);
        target.addSumAndRange(sum, (double) min(), (double) max());
    }

    /** All of some, for quantiles. */
    public static ExponentialHistogram merged(int schema, Collection<SparseHistogram> some) {
        ExponentialHistogram merged = ExponentialHistogram.ofSchema(schema);
        int low = Integer.MAX_VALUE;
        int high = -1;
        for (SparseHistogram one : some) {
            if (one.schema != schema) {
                one.addTo(merged);
            } else if (one.indexes.length > 0) {
                low = Math.min(low, one.indexes[0]);
                high = Math.max(high, one.indexes[one.indexes.length - 1]);
            }
        }
        long[] sums = new long[Math.max(0, high - low + 1)]; // the buckets of all lie close together
        for (SparseHistogram one : some) {
            if (one.schema == schema && !one.isEmpty()) {
                for (int i = 0; i < one.indexes.length; i++) {
                    sums[one.indexes[i] - low] += one.counts[i];
                }
                one.addRestTo(merged);
            }
        }
        for (int i = 0; i < sums.length; i++) {
            if (sums[i] != 0) {
                merged.addPositive(schema, low + i, sums[i]);
            }
        }
        return merged;
    }

    /** Length of {@link #writeTo}. */
    public int formBytes() {
        return HEAD_BYTES + BUCKET_BYTES * indexes.length;
    }

    /** The form that nodes exchange: version, schema, zeros, sum, min, max, number of buckets, indexes and counts. */
    public void writeTo(ByteBuffer out) {
        out.put(FORM)
                .put((byte) schema)
                .putLong(zeros)
                .putDouble(sum)
                .putLong(min)
                .putLong(max);
        out.putShort((short) indexes.length);
        for (int i = 0; i < indexes.length; i++) {
            out.putShort((short) indexes[i]).putLong(counts[i]);
        }
    }

    /**
     * Reads {@link #writeTo}.
     *
     * @throws IllegalArgumentException if it is cut off, of a newer form, or says what cannot be
     */
    public static SparseHistogram readFrom(ByteBuffer in) {
        try {
            byte form = in.get();
            int schema = in.get();
            if (form != FORM || schema < 0 || schema > BucketScale.MAX_SCHEMA) {
                throw new IllegalArgumentException("form of a histogram: version=" + form + ", schema=" + schema);
            }
            long zeros = in.getLong();
            double sum = in.getDouble();
            long min = in.getLong();
            long max = in.getLong();
            int size = Short.toUnsignedInt(in.getShort());
            if (size > in.remaining() / BUCKET_BYTES) {
                throw new IllegalArgumentException(
                        "form of a histogram is cut off: buckets=" + size + ", bytes left=" + in.remaining());
            }
            int[] indexes = new int[size];
            long[] counts = new long[size];
            long total = zeros;
            int before = -1;
            for (int i = 0; i < size; i++) {
                indexes[i] = in.getShort();
                counts[i] = in.getLong();
                total = Math.addExact(total, counts[i]);
                boolean right = indexes[i] > before && indexes[i] <= 63 << schema && counts[i] > 0;
                if (!right) {
                    throw new IllegalArgumentException(
                            "form of a histogram: bucket=" + i + ", index=" + indexes[i] + ", count=" + counts[i]);
                }
                before = indexes[i];
            }
            if (zeros < 0 || !(sum >= 0)) {
                throw new IllegalArgumentException("form of a histogram: zeros=" + zeros + ", sum=" + sum);
            }
            return new SparseHistogram(schema, indexes, counts, zeros, sum, min, max);
        } catch (BufferUnderflowException | ArithmeticException e) {
            throw new IllegalArgumentException("form of a histogram is cut off or counts too much", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SparseHistogram that
                && schema == that.schema
                && zeros == that.zeros
                && sum == that.sum
                && min() == that.min()
                && max() == that.max()
                && Arrays.equals(indexes, that.indexes)
                && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(indexes) + Long.hashCode(zeros) + Double.hashCode(sum);
    }

    @Override
    public String toString() {
        return "schema=" + schema + " zeros=" + zeros + " sum=" + sum + " range=[" + min() + ", " + max() + "] indexes="
                + Arrays.toString(indexes) + " counts=" + Arrays.toString(counts);
    }
}
