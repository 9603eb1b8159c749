package io.varve.server.api;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.varve.core.telemetry.MetricSnapshot;
import io.varve.server.http.AcceptHeader;
import io.varve.server.http.AcceptHeader.Offer;
import io.varve.server.http.HttpAnswer;
import io.varve.server.http.HttpDoor;
import io.varve.server.http.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The server's own metrics in the form that the client likes best: Prometheus' text, OpenMetrics' text, or protobuf.
 * In protobuf distributions are native histograms since the start, with exemplars; in text they are quantiles over the
 * last minute, without, for OpenMetrics knows exemplars of counters and buckets alone.
 */
final class MetricsDoor implements HttpDoor {

    private static final EscapingScheme ESCAPING = EscapingScheme.UNDERSCORE_ESCAPING;
    private static final int TEXT = 0;
    private static final int OPEN_METRICS = 1;

    /** In this order for whoever likes all alike. */
    private static final List<Offer> OFFERS = List.of(
            new Offer("text", "plain", Map.of("version", "0.0.4")),
            new Offer("application", "openmetrics-text", Map.of("version", "1.0.0")),
            new Offer(
                    "application",
                    "vnd.google.protobuf",
                    Map.of("proto", "io.prometheus.client.MetricFamily", "encoding", "delimited")));

    private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
    private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();
    private final MetricsProtobuf protobuf = new MetricsProtobuf();
    private final Supplier<List<MetricSnapshot>> metrics;

    MetricsDoor(Supplier<List<MetricSnapshot>> metrics) {
        this.metrics = metrics;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        int form = AcceptHeader.of(exchange.header("Accept")).best(OFFERS);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 << 10);
        String type;
        if (form == TEXT || form == OPEN_METRICS) {
            ExpositionFormatWriter writer = form == TEXT ? text : openMetrics;
            writer.write(bytes, MetricsModel.of(metrics.get(), false), ESCAPING);
            type = writer.getContentType();
        } else {
            protobuf.write(bytes, MetricsModel.of(metrics.get(), true), ESCAPING);
            type = protobuf.contentType();
        }
        exchange.respond(HttpAnswer.of(200, type, bytes.toByteArray()).with("Vary", "Accept"));
    }
}
