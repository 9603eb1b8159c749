package io.varve.server.api;

import io.varve.core.model.Exemplar;
import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.MetricSnapshot;
import io.varve.core.telemetry.Telemetry;
import io.varve.server.http.HttpServer;
import io.varve.server.http.HttpSettings;
import io.varve.server.http.RequestObserver;
import io.varve.server.http.Router;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Nothing but {@code /metrics} of a registry, over HTTP, with exemplars that a test gives to its distributions. */
public final class MetricsServer implements AutoCloseable {

    private final HttpServer server;

    /**
     * Starts.
     *
     * @param exemplars by the name of a distribution; each of its points has them
     */
    public MetricsServer(Telemetry telemetry, Map<String, List<Exemplar>> exemplars) throws IOException {
        Router router = new Router().route("GET", "/metrics", new MetricsDoor(() -> telemetry.snapshot().stream()
                .map(metric -> with(metric, exemplars.getOrDefault(metric.name(), List.of())))
                .toList()));
        server = new HttpServer(
                new HttpSettings("127.0.0.1", 0, 12, 1 << 20, Duration.ofSeconds(30)),
                TimeSource.system(),
                RequestObserver.NONE);
        server.serve(router);
        server.start();
    }

    private static MetricSnapshot with(MetricSnapshot metric, List<Exemplar> exemplars) {
        List<MetricSnapshot.Point> points = metric.points().stream()
                .map(point -> point instanceof MetricSnapshot.Distributed d
                        ? new MetricSnapshot.Distributed(d.labels(), d.total(), d.unit(), d.quantiles(), exemplars)
                        : point)
                .toList();
        return new MetricSnapshot(metric.name(), metric.help(), metric.type(), metric.unit(), points);
    }

    /** Where it listens. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop(Duration.ofSeconds(1));
    }
}
