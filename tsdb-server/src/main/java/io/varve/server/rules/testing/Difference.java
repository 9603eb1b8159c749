package io.varve.server.rules.testing;

import io.varve.core.model.Labels;
import io.varve.query.histogram.HistogramNotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is not as expected.
 *
 * @param what where that was
 * @param wanted what was expected, a line each; nothing in both lists for a failure that is not one of answers
 * @param got what came
 */
record Difference(String what, List<String> wanted, List<String> got) {

    static Difference failure(String what) {
        return new Difference(what, List.of(), List.of());
    }

    static String alert(Map<String, String> labels, Map<String, String> annotations) {
        return "Labels:" + text(labels) + " Annotations:" + text(annotations);
    }

    static Map<String, String> map(Labels labels) {
        Map<String, String> map = new TreeMap<>();
        for (int i = 0; i < labels.size(); i++) {
            map.put(labels.name(i), labels.value(i));
        }
        return map;
    }

    private static String text(Map<String, String> pairs) {
        List<String> parts = new ArrayList<>();
        new TreeMap<>(pairs).forEach((name, value) -> parts.add(name + "=\"" + plain(value) + "\""));
        return "{" + String.join(", ", parts) + "}";
    }

    /** A text on one line, without anything that a terminal would obey. */
    private static String plain(String value) {
        StringBuilder text = new StringBuilder();
        value.codePoints().forEach(point -> {
            switch (point) {
                case '"', '\\' -> text.append('\\').append((char) point);
                case '\n' -> text.append("\\n");
                default -> {
                    if (Character.isISOControl(point)) {
                        text.append(String.format("\\u%04x", point));
                    } else {
                        text.appendCodePoint(point);
                    }
                }
            }
        });
        return text.toString();
    }

    static String sample(RuleTest.ExpectedSample sample) {
        String value = sample.histogram() == null
                ? Double.toString(sample.value())
                : HistogramNotation.text(sample.histogram());
        return plain(sample.labels().size() == 0 ? "{}" : sample.labels().toString())
                        .replace("\\\"", "\"") + " " + value;
    }

    /**
     * Lines for people.
     *
     * @param marked whether only what differs is shown, with a sign before it
     */
    List<String> lines(boolean marked) {
        List<String> lines = new ArrayList<>();
        lines.add("    " + what + (wanted.isEmpty() && got.isEmpty() ? "" : ","));
        if (wanted.isEmpty() && got.isEmpty()) {
            return lines;
        }
        if (marked) {
            without(wanted, got).forEach(line -> lines.add("        - " + line));
            without(got, wanted).forEach(line -> lines.add("        + " + line));
            return lines;
        }
        list(lines, "exp", wanted);
        list(lines, "got", got);
        return lines;
    }

    private static void list(List<String> lines, String name, List<String> items) {
        lines.add("        " + name + ":" + (items.isEmpty() ? "[]" : "["));
        for (int i = 0; i < items.size(); i++) {
            lines.add("            " + i + ": " + items.get(i));
        }
        if (!items.isEmpty()) {
            lines.add("            ]");
        }
    }

    private static List<String> without(List<String> items, List<String> others) {
        List<String> left = new ArrayList<>(items);
        others.forEach(left::remove);
        return left;
    }
}
