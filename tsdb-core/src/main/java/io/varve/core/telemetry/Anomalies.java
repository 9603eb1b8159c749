package io.varve.core.telemetry;

import java.util.concurrent.ConcurrentHashMap;

/** Counts what should not be, by pipeline and kind. */
final class Anomalies {

    private final Telemetry telemetry;
    private final String pipeline;

    /** There from the first of its kind on: a wrong use may come with every message. */
    private final ConcurrentHashMap<Anomaly, Counter> counters = new ConcurrentHashMap<>();

    Anomalies(Telemetry telemetry, String pipeline) {
        this.telemetry = telemetry;
        this.pipeline = pipeline;
    }

    void count(Anomaly anomaly) {
        Counter known = counters.get(anomaly);
        (known == null ? counters.computeIfAbsent(anomaly, this::counter) : known).inc();
    }

    private Counter counter(Anomaly anomaly) {
        return telemetry
                .counter(
                        Metric.of(Pipeline.ANOMALIES, "Stamps and contexts that were out of order, missing or foreign"),
                        "pipeline",
                        "kind")
                .labels(pipeline, anomaly.label());
    }

    /** A clock went back within a message that has ended, or stages were passed over, perhaps the last ones. */
    void countOdd(long[] stamps, long state, long took, boolean failed) {
        if (took < 0) {
            count(Anomaly.CLOCK);
        }
        boolean lastOnes = !failed && Stamps.passOver(stamps, Stamps.stage(state), stamps.length - 2);
        if (lastOnes && !Stamps.isFromElsewhere(state) || Stamps.hasSkipped(state)) {
            count(Anomaly.SKIPPED);
        }
    }
}
