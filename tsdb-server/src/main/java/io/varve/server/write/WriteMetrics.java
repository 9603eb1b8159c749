package io.varve.server.write;

import io.varve.core.telemetry.Counter;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;

/** What a door counts of the samples that came by it. Safe for any thread. */
public final class WriteMetrics {

    private final Counter accepted;
    private final Counter refused;
    private final String door;

    /**
     * The counters of a door.
     *
     * @param door its name as a label's value
     */
    public WriteMetrics(Telemetry telemetry, String door) {
        this.door = door;
        this.accepted = telemetry
                .counter(
                        Metric.of(
                                "varve_write_samples_total",
                                "Samples, histograms and exemplars that a door handed on and the store kept."),
                        "door")
                .labels(door);
        this.refused = telemetry.counter(
                Metric.of("varve_write_refused_total", "Samples that a door or the store refused, by reason."),
                "door",
                "reason");
    }

    void count(WriteReport report) {
        accepted.add(report.accepted());
        report.reasons().forEach((reason, count) -> refused.labels(door, reason).add(count));
    }
}
