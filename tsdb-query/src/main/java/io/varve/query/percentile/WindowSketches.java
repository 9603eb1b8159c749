package io.varve.query.percentile;

import io.varve.core.sketch.BucketScale;
import io.varve.core.sketch.ExponentialHistogram;
import io.varve.query.plan.QueryBudget;
import io.varve.query.plan.Spans;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sketches of a group, merged as they come: those of a bucket that lies whole in one window alone into that
 * window's, others bucket by bucket, however many series there are. One thread.
 */
final class WindowSketches {

    /** About what a sketch takes, bytes. */
    private static final long BYTES = 4_096;

    /** A bucket of a width that several windows hold, or that one cuts. */
    private record Bucket(long end, long width) implements Comparable<Bucket> {

        @Override
        public int compareTo(Bucket other) {
            return end != other.end ? Long.compare(end, other.end) : Long.compare(width, other.width);
        }
    }

    private final Spans spans;
    private final QueryBudget budget;
    private final @Nullable ExponentialHistogram[] whole;
    private final TreeMap<Bucket, ExponentialHistogram> parts = new TreeMap<>();
    private long widest;

    WindowSketches(Spans spans, QueryBudget budget) {
        this.spans = spans;
        this.budget = budget;
        this.whole = new @Nullable ExponentialHistogram[spans.count()];
        budget.charge(0, 8L * spans.count());
    }

    /** Where the sketch of a bucket goes; null if no window holds any of it. */
    @Nullable
    ExponentialHistogram target(long bucketEnd, long width) {
        int step = spans.firstEndingFrom(bucketEnd - width + 1);
        if (step == spans.count() || !spans.overlaps(step, bucketEnd, width)) {
            return null;
        }
        if (spans.areDisjoint() && spans.holds(step, bucketEnd, width)) {
            ExponentialHistogram there = whole[step];
            if (there == null) {
                there = begin();
                whole[step] = there;
            }
            return there;
        }
        widest = Math.max(widest, width);
        return parts.computeIfAbsent(new Bucket(bucketEnd, width), bucket -> begin());
    }

    private ExponentialHistogram begin() {
        budget.charge(0, BYTES);
        return ExponentialHistogram.ofSchema(BucketScale.MAX_SCHEMA);
    }

    /** All that a window holds whole, once, in a sketch of the caller's own; null if there is nothing. */
    @Nullable
    ExponentialHistogram whole(int step) {
        return merged(step, whole[step], true);
    }

    /** All that a window cuts; null if there is nothing. */
    @Nullable
    ExponentialHistogram cut(int step) {
        return merged(step, null, false);
    }

    private @Nullable ExponentialHistogram merged(int step, @Nullable ExponentialHistogram begun, boolean held) {
        ExponentialHistogram sum = begun;
        Bucket first = new Bucket(spans.start(step), 0);
        Bucket last = new Bucket(spans.end(step) + widest, Long.MAX_VALUE);
        for (Map.Entry<Bucket, ExponentialHistogram> part :
                parts.subMap(first, true, last, true).entrySet()) {
            Bucket bucket = part.getKey();
            boolean holds = spans.holds(step, bucket.end(), bucket.width());
            if (holds != held || !spans.overlaps(step, bucket.end(), bucket.width())) {
                continue;
            }
            if (sum == null) {
                sum = ExponentialHistogram.ofSchema(BucketScale.MAX_SCHEMA);
            }
            sum.merge(part.getValue());
        }
        return sum;
    }
}
