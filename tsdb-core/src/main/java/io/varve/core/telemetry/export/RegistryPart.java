package io.varve.core.telemetry.export;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.Metadata;
import io.varve.core.model.StaleMarker;
import io.varve.core.sketch.SparseHistogram;
import io.varve.core.telemetry.Distribution;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.MetricReader;
import io.varve.core.telemetry.MetricSeries;
import io.varve.core.telemetry.MetricSnapshot.MetricType;
import io.varve.core.telemetry.NativeHistograms;
import io.varve.core.telemetry.Telemetry;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All metrics of a registry: counters and gauges as floats, distributions as native histograms in the metric's unit;
 * with the first sample of a series when it began to count, and with that of a metric what is known of it. A series
 * that has left the registry ends with a stale marker. A distribution that was not recorded into costs a look. One
 * thread; memory is bounded as the registry's is.
 */
final class RegistryPart implements ExportPart, MetricReader {

    private final Telemetry telemetry;
    private final IdentityHashMap<Object, Known> all = new IdentityHashMap<>();

    /** Metrics of which it was said in this epoch what they are. */
    private final Set<String> told = new HashSet<>();

    private @Nullable ExportBatch batch;
    private long time;
    private int epoch;
    private int round;
    private int seen;

    RegistryPart(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    /** What is kept of a series. */
    private static final class Known {

        final Labels labels;
        final boolean histograms;
        final boolean tooLarge;
        long ref;
        int epoch;
        int round;
        long fingerprint;
        int[] indexes = {};

        @Nullable
        Histogram histogram;

        Known(Labels labels, boolean histograms) {
            this.labels = labels;
            this.histograms = histograms;
            this.tooLarge = labels.utf8Bytes() > ExportBatch.MAX_LABEL_BYTES;
        }
    }

    @Override
    public int series() {
        return all.size();
    }

    @Override
    public void write(ExportBatch to, long epochNanos) {
        batch = to;
        time = to.ticks(epochNanos);
        round++;
        seen = 0;
        if (epoch != to.epoch()) {
            epoch = to.epoch();
            told.clear();
        }
        telemetry.read(this);
        if (seen < all.size()) {
            all.values().removeIf(known -> hasLeft(known, to));
        }
    }

    private boolean hasLeft(Known known, ExportBatch to) {
        if (known.round == round) {
            return false;
        }
        if (!known.tooLarge && known.epoch == to.epoch() && known.histograms) {
            to.histogram(known.ref, time, Histogram.stale(false));
        } else if (!known.tooLarge && known.epoch == to.epoch()) {
            to.value(known.ref, time, StaleMarker.VALUE);
        }
        return true;
    }

    @Override
    public void value(MetricSeries series, double value) {
        ExportBatch to = batch;
        Known known = known(series);
        if (to != null && !known.tooLarge) {
            refer(known, series, to);
            to.value(known.ref, time, value);
        }
    }

    @Override
    public void distribution(MetricSeries series, Distribution distribution) {
        ExportBatch to = batch;
        Known known = known(series);
        if (to != null && !known.tooLarge && to.isUsable()) {
            refer(known, series, to);
            to.histogram(known.ref, time, histogram(known, distribution));
        }
    }

    private static Histogram histogram(Known known, Distribution distribution) {
        long print = distribution.fingerprint();
        Histogram there = known.histogram;
        if (there != null && print == known.fingerprint) {
            return there;
        }
        SparseHistogram total = distribution.total();
        int[] indexes = total.indexes();
        HistogramLayout layout = there != null && Arrays.equals(indexes, known.indexes)
                ? there.layout()
                : NativeHistograms.layout(total, distribution.unit());
        Histogram fresh = NativeHistograms.of(total, distribution.unit(), layout);
        known.fingerprint = print;
        known.indexes = indexes;
        known.histogram = fresh;
        return fresh;
    }

    private Known known(MetricSeries series) {
        Known known = all.get(series.identity());
        if (known == null) {
            known = new Known(series.labels(), series.type() == MetricType.DISTRIBUTION);
            all.put(series.identity(), known);
            if (known.tooLarge && batch != null) {
                batch.refuse("too_large");
            }
        }
        known.round = round;
        seen++;
        return known;
    }

    /** Makes the reference of a series good for this epoch, and says what is said once of series and metric. */
    private void refer(Known known, MetricSeries series, ExportBatch to) {
        if (known.epoch == to.epoch() || !to.isUsable()) {
            return;
        }
        known.ref = to.series(known.labels);
        known.epoch = to.epoch();
        Metric metric = series.metric();
        if (told.add(metric.name())) {
            to.metadata(metric.name(), new Metadata(type(series.type()), cut(metric.help()), metric.unit()));
        }
        if (series.type() != MetricType.GAUGE) {
            to.start(known.ref, time, to.ticks(telemetry.begun()));
        }
    }

    private static Metadata.Type type(MetricType type) {
        return switch (type) {
            case COUNTER -> Metadata.Type.COUNTER;
            case GAUGE -> Metadata.Type.GAUGE;
            case DISTRIBUTION -> Metadata.Type.HISTOGRAM;
        };
    }

    private static String cut(String help) {
        return help.length() <= Metadata.MAX_HELP ? help : help.substring(0, Metadata.MAX_HELP);
    }
}
