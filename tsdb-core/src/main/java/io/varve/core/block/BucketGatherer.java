package io.varve.core.block;

import io.varve.core.model.SampleKind;
import io.varve.core.storage.ColumnCursor;

/** Makes buckets from the samples of a series, which come in time order. One thread. */
public final class BucketGatherer {

    private final long width;
    private final BucketAccumulator current;

    /**
     * A gatherer.
     *
     * @param width ticks of a bucket
     * @param sketched whether buckets get sketches
     */
    public BucketGatherer(long width, boolean sketched) {
        this.width = width;
        this.current = new BucketAccumulator(sketched);
    }

    /** Adds the buckets of all samples of a cursor. */
    public void gather(ColumnCursor samples, RollupBuckets target) {
        boolean open = false;
        while (samples.nextPage()) {
            boolean histograms = samples.kind() == SampleKind.HISTOGRAM;
            long[] times = samples.times();
            double[] values = samples.values();
            for (int i = 0; i < samples.size(); i++) {
                if (!open || times[i] > current.end) {
                    if (open) {
                        target.add(current);
                    }
                    current.begin(RollupSpan.endOf(times[i], width));
                    open = true;
                }
                if (histograms) {
                    current.add(times[i], samples.histogram(i));
                } else {
                    current.add(times[i], values[i]);
                }
            }
        }
        if (open) {
            target.add(current);
        }
    }
}
