package io.varve.server.api;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Labels of an exemplar as Prometheus takes them; they are the application's, of any name and length. */
final class ExemplarLabels {

    /** Most code points of all names and values together: Prometheus drops an exemplar that has more. */
    private static final int LIMIT = 128;

    /** What leads to the message: kept before all others where there is little room. */
    private static final List<String> FIRST = List.of("request_id", "trace_id", "span_id");

    private ExemplarLabels() {}

    /** As many labels as fit; one that does not fit is left out whole. */
    static Labels shown(io.varve.core.model.Labels labels) {
        Map<String, String> named = named(labels);
        Map<String, String> shown = new LinkedHashMap<>();
        int left = LIMIT;
        List<String> order = new ArrayList<>(FIRST);
        order.addAll(named.keySet());
        for (String name : order) {
            String value = named.get(name);
            int length = value == null ? 0 : codePoints(name) + codePoints(value);
            if (value != null && !shown.containsKey(name) && length <= left) {
                shown.put(name, value);
                left -= length;
            }
        }
        return Labels.of(new ArrayList<>(shown.keySet()), new ArrayList<>(shown.values()));
    }

    private static int codePoints(String text) {
        return text.codePointCount(0, text.length());
    }

    /** By names that every form allows; of two that become the same the first counts. */
    private static Map<String, String> named(io.varve.core.model.Labels labels) {
        Map<String, String> named = new LinkedHashMap<>();
        for (int i = 0; i < labels.size(); i++) {
            named.putIfAbsent(name(labels.name(i)), labels.value(i));
        }
        return named;
    }

    /** Two underscores at the beginning of a name are Prometheus' own. */
    private static String name(String name) {
        String plain = name.replaceAll("[^a-zA-Z0-9_]", "_").replaceFirst("^__+", "_");
        boolean digit = plain.isEmpty() || Character.isDigit(plain.charAt(0));
        return digit ? "_" + plain : plain;
    }
}
