package io.varve.query.plan;

import io.varve.core.sketch.ExponentialHistogram;
import io.varve.core.storage.PageSummary;
import io.varve.core.storage.RollupCursor;
import org.jspecify.annotations.Nullable;

/** A bucket of rollups as a page that was not decoded. Holds what it was made of; immutable. */
final class BucketSummary implements PageSummary {

    private final long end;
    private final long width;
    private final long numbers;
    private final long nans;
    private final long stales;
    private final double sum;
    private final double min;
    private final double max;
    private final double first;
    private final double last;
    private final long firstTime;
    private final long lastTime;
    private final long resets;
    private final double correction;
    private final @Nullable ExponentialHistogram sketch;

    /**
     * A bucket of a page.
     *
     * @param width ticks of a bucket
     * @param sketched whether its sketch is wanted, too
     */
    BucketSummary(RollupCursor page, int index, long width, boolean sketched) {
        this.width = width;
        end = page.ends()[index];
        numbers = page.numbers()[index];
        nans = page.nans()[index];
        stales = page.stales()[index];
        sum = page.sums()[index];
        min = page.mins()[index];
        max = page.maxs()[index];
        first = page.firsts()[index];
        last = page.lasts()[index];
        firstTime = page.firstTimes()[index];
        lastTime = page.lastTimes()[index];
        resets = page.resets()[index];
        correction = page.corrections()[index];
        sketch = sketched ? page.sketch(index) : null;
    }

    /** Last tick of the bucket. */
    long end() {
        return end;
    }

    /** The tick before the first one of the bucket. */
    long start() {
        return end - width;
    }

    /** Ticks of the bucket. */
    long width() {
        return width;
    }

    /** Time of the first point, ticks. */
    long firstTime() {
        return firstTime;
    }

    /** Time of the last point, ticks. */
    long lastTime() {
        return lastTime;
    }

    /** No more than an integer holds; {@link #points} counts all. */
    @Override
    public int numbers() {
        return saturated(numbers);
    }

    @Override
    public int nans() {
        return saturated(nans);
    }

    @Override
    public int stales() {
        return saturated(stales);
    }

    @Override
    public int resets() {
        return saturated(resets);
    }

    private static int saturated(long count) {
        return (int) Math.min(Integer.MAX_VALUE, count);
    }

    @Override
    public long points() {
        return numbers + nans;
    }

    @Override
    public double sum() {
        return sum;
    }

    @Override
    public double min() {
        return min;
    }

    @Override
    public double max() {
        return max;
    }

    @Override
    public double first() {
        return first;
    }

    @Override
    public double last() {
        return last;
    }

    @Override
    public double correction() {
        return correction;
    }

    @Override
    public @Nullable ExponentialHistogram sketch() {
        return sketch;
    }
}
