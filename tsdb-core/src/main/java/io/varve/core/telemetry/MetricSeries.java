package io.varve.core.telemetry;

import io.varve.core.model.Labels;
import io.varve.core.telemetry.MetricSnapshot.MetricType;
import java.util.List;

/** One series of a registry: a metric with a combination of label values; names are made when they are asked for. */
public final class MetricSeries {

    private final Family<?> family;
    private final Object child;
    private final String key;

    MetricSeries(Family<?> family, Object child, String key) {
        this.family = family;
        this.child = child;
        this.key = key;
    }

    /** What a reader knows the series by from one reading to the next: the same object as long as it is there. */
    public Object identity() {
        return child;
    }

    /** Name, unit and help. */
    public Metric metric() {
        return family.metric();
    }

    /** What its values mean. */
    public MetricType type() {
        return family.type();
    }

    /** The metric's name and the labels, as a store takes them. */
    public Labels labels() {
        List<String> names = family.labelNames();
        List<String> values = LabelSets.values(key);
        String[] pairs = new String[2 + 2 * names.size()];
        pairs[0] = Labels.NAME;
        pairs[1] = family.name();
        for (int i = 0; i < names.size(); i++) {
            pairs[2 + 2 * i] = names.get(i);
            pairs[3 + 2 * i] = values.get(i);
        }
        return Labels.of(pairs);
    }
}
