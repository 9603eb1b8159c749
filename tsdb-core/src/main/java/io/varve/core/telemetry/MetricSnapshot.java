package io.varve.core.telemetry;

import io.varve.core.model.Exemplar;
import io.varve.core.sketch.SparseHistogram;
import java.util.List;

/**
 * One metric as it was at one moment: plain immutable data, for an exposition format or for a store.
 *
 * @param name with unit and, for counters, with {@code _total} at its end
 * @param help one sentence
 * @param type what the points are
 * @param unit {@code seconds}, {@code bytes}, {@code ratio}, or empty; taken from the name
 * @param points one for each combination of label values, in order of these
 */
public record MetricSnapshot(String name, String help, MetricType type, String unit, List<Point> points) {

    /** A copy is taken of the points. */
    public MetricSnapshot {
        points = List.copyOf(points);
    }

    /** What a metric's points mean. */
    public enum MetricType {
        /** Only grows, until the process ends. */
        COUNTER,
        /** Goes up and down. */
        GAUGE,
        /** Values as a histogram since the start, with quantiles over the last minute. */
        DISTRIBUTION
    }

    /** One label of a point. */
    public record Label(String name, String value) {}

    /** A quantile in the metric's unit; NaN while nothing was recorded within the last minute. */
    public record QuantileValue(double quantile, double value) {}

    /** A point: a {@link Value} of a counter or gauge, a {@link Distributed} of a distribution. */
    public sealed interface Point {

        /** The labels in the order in which the metric names them. */
        List<Label> labels();
    }

    /** A point of a counter or gauge. */
    public record Value(List<Label> labels, double value) implements Point {

        /** A copy is taken of the labels. */
        public Value {
            labels = List.copyOf(labels);
        }
    }

    /**
     * A point of a distribution.
     *
     * @param total values since the start, in the unit that is recorded in
     * @param unit what one of that unit is in the metric's unit: 1e-9 for nanoseconds
     * @param quantiles over the last minute, ascending, in the metric's unit
     * @param exemplars values that are known closer, in the metric's unit, at nanoseconds since 1970
     */
    public record Distributed(
            List<Label> labels,
            SparseHistogram total,
            double unit,
            List<QuantileValue> quantiles,
            List<Exemplar> exemplars)
            implements Point {

        /** Copies are taken of the lists. */
        public Distributed {
            labels = List.copyOf(labels);
            quantiles = List.copyOf(quantiles);
            exemplars = List.copyOf(exemplars);
        }

        /** Values since the start. */
        public long count() {
            return total.count();
        }

        /** Their sum in the metric's unit. */
        public double sum() {
            return total.sum() * unit;
        }
    }
}
