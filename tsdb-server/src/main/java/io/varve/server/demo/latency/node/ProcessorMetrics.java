package io.varve.server.demo.latency.node;

import io.varve.core.telemetry.Counter;
import io.varve.core.telemetry.Distribution;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.clock.ClockEstimate;
import io.varve.core.telemetry.clock.CrossLatency;
import java.util.function.LongSupplier;

/** What a partition processor counts, under the names that Restate has for it. */
final class ProcessorMetrics {

    /** One command of so many is timed, and stands for all of them. */
    static final int TIMED_ONE_OF = 8;

    private final Distribution apply;
    private final Distribution committedToRead;
    private final Counter enqueued;

    /**
     * Declares them.
     *
     * @param lag positions of the log that are known and not applied
     * @param metadataVersion version of all metadata that the node has seen
     */
    ProcessorMetrics(NodeKit kit, LongSupplier lag, LongSupplier metadataVersion) {
        apply = kit.latency(
                "restate.partition.apply_command_duration.seconds", "Time spent applying a command to the state");
        committedToRead = kit.latency(
                "restate.partition.record_committed_to_read_latency.seconds",
                "Time from the commit of a record to its reading, corrected by what is known of the log's clock");
        enqueued = kit.telemetry()
                .counter(Metric.of(
                        "restate.bifrost.replicatedloglet.enqueued_records.total", "Records sent to the sequencer"));
        kit.telemetry()
                .gauge(
                        Metric.of(
                                "restate.partition.applied_lsn_lag",
                                "Positions of the log that are committed and not applied"),
                        lag::getAsLong);
        NodeMetadata.follow(kit, metadataVersion);
    }

    void enqueued(int records) {
        enqueued.add(records);
    }

    void applied(long nanos) {
        apply.record(nanos, TIMED_ONE_OF);
    }

    /**
     * Records were read.
     *
     * @param committed when they were committed, by the log's clock
     * @param log what that clock shows more than the own one
     * @param read when they were read, by the own clock
     */
    void read(int records, long committed, ClockEstimate log, long read) {
        committedToRead.record(
                CrossLatency.between(committed, log, read, ClockEstimate.own()).valueNanos(), records);
    }
}
