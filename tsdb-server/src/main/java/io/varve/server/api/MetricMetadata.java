package io.varve.server.api;

import java.util.Map;
import java.util.SortedMap;

/**
 * What is known of a metric.
 *
 * @param type counter, gauge, histogram, summary or unknown, as Prometheus names them
 * @param help one sentence, or empty
 * @param unit as OpenMetrics names it, or empty
 */
public record MetricMetadata(String type, String help, String unit) {

    /** Where metadata comes from. */
    @FunctionalInterface
    public interface Source {

        /** What is known now, by metric name. */
        SortedMap<String, MetricMetadata> all();
    }

    /** Metadata of one name out of a map, or of all if the name is empty. */
    static Map<String, MetricMetadata> select(SortedMap<String, MetricMetadata> all, String name) {
        if (name.isEmpty()) {
            return all;
        }
        MetricMetadata one = all.get(name);
        return one == null ? Map.of() : Map.of(name, one);
    }
}
