package io.varve.query;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a query.
 *
 * @param value scalar, string, vector (instant queries) or matrix
 * @param warnings what the asker must know to trust the answer, holes in damaged data among them
 * @param infos hints about the query itself
 * @param samplesRead samples that were decoded for it
 */
public record QueryResult(Value value, List<String> warnings, List<String> infos, long samplesRead) {

    /** One of the four kinds of value. */
    public sealed interface Value permits Scalar, Text, Vector, Matrix {}

    /**
     * A number.
     *
     * @param time ticks
     */
    public record Scalar(long time, double value) implements Value {}

    /**
     * A string.
     *
     * @param time ticks
     */
    public record Text(long time, String value) implements Value {}

    /** One sample a series, all at the evaluation time; in no particular order unless the query sorts. */
    public record Vector(List<Sample> samples) implements Value {}

    /** Samples over time, series in label order. */
    public record Matrix(List<Series> series) implements Value {}

    /**
     * One element of a vector.
     *
     * @param time ticks
     * @param value of no meaning beside a histogram
     * @param histogram what there is instead of a float, or null
     */
    public record Sample(Labels labels, long time, double value, @Nullable Histogram histogram) {

        /** A float. */
        public Sample(Labels labels, long time, double value) {
            this(labels, time, value, null);
        }
    }

    /**
     * One series of a matrix.
     *
     * @param times ticks, strictly increasing
     * @param values as many as times
     * @param histograms beside each value what is there instead of a float, or null; null if there are only floats
     */
    @SuppressWarnings("ArrayRecordComponent") // results are columns: whoever asked owns them
    public record Series(Labels labels, long[] times, double[] values, @Nullable Histogram @Nullable [] histograms) {

        /** Floats. */
        public Series(Labels labels, long[] times, double[] values) {
            this(labels, times, values, null);
        }
    }
}
