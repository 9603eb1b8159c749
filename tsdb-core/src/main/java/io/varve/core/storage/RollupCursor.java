package io.varve.core.storage;

import io.varve.core.sketch.ExponentialHistogram;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The buckets of one series, a page at a time, by ascending end within and across pages. A bucket {@code (end - width,
 * end]} that is not there held no sample when it was rolled up. The columns are those of its
 * floats: a number is a value
 * that is no NaN; a point is a value that is no stale marker. Native histograms stand beside them.
 *
 * <p>The arrays belong to the cursor and hold until the next call of {@link #nextPage}. Only the first {@link #size()}
 * elements count.
 */
public interface RollupCursor {

    /** Goes to the next page that has buckets in range; false at the end. */
    boolean nextPage();

    /** Buckets in the current page, at least one. */
    int size();

    /** Ends of the buckets in ticks. */
    long[] ends();

    /** How many values are no NaN. */
    long[] numbers();

    /** How many values are a NaN other than the stale marker. */
    long[] nans();

    /** How many values are the stale marker. */
    long[] stales();

    /** Sums of the numbers, compensated. */
    double[] sums();

    /** Smallest numbers; NaN where there is none. */
    double[] mins();

    /** Largest numbers; NaN where there is none. */
    double[] maxs();

    /** Values of the first points, bit for bit; NaN where there is none. */
    double[] firsts();

    /** Times of the first points in ticks; the bucket's end where there is none. */
    long[] firstTimes();

    /** Values of the last points, bit for bit; NaN where there is none. */
    double[] lasts();

    /** Times of the last points in ticks; the bucket's end where there is none. */
    long[] lastTimes();

    /** How often a point is lower than the one before it in its bucket. */
    long[] resets();

    /** Sums of the points before those resets, compensated. */
    double[] corrections();

    /**
     * Whether a bucket says what the samples in it say. It does not where samples or deletions came that it does not
     * know of: while the samples are there, they tell; see {@link RollupSet#touched}.
     */
    boolean isExact(int index);

    /**
     * What is known of the native histograms of a bucket, which are read when they are asked for;
     * null if it holds none,
     * nor stale markers of such, or if they cannot be read.
     */
    @Nullable
    RollupHistograms histograms(int index);

    /**
     * The sketch of the points of a bucket, which is made when it is asked for and is the caller's; null where rollups
     * are kept without.
     */
    @Nullable
    ExponentialHistogram sketch(int index);

    /**
     * Adds the sketches of the current page to histograms of the caller's, without making them one by one: what merges
     * many series costs their buckets.
     *
     * @param targets asked for each bucket whose sketch was read, by ascending index; null for one that is not wanted
     */
    default void addSketches(IntFunction<@Nullable ExponentialHistogram> targets) {
        for (int i = 0; i < size(); i++) {
            ExponentialHistogram sketch = sketch(i);
            ExponentialHistogram target = sketch == null ? null : targets.apply(i);
            if (sketch != null && target != null) {
                target.merge(sketch);
            }
        }
    }
}
