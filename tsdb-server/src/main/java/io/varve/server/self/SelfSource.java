package io.varve.server.self;

import io.varve.core.telemetry.MetricSnapshot;
import io.varve.core.telemetry.MetricSnapshot.Label;
import io.varve.core.telemetry.MetricSnapshot.QuantileValue;
import io.varve.core.telemetry.Telemetry;
import java.util.List;

/**
 * Everything that the process' registry counts, as series: a counter or gauge under its name, a distribution as
 * {@code _count}, {@code _sum} and its quantiles with the label {@code quantile}, as on {@code /metrics}.
 */
public final class SelfSource implements SampleSource {

    private final Telemetry telemetry;

    /** The metrics of a registry. */
    public SelfSource(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    @Override
    public void collect(SampleSink sink) {
        for (MetricSnapshot metric : telemetry.snapshot()) {
            for (MetricSnapshot.Point point : metric.points()) {
                String[] labels = pairs(point.labels(), 0);
                if (point instanceof MetricSnapshot.Value value) {
                    sink.add(metric.name(), value.value(), labels);
                } else if (point instanceof MetricSnapshot.Distributed summary) {
                    sink.add(metric.name() + "_count", (double) summary.count(), labels);
                    sink.add(metric.name() + "_sum", summary.sum(), labels);
                    for (QuantileValue quantile : summary.quantiles()) {
                        String[] named = pairs(point.labels(), 2);
                        named[named.length - 2] = "quantile";
                        named[named.length - 1] = Double.toString(quantile.quantile());
                        sink.add(metric.name(), quantile.value(), named);
                    }
                }
            }
        }
    }

    private static String[] pairs(List<Label> labels, int more) {
        String[] pairs = new String[2 * labels.size() + more];
        for (int i = 0; i < labels.size(); i++) {
            pairs[2 * i] = labels.get(i).name();
            pairs[2 * i + 1] = labels.get(i).value();
        }
        return pairs;
    }
}
