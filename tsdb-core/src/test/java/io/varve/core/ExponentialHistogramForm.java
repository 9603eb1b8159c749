package io.varve.core;

import io.varve.core.sketch.ExponentialHistogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** All that a sketch holds, as text. */
final class ExponentialHistogramForm {

    /** The schema of rollups' sketches. */
    static final int SCHEMA = 5;

    private ExponentialHistogramForm() {}

    static String of(@Nullable ExponentialHistogram sketch) {
        if (sketch == null) {
            return "none";
        }
        StringBuilder text = new StringBuilder("schema=").append(sketch.schema());
        text.append(" count=").append(sketch.count()).append(" nans=").append(sketch.nanCount());
        text.append(" zeros=").append(sketch.zeroCount()).append(" infinities=");
        text.append(Arrays.toString(sketch.infinities())).append(" sum=").append(sketch.sum() + 0.0);
        text.append(" from ").append(sketch.min() + 0.0).append(" to ").append(sketch.max() + 0.0);
        for (boolean below : new boolean[] {false, true}) {
            sketch.forEachBucket(below, (index, count) -> text.append(below ? " -" : " ")
                    .append(index)
                    .append(':')
                    .append(count));
        }
        return text.toString();
    }
}
