package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSink;
import io.varve.core.index.ByteSource;
import io.varve.core.model.TimeRange;
import io.varve.core.sketch.ExponentialHistogram;
import io.varve.core.storage.RollupHistograms;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Buckets of one series by ascending end, as columns. A bucket holds what is known of the samples behind its start and
 * up to its end: floats in the columns, histograms beside them. Grows as it is filled; one thread.
 */
public final class RollupBuckets {

    private final long width;
    private int size;
    long[] ends = new long[16];
    long[] numbers = new long[16];
    long[] nans = new long[16];
    long[] stales = new long[16];
    long[] resets = new long[16];
    long[] firstTimes = new long[16];
    long[] lastTimes = new long[16];
    double[] sums = new double[16];
    double[] mins = new double[16];
    double[] maxs = new double[16];
    double[] firsts = new double[16];
    double[] lasts = new double[16];
    double[] corrections = new double[16];
    boolean[] partial = new boolean[16];

    /** Form of each sketch; null if buckets have none, or if they were not asked for. */
    private byte @Nullable [][] sketches;

    /** Of each bucket what is known of its histograms, if there is anything; null if no bucket has any. */
    private @Nullable RollupHistograms @Nullable [] histograms;

    private final ByteSink form = new ByteSink();

    /**
     * No buckets yet.
     *
     * @param width ticks of a bucket
     */
    public RollupBuckets(long width) {
        this.width = width;
    }

    /** Number of buckets. */
    public int size() {
        return size;
    }

    /** Ticks of a bucket. */
    public long width() {
        return width;
    }

    /** Forgets all buckets. */
    public void clear() {
        size = 0;
        sketches = null;
        histograms = null;
    }

    /** Ends of the buckets, ticks; the first {@link #size} count, here as in all columns. */
    public long[] ends() {
        return ends;
    }

    /** How many values are no NaN. */
    public long[] numbers() {
        return numbers;
    }

    /** How many values are a NaN other than the stale marker. */
    public long[] nans() {
        return nans;
    }

    /** How many values are the stale marker. */
    public long[] stales() {
        return stales;
    }

    /** Compensated sums of the numbers. */
    public double[] sums() {
        return sums;
    }

    /** Smallest numbers, NaN where there is none. */
    public double[] mins() {
        return mins;
    }

    /** Largest numbers, NaN where there is none. */
    public double[] maxs() {
        return maxs;
    }

    /** Values of the first points, NaN where there is none. */
    public double[] firsts() {
        return firsts;
    }

    /** Times of the first points, the bucket's end where there is none. */
    public long[] firstTimes() {
        return firstTimes;
    }

    /** Values of the last points, NaN where there is none. */
    public double[] lasts() {
        return lasts;
    }

    /** Times of the last points, the bucket's end where there is none. */
    public long[] lastTimes() {
        return lastTimes;
    }

    /** How often a point is lower than the one before it in the bucket. */
    public long[] resets() {
        return resets;
    }

    /** Compensated sums of the points before those resets. */
    public double[] corrections() {
        return corrections;
    }

    /** Whether a bucket is known not to say what its samples would: some came, or were deleted, too late. */
    public boolean isPartial(int index) {
        return partial[Objects.checkIndex(index, size)];
    }

    /** Marks a bucket as one that is not what its samples would say. */
    public void markPartial(int index) {
        partial[Objects.checkIndex(index, size)] = true;
    }

    /** The range of ticks that holds all samples of a bucket, as narrow as is known. */
    public TimeRange extent(int index) {
        boolean floats = numbers[index] + nans[index] > 0;
        RollupHistograms others = histograms(index);
        boolean tight = stales[index] == 0 && (others == null ? floats : others.stales() == 0);
        if (!tight) {
            return TimeRange.of(ends[index] - width + 1, ends[index]);
        }
        if (others == null) {
            return TimeRange.of(firstTimes[index], lastTimes[index]);
        }
        return floats
                ? TimeRange.of(
                        Math.min(firstTimes[index], others.firstTime()), Math.max(lastTimes[index], others.lastTime()))
                : TimeRange.of(others.firstTime(), others.lastTime());
    }

    /**
     * What is known of the histograms of a bucket; null if there is nothing. The histograms
     * themselves are there if they
     * were read, or gathered.
     */
    public @Nullable RollupHistograms histograms(int index) {
        @Nullable RollupHistograms[] all = histograms;
        return all == null || index >= all.length ? null : all[index];
    }

    /** Sets what is known of the histograms of a bucket. */
    void setHistograms(int index, @Nullable RollupHistograms of) {
        @Nullable RollupHistograms[] all = histograms;
        if (of == null && (all == null || index >= all.length)) {
            return;
        }
        if (all == null || index >= all.length) {
            all = all == null ? new @Nullable RollupHistograms[ends.length] : Arrays.copyOf(all, ends.length);
            histograms = all;
        }
        all[index] = of;
    }

    /** The sketch of a bucket, or null if there is none. */
    public @Nullable ExponentialHistogram sketch(int index) {
        byte[][] all = sketches;
        if (all == null) {
            return null;
        }
        ByteSource source = new ByteSource(ByteBuffer.wrap(all[index]).order(ByteOrder.LITTLE_ENDIAN), 0);
        ExponentialHistogram sketch = SketchForm.read(source, known(index));
        if (!source.isAtEnd()) {
            throw new MalformedPageException(source.position(), "the end of a sketch: left=" + source.remaining());
        }
        return sketch;
    }

    SketchForm.Known known(int index) {
        return new SketchForm.Known(numbers[index], nans[index], sums[index], mins[index], maxs[index]);
    }

    /** The forms of the sketches, or null if there are none. */
    byte @Nullable [][] sketches() {
        return sketches;
    }

    /** Sets the form of the sketch of a bucket. */
    void setSketch(int index, byte[] bytes) {
        byte[][] all = sketches;
        if (all == null || all.length <= index) {
            all = all == null ? new byte[ends.length][] : Arrays.copyOf(all, ends.length);
            sketches = all;
        }
        all[index] = bytes;
    }

    /** Whether a bucket says the same as one of another series, but for its sketch. */
    public boolean sameAs(int index, RollupBuckets other, int otherIndex) {
        return ends[index] == other.ends[otherIndex]
                && numbers[index] == other.numbers[otherIndex]
                && nans[index] == other.nans[otherIndex]
                && stales[index] == other.stales[otherIndex]
                && resets[index] == other.resets[otherIndex]
                && firstTimes[index] == other.firstTimes[otherIndex]
                && lastTimes[index] == other.lastTimes[otherIndex]
                && same(sums[index], other.sums[otherIndex])
                && same(mins[index], other.mins[otherIndex])
                && same(maxs[index], other.maxs[otherIndex])
                && same(firsts[index], other.firsts[otherIndex])
                && same(lasts[index], other.lasts[otherIndex])
                && same(corrections[index], other.corrections[otherIndex])
                && Objects.equals(histograms(index), other.histograms(otherIndex));
    }

    private static boolean same(double a, double b) {
        return Double.doubleToRawLongBits(a) == Double.doubleToRawLongBits(b);
    }

    /** Adds an empty bucket; its columns but the end are the caller's to fill. */
    int addRow(long end) {
        if (size > 0 && end <= ends[size - 1]) {
            throw new IllegalArgumentException("buckets ascend: end=" + end + ", after=" + ends[size - 1]);
        }
        reserve();
        ends[size] = end;
        partial[size] = false;
        return size++;
    }

    /** Adds a bucket that holds nothing, for samples that cannot be read. */
    public void addEmpty(long end, boolean sketched) {
        BucketAccumulator nothing = new BucketAccumulator(sketched);
        nothing.begin(end);
        add(nothing);
    }

    /** Adds what was gathered of a bucket. */
    void add(BucketAccumulator gathered) {
        int row = addRow(gathered.end);
        numbers[row] = gathered.numbers();
        nans[row] = gathered.nans;
        stales[row] = gathered.stales;
        resets[row] = gathered.resets;
        firstTimes[row] = gathered.firstTime;
        lastTimes[row] = gathered.lastTime;
        sums[row] = gathered.sum();
        mins[row] = gathered.min();
        maxs[row] = gathered.max();
        firsts[row] = gathered.first;
        lasts[row] = gathered.last;
        corrections[row] = gathered.correction();
        setHistograms(row, gathered.histograms());
        ExponentialHistogram sketch = gathered.sketch();
        if (sketch != null) {
            form.clear();
            SketchForm.write(sketch, known(row), form);
            setSketch(row, form.toArray());
        }
    }

    /** Adds a bucket of other columns as it is, its sketch and mark included. */
    public void add(RollupBuckets source, int index) {
        int row = addRow(source.ends[index]);
        numbers[row] = source.numbers[index];
        nans[row] = source.nans[index];
        stales[row] = source.stales[index];
        resets[row] = source.resets[index];
        firstTimes[row] = source.firstTimes[index];
        lastTimes[row] = source.lastTimes[index];
        sums[row] = source.sums[index];
        mins[row] = source.mins[index];
        maxs[row] = source.maxs[index];
        firsts[row] = source.firsts[index];
        lasts[row] = source.lasts[index];
        corrections[row] = source.corrections[index];
        partial[row] = source.partial[index];
        setHistograms(row, source.histograms(index));
        byte[][] forms = source.sketches;
        if (forms != null) {
            setSketch(row, forms[index]);
        }
    }

    private void reserve() {
        if (size == ends.length) {
            growTo(2 * size);
        }
    }

    /** Makes room for more buckets at once. */
    void ensureRoom(int rows) {
        if (size + rows > ends.length) {
            growTo(Math.max(size + rows, 2 * ends.length));
        }
    }

    private void growTo(int more) {
        ends = Arrays.copyOf(ends, more);
        numbers = Arrays.copyOf(numbers, more);
        nans = Arrays.copyOf(nans, more);
        stales = Arrays.copyOf(stales, more);
        resets = Arrays.copyOf(resets, more);
        firstTimes = Arrays.copyOf(firstTimes, more);
        lastTimes = Arrays.copyOf(lastTimes, more);
        sums = Arrays.copyOf(sums, more);
        mins = Arrays.copyOf(mins, more);
        maxs = Arrays.copyOf(maxs, more);
        firsts = Arrays.copyOf(firsts, more);
        lasts = Arrays.copyOf(lasts, more);
        corrections = Arrays.copyOf(corrections, more);
        partial = Arrays.copyOf(partial, more);
    }
}
