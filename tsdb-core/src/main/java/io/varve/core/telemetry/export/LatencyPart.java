package io.varve.core.telemetry.export;

import io.varve.core.model.Labels;
import io.varve.core.model.Metadata;
import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.Pipeline;
import io.varve.core.telemetry.RawLatencies;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Every latency of the messages that were recorded, each at the time at which its step ended, to the nanosecond: the
 * series {@value #METRIC}. While the store takes nothing the ring is left to fill. Memory is bounded by the ring.
 */
final class LatencyPart implements ExportPart, RawLatencies.Sink {

    /** Name of the series; labels as those of {@link Pipeline#METRIC}. */
    static final String METRIC = "varve_stage_latency_seconds";

    private static final int TRIES = 4;

    private final RawLatencies ring;
    private final TimeSource clock;
    private final Runnable onEnd;
    private final IdentityHashMap<Pipeline, LatencySeries[]> all = new IdentityHashMap<>();
    private int toldEpoch;
    private long toEpoch;

    /**
     * The latencies of a ring.
     *
     * @param clock the registry's
     * @param onEnd called before the last round: nothing is put into the ring any more
     */
    LatencyPart(RawLatencies ring, TimeSource clock, Runnable onEnd) {
        this.ring = ring;
        this.clock = clock;
        this.onEnd = onEnd;
    }

    @Override
    public int series() {
        int series = 0;
        for (LatencySeries[] some : all.values()) {
            series += some.length;
        }
        return series;
    }

    @Override
    public void write(ExportBatch batch, long epochNanos) {
        if (!batch.isUsable()) {
            return;
        }
        if (toldEpoch != batch.epoch()) {
            toldEpoch = batch.epoch();
            batch.metadata(
                    METRIC, new Metadata(Metadata.Type.GAUGE, "Time between two stages of one message", "seconds"));
        }
        toEpoch = toEpoch(clock);
        ring.drain(this);
        for (LatencySeries[] series : all.values()) {
            for (LatencySeries one : series) {
                one.write(batch);
            }
        }
    }

    /** What the wall clock shows more than the monotonic one: of several readings the one that took least. */
    private static long toEpoch(TimeSource clock) {
        long best = 0;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            long before = clock.nanoTime();
            long wall = clock.epochNanos();
            long took = clock.nanoTime() - before;
            if (took < least) {
                least = took;
                best = wall - before - took / 2;
            }
        }
        return best;
    }

    @Override
    public void message(Pipeline pipeline, long[] stamps, int last) {
        LatencySeries[] series = all.get(pipeline);
        if (series == null) {
            series = series(pipeline);
            all.put(pipeline, series);
        }
        int steps = pipeline.stages().size() - 1;
        for (int i = 0; i < last; i++) {
            if (stamps[i] != RawLatencies.MISSING && stamps[i + 1] != RawLatencies.MISSING) {
                series[i].add(stamps[i + 1] + toEpoch, stamps[i + 1] - stamps[i]);
            }
        }
        boolean ends = stamps[0] != RawLatencies.MISSING && stamps[last] != RawLatencies.MISSING;
        if (ends && last == steps && steps > 1) {
            series[steps].add(stamps[last] + toEpoch, stamps[last] - stamps[0]);
        }
    }

    /** One of each step, and behind them that of the whole way; of two stages the one step is the whole way. */
    private static LatencySeries[] series(Pipeline pipeline) {
        List<String> stages = pipeline.stages();
        int steps = stages.size() - 1;
        LatencySeries[] series = new LatencySeries[steps > 1 ? steps + 1 : 1];
        for (int i = 0; i < series.length; i++) {
            series[i] = new LatencySeries(Labels.of(
                    Labels.NAME,
                    METRIC,
                    "pipeline",
                    pipeline.name(),
                    "from",
                    stages.get(i < steps ? i : 0),
                    "to",
                    stages.get(i < steps ? i + 1 : steps)));
        }
        return series;
    }

    @Override
    public void end() {
        onEnd.run();
    }
}
