package io.varve.server.demo.latency.node;

import io.varve.core.model.Labels;
import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.Distribution;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Pipeline;
import io.varve.core.telemetry.Sampling;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.TelemetryConfig;
import io.varve.core.telemetry.Window;
import io.varve.core.telemetry.clock.ClockBook;
import io.varve.core.telemetry.clock.ClockGauges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** The telemetry kit of a node: its registry, the pipeline, the clocks of its peers, and the windows that it tells. */
final class NodeKit {

    /** Length of the windows. */
    static final Duration RECENT = Duration.ofSeconds(10);

    private static final String PIPELINE = "pp_bifrost";
    private static final String[] STAGES = {"enqueued", "dequeued", "arrived", "done"};

    private final Telemetry telemetry;
    private final Pipeline pipeline;
    private final ClockBook clocks = ClockBook.create();
    private final List<Watched> watched = new CopyOnWriteArrayList<>();

    private record Watched(Labels series, Supplier<Window> window) {}

    /**
     * A kit that has measured nothing.
     *
     * @param sampling which commands are stamped
     */
    NodeKit(TimeSource clock, Sampling sampling) {
        telemetry = Telemetry.create(TelemetryConfig.defaults().clock(clock).sampling(sampling));
        ClockGauges.show(clocks, telemetry);
        pipeline = telemetry.pipeline(PIPELINE, STAGES);
        for (int i = 0; i + 1 < STAGES.length; i++) {
            int from = i;
            watch(step(STAGES[i], STAGES[i + 1]), () -> pipeline.recent(from, RECENT));
        }
        watch(step(STAGES[0], STAGES[STAGES.length - 1]), () -> pipeline.recent(RECENT));
    }

    private static Labels step(String from, String to) {
        return Labels.of(Labels.NAME, Pipeline.METRIC, "pipeline", PIPELINE, "from", from, "to", to);
    }

    private void watch(Labels series, Supplier<Window> window) {
        watched.add(new Watched(series, window));
    }

    /** A latency without labels whose window is told. */
    Distribution latency(String name, String help) {
        Metric metric = Metric.of(name, help).unit("seconds");
        Distribution latency = telemetry.latency(metric);
        watch(Labels.of(Labels.NAME, metric.name()), () -> latency.recent(RECENT));
        return latency;
    }

    Telemetry telemetry() {
        return telemetry;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    ClockBook clocks() {
        return clocks;
    }

    /** The windows as they are now. */
    List<NodeWindow> windows() {
        List<NodeWindow> all = new ArrayList<>();
        for (Watched one : watched) {
            all.add(new NodeWindow(one.series(), one.window().get()));
        }
        return all;
    }
}
