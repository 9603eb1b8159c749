package io.varve.server.api;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusProtobufWriter;
import io.prometheus.metrics.expositionformats.generated.Metrics;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Protobuf with native histograms. The library writes one exemplar of a native histogram, at a bucket without a bound,
 * where older Prometheus looks for it; all of them are added in the field that newer ones read.
 */
// The canonical name of the generated classes has the version of protobuf in it; this one outlives an upgrade.
@SuppressWarnings("NonCanonicalType")
final class MetricsProtobuf {

    private static final int MILLIS_PER_SECOND = 1_000;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private final ExpositionFormatWriter writer = new PrometheusProtobufWriter();

    String contentType() {
        return writer.getContentType();
    }

    void write(OutputStream out, MetricSnapshots metrics, EscapingScheme escaping) throws IOException {
        for (MetricSnapshot metric : metrics) {
            if (metric instanceof HistogramSnapshot histogram && hasExemplars(histogram)) {
                ByteArrayOutputStream plain = new ByteArrayOutputStream();
                writer.write(plain, new MetricSnapshots(metric), escaping);
                withExemplars(histogram, plain.toByteArray()).writeDelimitedTo(out);
            } else {
                writer.write(out, new MetricSnapshots(metric), escaping);
            }
        }
    }

    private static boolean hasExemplars(HistogramSnapshot histogram) {
        return histogram.getDataPoints().stream()
                .anyMatch(point -> point.getExemplars().size() > 0);
    }

    private static Metrics.MetricFamily withExemplars(HistogramSnapshot histogram, byte[] plain) throws IOException {
        Metrics.MetricFamily.Builder family =
                Metrics.MetricFamily.parseDelimitedFrom(new ByteArrayInputStream(plain)).toBuilder();
        List<HistogramSnapshot.HistogramDataPointSnapshot> points = histogram.getDataPoints();
        if (family.getMetricCount() != points.size()) {
            throw new AssertionError("BUG: one message for each point: messages=" + family.getMetricCount()
                    + ", points=" + points.size());
        }
        for (int i = 0; i < points.size(); i++) {
            addTo(
                    family.getMetricBuilder(i).getHistogramBuilder(),
                    points.get(i).getExemplars());
        }
        return family.build();
    }

    private static void addTo(Metrics.Histogram.Builder histogram, Exemplars exemplars) {
        for (Exemplar exemplar : exemplars) {
            Metrics.Exemplar.Builder added = histogram.addExemplarsBuilder().setValue(exemplar.getValue());
            for (Label label : exemplar.getLabels()) {
                added.addLabelBuilder().setName(label.getName()).setValue(label.getValue());
            }
            long millis = exemplar.getTimestampMillis();
            added.getTimestampBuilder()
                    .setSeconds(Math.floorDiv(millis, MILLIS_PER_SECOND))
                    .setNanos(Math.floorMod(millis, MILLIS_PER_SECOND) * NANOS_PER_MILLI);
        }
    }
}
