package io.varve.core.block;

import io.varve.core.model.Histogram;
import io.varve.core.model.StaleMarker;
import io.varve.core.sketch.ExponentialHistogram;
import io.varve.core.storage.RollupHistograms;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of the samples of one bucket, one by one: of floats by the rules of {@link
 * PageStatistics}: a number is a
 * value that is no NaN, a point one that is no stale marker; sums are compensated (Neumaier, ZAMM 54, 1974). Reused;
 * one thread.
 */
final class BucketAccumulator {

    /** Schema that sketches begin with: 1.1 % relative error. */
    static final int SKETCH_SCHEMA = 5;

    /** Buckets of each sign that a sketch holds before its schema drops: 64 powers of two. */
    static final int SKETCH_BUCKETS = ExponentialHistogram.DEFAULT_BUCKET_LIMIT;

    private final boolean sketched;
    private final HistogramAccumulator histograms = new HistogramAccumulator();
    long end;
    long samples;
    long nans;
    long stales;
    long resets;
    double min;
    double max;
    double first;
    double last;
    long firstTime;
    long lastTime;
    private double sum;
    private double sumRest;
    private double correction;
    private double correctionRest;
    private ExponentialHistogram sketch;

    BucketAccumulator(boolean sketched) {
        this.sketched = sketched;
        this.sketch = newSketch();
    }

    private static ExponentialHistogram newSketch() {
        return ExponentialHistogram.ofSchema(SKETCH_SCHEMA, SKETCH_BUCKETS);
    }

    /** Begins a bucket. */
    void begin(long bucketEnd) {
        end = bucketEnd;
        samples = 0;
        nans = 0;
        stales = 0;
        resets = 0;
        sum = 0;
        sumRest = 0;
        correction = 0;
        correctionRest = 0;
        min = Double.POSITIVE_INFINITY;
        max = Double.NEGATIVE_INFINITY;
        first = Double.NaN;
        last = Double.NaN;
        firstTime = bucketEnd;
        lastTime = bucketEnd;
        histograms.begin(bucketEnd);
        if (sketched) {
            sketch = newSketch();
        }
    }

    void add(long time, Histogram histogram) {
        histograms.add(time, histogram);
    }

    void add(long time, double value) {
        samples++;
        if (StaleMarker.is(value)) {
            stales++;
            return;
        }
        if (samples - stales == 1) {
            first = value;
            firstTime = time;
        }
        if (value < last) {
            resets++;
            double total = correction + last;
            correctionRest += lost(correction, last, total);
            correction = total;
        }
        last = value;
        lastTime = time;
        if (sketched) {
            sketch.record(value);
        }
        if (Double.isNaN(value)) {
            nans++;
            return;
        }
        double total = sum + value;
        sumRest += lost(sum, value, total);
        sum = total;
        min = value < min ? value : min;
        max = value > max ? value : max;
    }

    /** What an addition loses. */
    private static double lost(double a, double b, double total) {
        return Math.abs(a) >= Math.abs(b) ? (a - total) + b : (b - total) + a;
    }

    private static double whole(double sum, double rest) {
        // An infinite sum has no meaningful rest.
        return Double.isInfinite(sum) || Double.isNaN(sum) ? sum : sum + rest;
    }

    long numbers() {
        return samples - nans - stales;
    }

    double sum() {
        return whole(sum, sumRest);
    }

    double correction() {
        return whole(correction, correctionRest);
    }

    double min() {
        return numbers() == 0 ? Double.NaN : min;
    }

    double max() {
        return numbers() == 0 ? Double.NaN : max;
    }

    /** What there is of histograms, or null if there are none. */
    @Nullable
    RollupHistograms histograms() {
        return histograms.gathered();
    }

    /** The sketch of all points, or null if none was asked for. */
    @Nullable
    ExponentialHistogram sketch() {
        return sketched ? sketch : null;
    }
}
