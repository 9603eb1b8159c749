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

    /** A clock went back within a message that has ended, or stages were passed over, perhaps the last ones. */
    void countOdd(long[] stamps, long state, long took, boolean failed) {
        if (took < 0) {
            count(Anomaly.CLOCK);
        }
        boolean lastOnes = !failed && Stamps.passOver(stamps, Stamps.stage(state), stamps.length - 2);
        if (lastOnes || Stamps.hasSkipped(state)) {
            count(Anomaly.SKIPPED);
        }
    }
}
