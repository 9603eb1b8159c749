package io.varve.core.telemetry;

import io.varve.core.telemetry.MetricSnapshot.Label;
import io.varve.core.telemetry.MetricSnapshot.MetricType;
import io.varve.core.telemetry.MetricSnapshot.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One metric with its children, one for each combination of label values. At most {@code limit} children are kept:
 * what comes over that goes to one more whose label values are all {@code other}. Any thread.
 *
 * @param <C> the child: a {@link Counter}, {@link Gauge}, {@link Distribution} or {@link PullSource}
 */
final class Family<C extends Family.Child> {

    /** Label value of the child that takes what is over the limit. */
    static final String OTHER = "other";

    private final Metric metric;
    private final MetricType type;
    private final Class<C> childType;
    private final List<String> labelNames;
    private final int limit;
    private final Runnable onOverflow;
    private final Supplier<C> maker;
    private final LabelSets<C> children = new LabelSets<>();

    Family(
            Metric metric,
            MetricType type,
            Class<C> childType,
            List<String> labelNames,
            int limit,
            Runnable onOverflow,
            Supplier<C> maker) {
        this.metric = metric;
        this.type = type;
        this.childType = childType;
        this.labelNames = labelNames;
        this.limit = limit;
        this.onOverflow = onOverflow;
        this.maker = maker;
    }

    String name() {
        return metric.name();
    }

    List<String> labelNames() {
        return labelNames;
    }

    /** This family, if it is what the caller takes it for. */
    @SuppressWarnings("unchecked")
    <D extends Child> Family<D> as(MetricType wantedType, Class<D> wantedChild, List<String> wantedLabels) {
        if (type != wantedType || childType != wantedChild || !labelNames.equals(wantedLabels)) {
            throw new IllegalArgumentException("metric is used as it was made: name=" + name() + ", made as="
                    + describe(type, childType, labelNames) + ", used as="
                    + describe(wantedType, wantedChild, wantedLabels));
        }
        return (Family<D>) this;
    }

    /** What this family is, without its name. */
    String shape() {
        return describe(type, childType, labelNames);
    }

    private static String describe(MetricType type, Class<?> child, List<String> labels) {
        return type + "/" + child.getSimpleName() + labels;
    }

    /** The child of these label values, made when it is new; the child {@link #OTHER} when there are too many. */
    C child(String... values) {
        if (values.length != labelNames.size()) {
            throw new IllegalArgumentException("one value for each label: metric=" + name() + ", labels=" + labelNames
                    + ", values=" + List.of(values));
        }
        C there = children.get(values);
        if (there == null) {
            there = children.getOrMake(labelNames.isEmpty() ? Integer.MAX_VALUE : limit, maker, values);
        }
        if (there == null) {
            onOverflow.run();
            String[] others = new String[values.length];
            Arrays.fill(others, OTHER);
            there = Objects.requireNonNull(children.getOrMake(Integer.MAX_VALUE, maker, others));
        }
        return there;
    }

    /** Puts a child in place of what is there; false, and nothing done, when it would be one too many. */
    boolean replace(C child, String... values) {
        boolean replaced = children.replace(limit, child, values);
        if (!replaced) {
            onOverflow.run();
        }
        return replaced;
    }

    /** Takes a child away if it is still there. */
    void remove(C child, String... values) {
        children.remove(child, values);
    }

    /** Bytes of memory of the label sets. */
    long labelBytes() {
        return children.bytes();
    }

    /** All points, ordered by label values; a child for which {@code point} gives null has none. */
    MetricSnapshot snapshot() {
        List<LabelSets.Entry<C>> entries = children.entries();
        entries.sort(Comparator.comparing(entry -> String.join("\0", entry.values())));
        List<Point> points = new ArrayList<>(entries.size());
        for (LabelSets.Entry<C> entry : entries) {
            Point point = entry.kept().point(pairs(entry.values()));
            if (point != null) {
                points.add(point);
            }
        }
        return new MetricSnapshot(name(), metric.help(), type, metric.unit(), points);
    }

    Metric metric() {
        return metric;
    }

    MetricType type() {
        return type;
    }

    /** Shows all children to a reader, in no order. */
    void read(MetricReader reader) {
        children.forEach((key, child) -> child.read(new MetricSeries(this, child, key), reader));
    }

    private List<Label> pairs(List<String> values) {
        List<Label> pairs = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            pairs.add(new Label(labelNames.get(i), values.get(i)));
        }
        return pairs;
    }

    /** What a child of a family can do. */
    interface Child {

        /** The present value, or null when there is none to be had. */
        @Nullable
        Point point(List<Label> labels);

        /** Shows the present value to a reader, if there is one. */
        default void read(MetricSeries series, MetricReader reader) {
            if (point(List.of()) instanceof MetricSnapshot.Value value) {
                reader.value(series, value.value());
            }
        }
    }
}
