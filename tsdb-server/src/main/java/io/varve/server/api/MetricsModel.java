package io.varve.server.api;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.varve.core.model.Exemplar;
import io.varve.core.telemetry.MetricSnapshot;
import io.varve.core.telemetry.NativeHistograms;
import java.util.ArrayList;
import java.util.List;

/** The kit's metrics in the model of the library that writes Prometheus' formats. */
final class MetricsModel {

    private static final String TOTAL = "_total";
    private static final long NANOS_PER_MILLI = 1_000_000;

    private MetricsModel() {}

    /**
     * All metrics that have a point.
     *
     * @param histograms whether distributions are native histograms, else they are summaries
     */
    static MetricSnapshots of(List<MetricSnapshot> all, boolean histograms) {
        List<io.prometheus.metrics.model.snapshots.MetricSnapshot> result = new ArrayList<>();
        for (MetricSnapshot metric : all) {
            if (!metric.points().isEmpty()) {
                result.add(
                        switch (metric.type()) {
                            case COUNTER -> counter(metric);
                            case GAUGE -> gauge(metric);
                            case DISTRIBUTION -> histograms ? histogram(metric) : summary(metric);
                        });
            }
        }
        return new MetricSnapshots(result);
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
            if (point instanceof MetricSnapshot.Distributed distributed) {
                List<Quantile> quantiles = distributed.quantiles().stream()
                        .map(q -> new Quantile(q.quantile(), q.value()))
                        .toList();
                SummarySnapshot.SummaryDataPointSnapshot.Builder summary =
                        SummarySnapshot.SummaryDataPointSnapshot.builder()
                                .labels(labels(point))
                                .count(distributed.count())
                                .quantiles(Quantiles.of(quantiles));
                summary.sum(distributed.sum());
                builder.dataPoint(summary.build());
            }
        }
        return builder.build();
    }

    private static HistogramSnapshot histogram(MetricSnapshot metric) {
        HistogramSnapshot.Builder builder =
                HistogramSnapshot.builder().name(metric.name()).help(metric.help());
        for (MetricSnapshot.Point point : metric.points()) {
            if (point instanceof MetricSnapshot.Distributed distributed) {
                HistogramSnapshot.HistogramDataPointSnapshot.Builder histogram =
                        HistogramSnapshot.HistogramDataPointSnapshot.builder()
                                .labels(labels(point))
                                .nativeSchema(distributed.total().schema())
                                .nativeZeroCount(distributed.total().zeros())
                                .nativeZeroThreshold(NativeHistograms.ZERO_THRESHOLD)
                                .nativeBucketsForPositiveValues(NativeHistogramBuckets.of(
                                        NativeHistograms.indexes(distributed.total(), distributed.unit()),
                                        distributed.total().counts()));
                histogram.sum(distributed.sum()).exemplars(exemplars(distributed));
                builder.dataPoint(histogram.build());
            }
        }
        return builder.build();
    }

    private static Exemplars exemplars(MetricSnapshot.Distributed distributed) {
        List<io.prometheus.metrics.model.snapshots.Exemplar> result = new ArrayList<>();
        for (Exemplar exemplar : distributed.exemplars()) {
            result.add(io.prometheus.metrics.model.snapshots.Exemplar.builder()
                    .value(exemplar.value())
                    .labels(ExemplarLabels.shown(exemplar.labels()))
                    .timestampMillis(Math.floorDiv(exemplar.time(), NANOS_PER_MILLI))
                    .build());
        }
        return Exemplars.of(result);
    }

    private static Labels labels(MetricSnapshot.Point point) {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (MetricSnapshot.Label label : point.labels()) {
            if (!label.value().isEmpty()) { // as if it were not there, by the data model
                names.add(label.name());
                values.add(label.value());
            }
        }
        return Labels.of(names, values);
    }
}
