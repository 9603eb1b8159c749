package io.varve.server.it.differential;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The points at which two answers differ. */
final class Points {

    /** One of them: a series, a time, and what either says there. */
    record Point(Map<String, String> labels, long timeMs, OptionalDouble varve, OptionalDouble peer) {
        /** Whether both have a value. */
        boolean both() {
            return varve.isPresent() && peer.isPresent();
        }
    }

    private Points() {}

    /** All points that differ by more than a tolerance, or that one has alone. */
    static List<Point> differing(Pair.Asked asked, double tolerance) {
        Comparer comparer = new Comparer(tolerance);
        Map<Map<String, String>, Answer.Series> ours = Comparer.byLabels(asked.varve());
        Map<Map<String, String>, Answer.Series> theirs = Comparer.byLabels(asked.peer());
        Set<Map<String, String>> all = new HashSet<>(ours.keySet());
        all.addAll(theirs.keySet());
        List<Point> points = new ArrayList<>();
        for (Map<String, String> labels : all) {
            Map<Long, Double> a = values(ours.get(labels));
            Map<Long, Double> b = values(theirs.get(labels));
            Set<Long> times = new HashSet<>(a.keySet());
            times.addAll(b.keySet());
            for (long time : times) {
                Point point = new Point(labels, time, optional(a.get(time)), optional(b.get(time)));
                if (!point.both()
                        || !comparer.same(
                                point.varve().getAsDouble(), point.peer().getAsDouble())) {
                    points.add(point);
                }
            }
        }
        return points;
    }

    private static OptionalDouble optional(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static Map<Long, Double> values(Answer.@Nullable Series series) {
        Map<Long, Double> values = new HashMap<>();
        for (int i = 0; series != null && i < series.times().length; i++) {
            values.put(series.times()[i], series.values()[i]);
        }
        return values;
    }

    /** Labels without the name. */
    static Map<String, String> unnamed(Map<String, String> labels) {
        Map<String, String> rest = new HashMap<>(labels);
        rest.remove("__name__");
        return rest;
    }

    /** The labels that an aggregation's group has, for a series in it. */
    static Map<String, String> group(Map<String, String> labels, String grouping) {
        Map<String, String> group = new HashMap<>(labels);
        Set<String> listed = new HashSet<>(
                Arrays.asList(grouping.replaceAll("^\\w* *\\(|\\)", "").split(", *")));
        if (grouping.startsWith("without")) {
            group.keySet().removeAll(listed);
            group.remove("__name__");
        } else {
            group.keySet().retainAll(listed);
        }
        return group;
    }
}
