package io.varve.query.exec;

import io.varve.query.function.BucketQuantile;
import io.varve.query.lang.Position;
import io.varve.query.plan.Steps;
import java.time.Instant;

/** What is said of classic histograms whose counts decreased: which buckets, by how much, and when. */
final class BucketRepairs {

    private final QueryContext context;
    private final Steps steps;
    private double from = Double.POSITIVE_INFINITY;
    private double to = Double.NEGATIVE_INFINITY;
    private double gap;
    private int count;
    private int first = Integer.MAX_VALUE;
    private int last;

    BucketRepairs(QueryContext context, Steps steps) {
        this.context = context;
        this.steps = steps;
    }

    /** Takes note of what was done at a step. */
    void note(BucketQuantile quantile, int step) {
        if (quantile.wasRepaired()) {
            from = Math.min(from, quantile.repairedFrom());
            to = Math.max(to, quantile.repairedTo());
            gap = Math.max(gap, quantile.largestGap());
            first = Math.min(first, step);
            last = Math.max(last, step);
            count++;
        }
    }

    /** Says it, if there is anything to say. */
    void annotate(Position at) {
        if (count > 0) {
            context.annotations()
                    .info(
                            "input to histogram_quantile needed to be fixed for monotonicity, from buckets "
                                    + NumberText.of(from) + " to " + NumberText.of(to) + ", with a largest gap of "
                                    + NumberText.of(gap) + ", over " + count + " samples from " + time(first) + " to "
                                    + time(last),
                            at);
        }
    }

    private Instant time(int step) {
        double seconds = context.seconds(steps.time(step));
        return Instant.ofEpochSecond((long) Math.floor(seconds));
    }
}
