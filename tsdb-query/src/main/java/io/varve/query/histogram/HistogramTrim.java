package io.varve.query.histogram;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.sketch.HistogramBuckets;

/**
 * Takes the observations beyond a value out of native histograms. A bucket that the value cuts is divided where its
 * observations are taken to lie; if that is not known, those of the lowest and of the highest bucket are taken to be
 * infinite. What is left has a sum that is estimated from its buckets.
 */
public final class HistogramTrim {

    private final HistogramBuckets buckets = new HistogramBuckets();

    /**
     * What is left of a histogram.
     *
     * @param upper whether observations above the limit go, and not those below it
     */
    public Histogram trim(Histogram histogram, double limit, boolean upper) {
        HistogramLayout layout = histogram.layout().withFloats();
        buckets.read(histogram);
        long[] kept = new long[layout.buckets()];
        double zero = 0;
        double count = 0;
        double sum = 0;
        boolean whole = true;
        for (int i = 0; i < buckets.size(); i++) {
            double there = buckets.count(i);
            double share = share(i, limit, upper);
            double left = share == 1 ? there : there * share;
            whole &= there == 0 || share == 1;
            if (buckets.isZero(i)) {
                zero = left;
            } else {
                kept[buckets.layoutPlace(i)] = Double.doubleToRawLongBits(left);
            }
            if (left != 0) {
                boolean cut = share < 1;
                double from = cut && !upper ? limit : buckets.from(i);
                double to = cut && upper ? limit : buckets.to(i);
                count += left;
                sum += left * buckets.mean(i, from, to);
            }
        }
        if (whole) {
            count = histogram.count();
            sum = histogram.sum();
        }
        return Histogram.stored(
                layout,
                histogram.hint(),
                Double.doubleToRawLongBits(zero),
                Double.doubleToRawLongBits(count),
                sum,
                kept);
    }

    /** The share of a bucket that stays. */
    private double share(int place, double limit, boolean upper) {
        double from = buckets.from(place);
        double to = buckets.to(place);
        if (upper ? to <= limit : from >= limit) {
            return 1;
        }
        if (upper ? !(from < limit) : !(to > limit)) {
            return 0;
        }
        if (!buckets.isBounded(place)) {
            return upper == Double.isInfinite(to) ? 0 : 1;
        }
        double below = buckets.shareBelow(place, limit);
        return upper ? below : 1 - below;
    }
}
