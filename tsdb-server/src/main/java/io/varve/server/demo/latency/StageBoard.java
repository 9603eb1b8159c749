package io.varve.server.demo.latency;

import io.varve.core.model.Labels;
import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.Window;
import io.varve.core.telemetry.WindowView;
import io.varve.core.telemetry.clock.PeerReading;
import io.varve.server.demo.latency.node.NodeReport;
import io.varve.server.demo.latency.node.NodeSettings.Role;
import io.varve.server.demo.latency.node.NodeWindow;
import io.varve.server.self.SampleSink;
import io.varve.server.self.SampleSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes told last, joined: the windows of one distribution in all nodes are one. As a source of samples it
 * tells them as series, each with the label {@code window="10s"}:
 *
 * <pre>
 *   NAME{…,quantile="0.5|0.9|0.95|0.99|1"}      NAME:rate      NAME:error_rate      NAME:in_flight
 * </pre>
 *
 * Any thread.
 */
final class StageBoard implements SampleSource {

    private static final String LENGTH = "10s";

    /** What a node has told is of no use after that. */
    private static final long STALE_NANOS = 3_000_000_000L;

    private final TimeSource clock;
    private final Map<Role, Told> told = new EnumMap<>(Role.class);

    private record Told(NodeReport report, long at) {}

    /** A distribution over all nodes. */
    record Row(Labels series, WindowView view) {}

    StageBoard(TimeSource clock) {
        this.clock = clock;
    }

    /** A node has told something. */
    synchronized void tell(Role node, NodeReport report) {
        told.put(node, new Told(report, clock.nanoTime()));
    }

    /** What a node told last; null if it has told nothing lately. */
    synchronized @Nullable NodeReport last(Role node) {
        Told last = told.get(node);
        return last == null || clock.nanoTime() - last.at > STALE_NANOS ? null : last.report;
    }

    /** Every distribution, in order of their labels. */
    List<Row> rows() {
        Map<Labels, List<Window>> parts = new TreeMap<>();
        for (Role node : Role.values()) {
            NodeReport report = last(node);
            if (report != null) {
                for (NodeWindow window : report.windows()) {
                    parts.computeIfAbsent(window.series(), series -> new ArrayList<>())
                            .add(window.window());
                }
            }
        }
        List<Row> rows = new ArrayList<>();
        parts.forEach((series, windows) ->
                rows.add(new Row(series, Window.merge(windows).view())));
        return rows;
    }

    /** What a node knows of the clock of another; null if nothing. */
    @Nullable
    PeerReading clock(Role node, Role peer) {
        NodeReport report = last(node);
        if (report != null) {
            for (PeerReading reading : report.clocks()) {
                if (reading.peer().equals(peer.text())) {
                    return reading;
                }
            }
        }
        return null;
    }

    @Override
    public void collect(SampleSink sink) {
        for (Row row : rows()) {
            String name = row.series().get(Labels.NAME);
            WindowView view = row.view();
            String[] labels = pairs(row.series(), 2);
            labels[labels.length - 2] = "window";
            labels[labels.length - 1] = LENGTH;
            sink.add(name + ":rate", view.rate(), labels);
            sink.add(name + ":error_rate", view.errorRate(), labels);
            if (row.series().has("pipeline")) {
                sink.add(name + ":in_flight", (double) view.inFlight(), labels);
            }
            quantile(sink, row, "0.5", view.p50());
            quantile(sink, row, "0.9", view.p90());
            quantile(sink, row, "0.95", view.p95());
            quantile(sink, row, "0.99", view.p99());
            quantile(sink, row, "1", view.max());
        }
    }

    private static void quantile(SampleSink sink, Row row, String quantile, double value) {
        String[] labels = pairs(row.series(), 4);
        labels[labels.length - 4] = "window";
        labels[labels.length - 3] = LENGTH;
        labels[labels.length - 2] = "quantile";
        labels[labels.length - 1] = quantile;
        sink.add(row.series().get(Labels.NAME), value, labels);
    }

    /** Names and values in turn without the metric's name, and room for more. */
    private static String[] pairs(Labels series, int more) {
        Labels labels = series.without(Labels.NAME);
        String[] pairs = new String[2 * labels.size() + more];
        for (int i = 0; i < labels.size(); i++) {
            pairs[2 * i] = labels.name(i);
            pairs[2 * i + 1] = labels.value(i);
        }
        return pairs;
    }
}
