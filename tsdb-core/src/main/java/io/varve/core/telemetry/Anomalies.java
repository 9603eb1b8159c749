package io.varve.core.telemetry;

/** Counts what should not be, by pipeline and kind. */
record Anomalies(Telemetry telemetry, String pipeline) {

    void count(Anomaly anomaly) {
        telemetry
                .counter(
                        Metric.of(Pipeline.ANOMALIES, "Stamps and contexts that were out of order, missing or foreign"),
                        "pipeline",
                        "kind")
                .labels(pipeline, anomaly.label())
                .inc();
    }
}
