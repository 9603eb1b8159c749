package io.varve.core;

import io.varve.core.ingest.ShardCommons;
import io.varve.core.ingest.ShardMetrics;
import io.varve.core.model.TimeRange;
import io.varve.core.read.ScratchPool;
import io.varve.core.storage.Querier;
import io.varve.core.storage.Verdict;
import io.varve.core.telemetry.Counter;
import io.varve.core.telemetry.Distribution;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Pipeline;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.Telemetry.Registration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/** What one store tells about itself. Counters are fed once a batch; gauges are read when somebody looks. */
final class StoreMetrics implements ShardMetrics {

    private final Telemetry telemetry;
    private final String store;
    private final Pipeline pipeline;
    private final Counter accepted;
    private final Counter batches;
    private final Distribution forces;
    private final Counter logFailures;
    private final Counter logRescues;
    private final Map<Verdict, Counter> refusals = new EnumMap<>(Verdict.class);
    private final OperationMetrics operations;
    private final List<Registration> gauges = new ArrayList<>();

    StoreMetrics(Telemetry telemetry, String store) {
        this.telemetry = telemetry;
        this.store = store;
        pipeline = telemetry.pipeline(
                store.equals("main") ? "ingest" : "ingest_" + store, "entered", "left", "logged", "durable");
        accepted = telemetry
                .counter(Metric.of("varve_samples_accepted_total", "Samples kept, repeated ones included"), "store")
                .labels(store);
        batches = telemetry
                .counter(
                        Metric.of(
                                "varve_batches_total",
                                "Batches acknowledged; one that went to several shards counts in each"),
                        "store")
                .labels(store);
        forces = telemetry
                .latency(Metric.of("varve_wal_force_seconds", "Time to make the log durable"), "store")
                .labels(store);
        operations = new OperationMetrics(telemetry, store);
        logFailures = telemetry
                .counter(Metric.of("varve_wal_failures_total", "Writes and forces of the log that failed"), "store")
                .labels(store);
        logRescues = telemetry
                .counter(
                        Metric.of("varve_wal_rescues_total", "Times that the log went on in new files after a failure"),
                        "store")
                .labels(store);
        Counter refused = telemetry.counter(
                Metric.of("varve_samples_refused_total", "Samples refused, by reason"), "store", "reason");
        for (Verdict verdict : Verdict.values()) {
            if (verdict.isRefusal()) {
                refusals.put(verdict, refused.labels(store, verdict.reason()));
            }
        }
    }

    /** Publishes gauges that read the store; they go when this is closed. */
    void observe(Tsdb db, Shards shards) {
        gauge("varve_ring_fill_ratio", "How full the ingest ring is, 0 to 1; of several the fullest", shards::ringFill);
        status(db, "varve_wal_bytes", "Bytes of the log on disk", TsdbStatus::walBytes);
        status(db, "varve_blocks", "Sealed blocks", TsdbStatus::blocks);
        status(db, "varve_block_bytes", "Bytes of sealed blocks on disk", TsdbStatus::blockBytes);
        status(db, "varve_block_samples", "Samples in sealed blocks", TsdbStatus::blockSamples);
        status(
                db,
                "varve_samples",
                "Samples in blocks and head, deleted ones until they are merged away",
                TsdbStatus::samples);
        status(db, "varve_head_series", "Series that the head knows", TsdbStatus::series);
        status(db, "varve_read_only", "1 while writes are refused", status -> status.readOnly() == null ? 0 : 1);
        gauge("varve_losses", "Blocks and parts of the log that were found lost", () -> losses(db));
        gauge("varve_deletions", "Deletions that wait to be applied to blocks", db::liveDeletions);
        gauge(
                "varve_head_exemplars_evicted",
                "Exemplars that had to leave the generations that the head holds now, for want of room",
                db::exemplarsEvicted);
        ShardCommons commons = shards.commons();
        cache("label", "series that were looked for in the label cache", commons::cacheHits, commons::cacheMisses);
        ScratchPool scratch = shards.scratch();
        cache("model", "coding models that pages of blocks asked for", scratch::modelHits, scratch::modelMisses);
        memory("head", () -> db.status().headBytes());
        memory("ring_and_label_cache", shards::ringAndCacheBytes);
    }

    /** @param what is looked for in the cache, in the plural */
    private void cache(String name, String what, LongSupplier hits, LongSupplier misses) {
        String metric = "varve_" + name + "_cache_";
        count(metric + "hits_total", "Of " + what + " those that were found", hits);
        count(metric + "misses_total", "Of " + what + " those that were not found", misses);
        gauge(metric + "hit_ratio", "Of " + what + " since the start the part that was found", () -> {
            double found = hits.getAsLong();
            return found / (found + misses.getAsLong());
        });
    }

    private void count(String name, String help, LongSupplier value) {
        gauges.add(telemetry.counter(Metric.of(name, help), value::getAsLong, "store", store));
    }

    private static int losses(Tsdb db) {
        try (Querier querier = db.querier(TimeRange.ALL)) {
            return querier.losses().size();
        }
    }

    private void status(Tsdb db, String name, String help, ToDoubleFunction<TsdbStatus> value) {
        gauge(name, help, () -> value.applyAsDouble(db.status()));
    }

    private void gauge(String name, String help, DoubleSupplier value) {
        gauges.add(telemetry.gauge(Metric.of(name, help), value, "store", store));
    }

    private void memory(String owner, DoubleSupplier value) {
        gauges.add(telemetry.gauge(
                Metric.of("varve_memory_bytes", "Memory of the engine, by owner"),
                value,
                "store",
                store,
                "owner",
                owner));
    }

    /** How long the store's own work takes. */
    OperationMetrics operations() {
        return operations;
    }

    @Override
    public void batch(int samples, long[] stamps) {
        accepted.add(samples);
        batches.inc();
        pipeline.record(stamps);
    }

    @Override
    public void refused(Verdict reason, int samples) {
        Counter counter = refusals.get(reason);
        if (counter != null) {
            counter.add(samples);
        }
    }

    @Override
    public void forced(long nanos) {
        forces.record(nanos);
    }

    @Override
    public void logFailed() {
        logFailures.inc();
    }

    @Override
    public void logRescued() {
        logRescues.inc();
    }

    void close() {
        gauges.forEach(Registration::close);
    }
}
