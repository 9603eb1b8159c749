package io.varve.server.api;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.varve.core.telemetry.MetricSnapshot;
import io.varve.server.http.HttpAnswer;
import io.varve.server.http.HttpDoor;
import io.varve.server.http.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The server's own metrics in Prometheus' text format, or in OpenMetrics' for who asks for it. */
final class MetricsDoor implements HttpDoor {

    private static final String TOTAL = "_total";

    private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
    private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();
    private final Supplier<List<MetricSnapshot>> metrics;

    MetricsDoor(Supplier<List<MetricSnapshot>> metrics) {
        this.metrics = metrics;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String accept = exchange.header("Accept");
        ExpositionFormatWriter writer =
                accept != null && accept.contains("application/openmetrics-text") ? openMetrics : text;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 << 10);
        writer.write(bytes, model(metrics.get()), EscapingScheme.UNDERSCORE_ESCAPING);
        exchange.respond(HttpAnswer.of(200, writer.getContentType(), bytes.toByteArray()));
    }

    private static MetricSnapshots model(List<MetricSnapshot> all) {
        List<io.prometheus.metrics.model.snapshots.MetricSnapshot> result = new ArrayList<>();
        for (MetricSnapshot metric : all) {
            if (!metric.points().isEmpty()) {
                result.add(model(metric));
            }
        }
        return new MetricSnapshots(result);
    }

    private static io.prometheus.metrics.model.snapshots.MetricSnapshot model(MetricSnapshot metric) {
        return switch (metric.type()) {
            case COUNTER -> counter(metric);
            case GAUGE -> gauge(metric);
            case DISTRIBUTION -> summary(metric);
        };
    }

    private static CounterSnapshot counter(MetricSnapshot metric) {
        String name = metric.name();
        CounterSnapshot.Builder builder = CounterSnapshot.builder()
                .name(name.endsWith(TOTAL) ? name.substring(0, name.length() - TOTAL.length()) : name)
                .help(metric.help());
        for (MetricSnapshot.Point point : metric.points()) {
            if (point instanceof MetricSnapshot.Value value) {
                builder.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .labels(labels(point))
                        .value(Math.max(0, value.value()))
                        .build());
            }
        }
        return builder.build();
    }

    private static GaugeSnapshot gauge(MetricSnapshot metric) {
        GaugeSnapshot.Builder builder =
                GaugeSnapshot.builder().name(metric.name()).help(metric.help());
        for (MetricSnapshot.Point point : metric.points()) {
            if (point instanceof MetricSnapshot.Value value) {
                builder.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .labels(labels(point))
                        .value(value.value())
                        .build());
            }
        }
        return builder.build();
    }

    private static SummarySnapshot summary(MetricSnapshot metric) {
        SummarySnapshot.Builder builder =
                SummarySnapshot.builder().name(metric.name()).help(metric.help());
        for (MetricSnapshot.Point point : metric.points()) {
            if (point instanceof MetricSnapshot.Distributed summary) {
                List<Quantile> quantiles = summary.quantiles().stream()
                        .map(q -> new Quantile(q.quantile(), q.value()))
                        .toList();
                builder.dataPoint(SummarySnapshot.SummaryDataPointSnapshot.builder()
                        .labels(labels(point))
                        .count(summary.count())
                        .sum(summary.sum())
                        .quantiles(Quantiles.of(quantiles))
                        .build());
            }
        }
        return builder.build();
    }

    private static Labels labels(MetricSnapshot.Point point) {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (MetricSnapshot.Label label : point.labels()) {
            names.add(label.name());
            values.add(label.value());
        }
        return Labels.of(names, values);
    }
}
