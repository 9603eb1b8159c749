package io.varve.query;

import io.varve.core.model.Labels;
import java.util.List;

/**
 * Percentiles with the error that each can have.
 *
 * @param q the quantiles, in the order in which every point lists its values
 * @param result one entry a group, in label order
 * @param warnings what the asker must know to trust the answer
 * @param infos hints
 */
public record Percentiles(List<Double> q, List<Group> result, List<String> warnings, List<String> infos) {

    /** The points of one group. */
    public record Group(Labels labels, List<Point> points) {}

    /** Where an answer comes from. */
    public enum Source {
        RAW,
        HISTOGRAM,
        BUCKETS,
        ROLLUP
    }

    /**
     * The percentiles of one window.
     *
     * @param time end of the window, ticks
     * @param count observations in the window
     * @param values one for each q
     */
    public record Point(long time, long count, Source source, List<Bounded> values) {}

    /** A value and the interval that contains the exact answer. */
    public record Bounded(double value, double low, double high) {}
}
