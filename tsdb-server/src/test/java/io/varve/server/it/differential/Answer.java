package io.varve.server.it.differential;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a server answered.
 *
 * @param errorType empty if it is no error
 * @param text the error's message, or the value of a string
 */
record Answer(String errorType, String text, String resultType, List<Series> series) {

    /** One series of it; a scalar is one without labels. Times are in milliseconds. */
    static final class Series {

        private final Map<String, String> labels;
        private final long[] times;
        private final double[] values;

        Series(Map<String, String> labels, long[] times, double[] values) {
            this.labels = labels;
            this.times = times;
            this.values = values;
        }

        Map<String, String> labels() {
            return labels;
        }

        long[] times() {
            return times;
        }

        double[] values() {
            return values;
        }

        double last() {
            return values[values.length - 1];
        }

        String describe() {
            StringBuilder text = new StringBuilder(labels.toString());
            for (int i = 0; i < times.length && i < 40; i++) {
                text.append(' ').append(Question.seconds(times[i])).append('=').append(values[i]);
            }
            return text.toString();
        }
    }

    boolean failed() {
        return !errorType.isEmpty();
    }

    static Answer of(JsonNode body) {
        if (!body.path("status").asText().equals("success")) {
            String type = body.path("errorType").asText("none");
            return new Answer(type, body.path("error").asText(), "", List.of());
        }
        JsonNode result = body.path("data").path("result");
        String resultType = body.path("data").path("resultType").asText();
        List<Series> series = new ArrayList<>();
        switch (resultType) {
            case "string" -> {
                return new Answer("", result.get(1).asText(), resultType, series);
            }
            case "scalar" -> series.add(series(Map.of(), List.of(result)));
            default -> {
                for (JsonNode row : result) {
                    series.add(row(row));
                }
            }
        }
        return new Answer("", "", resultType, series);
    }

    private static Series row(JsonNode row) {
        Map<String, String> labels = new TreeMap<>();
        row.path("metric")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        List<JsonNode> points = new ArrayList<>();
        if (row.has("value")) {
            points.add(row.path("value"));
        }
        row.path("values").forEach(points::add);
        return series(labels, points);
    }

    private static Series series(Map<String, String> labels, List<JsonNode> points) {
        long[] times = new long[points.size()];
        double[] values = new double[points.size()];
        for (int i = 0; i < times.length; i++) {
            times[i] = points.get(i).get(0).decimalValue().movePointRight(3).longValueExact();
            values[i] = number(points.get(i).get(1).asText());
        }
        return new Series(labels, times, values);
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    String describe() {
        if (failed()) {
            return errorType + ": " + text;
        }
        StringBuilder lines = new StringBuilder(resultType + " " + text + series.size() + " series");
        series.stream().limit(12).forEach(one -> lines.append("\n      ").append(one.describe()));
        return lines.toString();
    }
}
