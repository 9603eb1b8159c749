package io.varve.server.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * A question that the demo suggests.
 *
 * @param title what it asks, in words
 * @param expression PromQL
 * @param unit of the answer
 */
record DemoQuery(String title, String expression, String unit) {

    /** Three questions that this machine can answer. */
    static List<DemoQuery> suggested(List<String> absent) {
        List<DemoQuery> all = new ArrayList<>();
        if (!absent.contains("cpu")) {
            all.add(new DemoQuery(
                    "processors busy", "100 * (1 - avg(rate(node_cpu_seconds_total{mode=\"idle\"}[1m])))", "%"));
        }
        if (!absent.contains("memory")) {
            all.add(new DemoQuery(
                    "memory available", "100 * node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", "%"));
        }
        if (!absent.contains("load")) {
            all.add(new DemoQuery("load, 95th percentile", "quantile_over_time(0.95, node_load1[10m])", ""));
        }
        all.add(new DemoQuery(
                "heap, 95th percentile",
                "quantile_over_time(0.95, jvm_memory_used_bytes{area=\"heap\"}[10m]) / 1048576",
                "MiB"));
        all.add(new DemoQuery("processors used by this process", "rate(process_cpu_seconds_total[1m])", "s/s"));
        all.add(new DemoQuery("threads", "max_over_time(jvm_threads_current[10m])", ""));
        return List.copyOf(all.subList(0, 3));
    }
}
