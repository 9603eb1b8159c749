package io.varve.core.sketch;

/**
 * A summary of doubles that can be merged without loss of its promise: each value is known to within one bucket
 * {@code (base^(i-1), base^i]}, {@code base = 2^(2^-schema)}, so a quantile's relative error is at most
 * {@code (base-1)/(base+1)}: 1.1 % at schema 5, 0.14 % at schema 8.
 *
 * <p>Negative values have buckets of their own; zeros, NaN and the two infinities are counted apart. When the buckets
 * in use would exceed the limit, the schema drops (pairs of buckets are joined) and {@link #relativeError()} says the
 * wider bound. Quantiles rank everything but NaN; infinities take their place at the ends.
 *
 * <p>Not thread-safe; {@link ConcurrentHistogram} is what threads record into. Source: the base-2 exponential
 * histogram of OpenTelemetry's data model, which is also Prometheus' native histogram.
 */
public final class ExponentialHistogram {

    /** Buckets that a histogram holds unless told otherwise, for each sign. */
    public static final int DEFAULT_BUCKET_LIMIT = 2_048;

    private final int bucketLimit;
    private final BucketCounts positive = new BucketCounts();
    private final BucketCounts negative = new BucketCounts();
    private BucketScale scale;
    private long finite;
    private long zeros;
    private long nans;
    private long positiveInfinities;
    private long negativeInfinities;
    private double sum;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    private ExponentialHistogram(int schema, int bucketLimit) {
        // Both signs at the coarsest schema take 135 buckets each (subnormals included).
        if (bucketLimit < 160) {
            throw new IllegalArgumentException("bucket limit at least 160: bucketLimit=" + bucketLimit);
        }
        this.scale = BucketScale.of(schema);
        this.bucketLimit = bucketLimit;
    }

    /**
     * An empty histogram with the default bucket limit.
     *
     * @param schema from {@link BucketScale#MIN_SCHEMA} to {@link BucketScale#MAX_SCHEMA}
     */
    public static ExponentialHistogram ofSchema(int schema) {
        return new ExponentialHistogram(schema, DEFAULT_BUCKET_LIMIT);
    }

    /**
     * An empty histogram.
     *
     * @param schema from {@link BucketScale#MIN_SCHEMA} to {@link BucketScale#MAX_SCHEMA}; it drops at the limit
     * @param bucketLimit consecutive buckets of each sign that are kept, at least 160
     */
    public static ExponentialHistogram ofSchema(int schema, int bucketLimit) {
        return new ExponentialHistogram(schema, bucketLimit);
    }

    /**
     * A histogram whose buckets were stored; they follow with {@link #restoreBucket}.
     *
     * @param infinities positive ones, then negative ones
     * @param range smallest and largest finite value; +Inf and -Inf if there is none
     */
    public static ExponentialHistogram restored(
            int schema, long zeros, long nans, long[] infinities, double sum, double[] range) {
        ExponentialHistogram restored = new ExponentialHistogram(schema, DEFAULT_BUCKET_LIMIT);
        restored.addZeros(zeros);
        restored.nans = nans;
        restored.positiveInfinities = infinities[0];
        restored.negativeInfinities = infinities[1];
        restored.addSumAndRange(sum, range[0], range[1]);
        return restored;
    }

    /** Adds the count of a bucket of the schema that the histogram was restored with. */
    public void restoreBucket(int storedSchema, boolean below, int index, long count) {
        addBucket(below ? negative : positive, index, storedSchema, count);
        finite += count;
    }

    /** Takes buckets that hold something. */
    @FunctionalInterface
    public interface BucketVisitor {
        /** A bucket of the present schema: {@code (base^(index-1), base^index]} of absolute values. */
        void bucket(int index, long count);
    }

    /**
     * Visits the buckets of one sign by ascending index.
     *
     * @param below whether those of negative values
     */
    public void forEachBucket(boolean below, BucketVisitor visitor) {
        BucketCounts counts = below ? negative : positive;
        for (int i = counts.low(); !counts.isEmpty() && i <= counts.high(); i++) {
            if (counts.at(i) != 0) {
                visitor.bucket(i, counts.at(i));
            }
        }
    }

    /** Records one value, whichever of the 64-bit patterns it is. */
    public void record(double value) {
        if (Double.isNaN(value)) {
            nans++;
            return;
        }
        sum += value;
        if (Double.isInfinite(value)) {
            positiveInfinities += value > 0 ? 1 : 0;
            negativeInfinities += value > 0 ? 0 : 1;
            return;
        }
        finite++;
        min = Math.min(min, value);
        max = Math.max(max, value);
        if (value == 0) {
            zeros++;
        } else {
            boolean above = value > 0;
            addBucket(above ? positive : negative, scale.index(Math.abs(value)), scale.schema(), 1);
        }
    }

    /** Adds all that another histogram holds; its schema and bucket limit may differ, and it is left as it is. */
    public void merge(ExponentialHistogram other) {
        if (other == this) {
            throw new IllegalArgumentException("a histogram is merged with another");
        }
        mergeBuckets(other.positive, other.schema(), false);
        mergeBuckets(other.negative, other.schema(), true);
        downscaleTo(other.schema());
        finite += other.finite;
        zeros += other.zeros;
        nans += other.nans;
        positiveInfinities += other.positiveInfinities;
        negativeInfinities += other.negativeInfinities;
        sum += other.sum;
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
    }

    /** Makes the histogram coarser; does nothing when it is as coarse already. */
    public void downscaleTo(int schema) {
        BucketScale target = BucketScale.of(schema);
        if (schema < scale.schema()) {
            int steps = scale.schema() - schema;
            positive.downscale(steps);
            negative.downscale(steps);
            scale = target;
        }
    }

    /** For {@link ConcurrentHistogram}: counts of positive buckets of {@code schema}, and what goes with them. */
    void addPositive(int schema, int index, long count) {
        downscaleTo(schema);
        addBucket(positive, index, schema, count);
        finite += count;
    }

    /** For {@link ConcurrentHistogram}. */
    void addZeros(long count) {
        zeros += count;
        finite += count;
    }

    /** For {@link ConcurrentHistogram}. */
    void addSumAndRange(double addedSum, double low, double high) {
        sum += addedSum;
        min = Math.min(min, low);
        max = Math.max(max, high);
    }

    private void mergeBuckets(BucketCounts from, int schema, boolean below) {
        if (!from.isEmpty()) {
            addRun(below ? negative : positive, schema, from.low(), from.counts(), from.lowSlot(), from.span());
        }
    }

    /**
     * Adds counts of consecutive buckets, as {@link #restoreBucket} does for one; what else there is follows with
     * {@link #addCounts}. Nothing is allocated once the buckets are there.
     *
     * @param runSchema the counts' schema; the histogram becomes as coarse, if it is finer
     * @param below whether they are of negative values
     * @param index of the first bucket
     * @param counts none of them negative
     * @param from place of the first count
     * @param length at least 1
     */
    public void addRun(int runSchema, boolean below, int index, long[] counts, int from, int length) {
        addRun(below ? negative : positive, runSchema, index, counts, from, length);
        long added = 0;
        for (int i = from; i < from + length; i++) {
            added += counts[i];
        }
        finite += added;
    }

    private void addRun(BucketCounts into, int runSchema, int index, long[] counts, int from, int length) {
        if (runSchema == scale.schema() && into.addWithin(index, counts, from, length)) {
            return;
        }
        downscaleTo(runSchema);
        int first = 0;
        int last = length - 1;
        while (first <= last && counts[from + first] == 0) {
            first++;
        }
        while (last > first && counts[from + last] == 0) {
            last--;
        }
        if (first > last) {
            return;
        }
        int low = BucketScale.coarser(index + first, runSchema - scale.schema());
        int high = BucketScale.coarser(index + last, runSchema - scale.schema());
        while (into.spanWith(low, high) > bucketLimit) {
            downscaleTo(scale.schema() - 1);
            low = BucketScale.coarser(low, 1);
            high = BucketScale.coarser(high, 1);
        }
        int steps = runSchema - scale.schema();
        if (steps == 0) {
            into.addRun(low, counts, from + first, last - first + 1);
            return;
        }
        for (int i = first; i <= last; i++) {
            if (counts[from + i] != 0) {
                into.add(BucketScale.coarser(index + i, steps), counts[from + i]);
            }
        }
    }

    /**
     * Adds what is counted apart from buckets.
     *
     * @param low smallest finite value, +Inf if there is none
     * @param high largest finite value, -Inf if there is none
     */
    public void addCounts(
            long moreZeros, long moreNans, long above, long below, double moreSum, double low, double high) {
        addZeros(moreZeros);
        nans += moreNans;
        positiveInfinities += above;
        negativeInfinities += below;
        addSumAndRange(moreSum, low, high);
    }

    private void addBucket(BucketCounts into, int index, int indexSchema, long count) {
        int i = BucketScale.coarser(index, indexSchema - scale.schema());
        while (into.spanWith(i) > bucketLimit) {
            downscaleTo(scale.schema() - 1);
            i = BucketScale.coarser(i, 1);
        }
        into.add(i, count);
    }

    /**
     * The value at a rank, interpolated between neighbours as {@code quantile_over_time} does.
     *
     * @param q from 0 to 1; below gives -Inf, above +Inf, NaN gives NaN
     * @return the estimate with an interval that contains the exact answer; NaN when nothing but NaN was recorded
     */
    public Quantile quantile(double q) {
        long n = count();
        if (n == 0 || Double.isNaN(q)) {
            return Quantile.NONE;
        }
        if (q < 0 || q > 1) {
            double end = q < 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            return new Quantile(end, end, end);
        }
        double rank = q * (n - 1);
        long below = Math.min(n - 1, (long) rank);
        Quantile a = atRank(below);
        double weight = rank - below;
        if (weight <= 0 || below == n - 1) {
            return a;
        }
        Quantile b = atRank(below + 1);
        if (Double.isInfinite(a.value()) || Double.isInfinite(b.value())) {
            return new Quantile(a.value() * (1 - weight) + b.value() * weight, a.low(), b.high());
        }
        return new Quantile(a.value() + (b.value() - a.value()) * weight, a.low(), b.high());
    }

    /** The sample of a rank from 0; buckets are walked in the order of their values. */
    private Quantile atRank(long rank) {
        long left = rank - negativeInfinities;
        if (left < 0) {
            return exactly(Double.NEGATIVE_INFINITY);
        }
        if (finite > 0 && (left == 0 || left == finite - 1)) {
            return exactly(left == 0 ? min : max);
        }
        for (int i = negative.high(); !negative.isEmpty() && i >= negative.low(); i--) {
            left -= negative.at(i);
            if (left < 0) {
                return within(-scale.upperBound(i), -scale.lowerBound(i), -middle(i));
            }
        }
        left -= zeros;
        if (left < 0) {
            return exactly(0);
        }
        for (int i = positive.low(); !positive.isEmpty() && i <= positive.high(); i++) {
            left -= positive.at(i);
            if (left < 0) {
                return within(scale.lowerBound(i), scale.upperBound(i), middle(i));
            }
        }
        return exactly(Double.POSITIVE_INFINITY);
    }

    private Quantile within(double low, double high, double middle) {
        double value = Math.max(min, Math.min(max, middle));
        return new Quantile(value, Math.max(min, low), Math.min(max, high));
    }

    private static Quantile exactly(double value) {
        return new Quantile(value, value, value);
    }

    /** The harmonic middle of a bucket: as far, relatively, from its lower as from its upper bound. */
    private double middle(int index) {
        double low = scale.lowerBound(index);
        double high = scale.upperBound(index);
        return Double.isInfinite(high) ? low : 2 * low * (high / (low + high));
    }

    /** Values recorded, but for NaN. */
    public long count() {
        return finite + positiveInfinities + negativeInfinities;
    }

    /** NaN recorded; they are in no other figure. */
    public long nanCount() {
        return nans;
    }

    /** Zeros recorded, of either sign. */
    public long zeroCount() {
        return zeros;
    }

    /** Positive infinities recorded, then negative ones. */
    public long[] infinities() {
        return new long[] {positiveInfinities, negativeInfinities};
    }

    /** Infinities recorded, of either sign. */
    public long infinityCount() {
        return positiveInfinities + negativeInfinities;
    }

    /** The sum in order of recording; NaN when both infinities were recorded. */
    public double sum() {
        return sum;
    }

    /** Smallest finite value; +Inf when there is none. */
    public double min() {
        return min;
    }

    /** Largest finite value; -Inf when there is none. */
    public double max() {
        return max;
    }

    /** The present schema; it drops when buckets would exceed the limit. */
    public int schema() {
        return scale.schema();
    }

    /** For values of one sign {@link #quantile} keeps {@code |estimate - exact| <= relativeError * |exact|}. */
    public double relativeError() {
        return scale.relativeError();
    }
}
