package io.varve.core.telemetry;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/** The rules for names of metrics and labels; a broken one is the caller's mistake and fails at once. */
final class MetricNames {

    private static final Pattern METRIC = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:.]*");
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    private static final String TOTAL = "_total";

    private MetricNames() {}

    /** The name as it is shown: a dot is an underscore. */
    static String metric(String name) {
        if (!METRIC.matcher(name).matches()) {
            throw new IllegalArgumentException("metric name matches " + METRIC + ": name=" + name);
        }
        return name.replace('.', '_');
    }

    /** A counter's name, {@code _total} appended where it is missing. */
    static String counter(String name) {
        return name.endsWith(TOTAL) ? name : name + TOTAL;
    }

    static List<String> labels(String metric, String... names) {
        for (String name : names) {
            if (!LABEL.matcher(name).matches() || name.startsWith("__")) {
                throw new IllegalArgumentException("label name matches " + LABEL
                        + " and begins with one _ at most: metric=" + metric + ", label=" + name);
            }
        }
        if (new HashSet<>(Arrays.asList(names)).size() != names.length) {
            throw new IllegalArgumentException("label names differ: metric=" + metric + ", labels=" + List.of(names));
        }
        return List.of(names);
    }

    /** The unit that a name states, or an empty string. */
    static String unit(String name) {
        boolean counter = name.endsWith(TOTAL) || name.endsWith(".total");
        String stem = counter ? name.substring(0, name.length() - TOTAL.length()) : name;
        for (String unit : List.of("seconds", "bytes", "ratio")) {
            if (stem.endsWith("_" + unit) || stem.endsWith("." + unit)) {
                return unit;
            }
        }
        return "";
    }
}
