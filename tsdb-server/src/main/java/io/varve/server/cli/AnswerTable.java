package io.varve.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Prints an answer of the API for people: one line a sample, columns aligned. */
final class AnswerTable {

    private final PrintStream out;
    private final PrintStream err;

    AnswerTable(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Prints an answer.
     *
     * @return exit code
     * @throws IOException if it is no answer of the API
     */
    int print(byte[] json) throws IOException {
        Map<?, ?> answer = successful(json);
        if (answer == null) {
            return 1;
        }
        if (!(answer.get("data") instanceof Map<?, ?> data) || !(data.get("result") instanceof List<?> result)) {
            throw new IOException("the answer is not Prometheus' API");
        }
        switch (String.valueOf(data.get("resultType"))) {
            case "vector" -> vector(result);
            case "matrix" -> matrix(result);
            default -> out.println(result.get(1));
        }
        notes("warning", answer.get("warnings"));
        notes("info", answer.get("infos"));
        return 0;
    }

    /**
     * An answer that is no error; null if it is one, which was told then.
     *
     * @throws IOException if it is no answer of the API
     */
    @Nullable
    Map<?, ?> successful(byte[] json) throws IOException {
        if (!(tree(json) instanceof Map<?, ?> answer)) {
            throw new IOException("the answer is not Prometheus' API");
        }
        if (!"success".equals(answer.get("status"))) {
            err.println("varve: " + answer.get("errorType") + ": " + answer.get("error"));
            return null;
        }
        return answer;
    }

    private void vector(List<?> result) {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (Object element : result) {
            if (element instanceof Map<?, ?> sample) {
                Object value = sample.containsKey("value") ? sample.get("value") : sample.get("histogram");
                if (value instanceof List<?> timed) {
                    names.add(name(sample.get("metric")));
                    values.add(value(timed.get(1)));
                }
            }
        }
        int width = names.stream().mapToInt(String::length).max().orElse(0);
        for (int i = 0; i < names.size(); i++) {
            out.println(names.get(i) + " ".repeat(width - names.get(i).length() + 2) + values.get(i));
        }
        out.println(names.isEmpty() ? "no series" : names.size() == 1 ? "1 series" : names.size() + " series");
    }

    private void matrix(List<?> result) {
        for (Object element : result) {
            if (element instanceof Map<?, ?> series) {
                out.println(name(series.get("metric")));
                samples(series).forEach((seconds, value) -> out.println("  " + time(seconds) + "  " + value(value)));
            }
        }
        out.println(result.isEmpty() ? "no series" : result.size() == 1 ? "1 series" : result.size() + " series");
    }

    /** Floats and histograms of a series in order of time. */
    private static Map<BigDecimal, @Nullable Object> samples(Map<?, ?> series) {
        Map<BigDecimal, @Nullable Object> samples = new TreeMap<>();
        for (String kind : List.of("values", "histograms")) {
            if (series.get(kind) instanceof List<?> values) {
                for (Object value : values) {
                    if (value instanceof List<?> sample) {
                        samples.put(new BigDecimal(String.valueOf(sample.get(0))), sample.get(1));
                    }
                }
            }
        }
        return samples;
    }

    /** A float as it is, a histogram as {@code count 4, sum 6, (1, 2]: 4}. */
    private static String value(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> histogram)) {
            return String.valueOf(value);
        }
        StringBuilder text = new StringBuilder();
        text.append("count ").append(histogram.get("count")).append(", sum ").append(histogram.get("sum"));
        if (histogram.get("buckets") instanceof List<?> buckets) {
            for (Object element : buckets) {
                if (element instanceof List<?> bucket) {
                    String rule = String.valueOf(bucket.get(0));
                    text.append(rule.equals("1") || rule.equals("3") ? ", [" : ", (");
                    text.append(bucket.get(1)).append(", ").append(bucket.get(2));
                    text.append(rule.equals("0") || rule.equals("3") ? "]: " : "): ")
                            .append(bucket.get(3));
                }
            }
        }
        return text.toString();
    }

    static String time(BigDecimal exact) {
        long nanos = exact.movePointRight(9).longValue();
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L))
                .toString();
    }

    private static String name(@Nullable Object metric) {
        if (!(metric instanceof Map<?, ?> labels)) {
            return "{}";
        }
        StringBuilder text = new StringBuilder();
        labels.forEach((name, value) -> {
            if (!"__name__".equals(name)) {
                text.append(text.isEmpty() ? "" : ", ")
                        .append(name)
                        .append("=\"")
                        .append(value)
                        .append('"');
            }
        });
        Object name = labels.get("__name__");
        if (name == null) {
            return "{" + text + "}";
        }
        return text.isEmpty() ? name.toString() : name + "{" + text + "}";
    }

    void notes(String what, @Nullable Object notes) {
        if (notes instanceof List<?> all) {
            all.forEach(note -> err.println(what + ": " + note));
        }
    }

    static @Nullable Object tree(byte[] json) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            parser.nextToken();
            return node(parser);
        }
    }

    /** The parser bounds depth and length by itself. */
    private static @Nullable Object node(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                object.put(name, node(parser));
            }
            return object;
        }
        if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> array = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY && parser.currentToken() != null) {
                array.add(node(parser));
            }
            return array;
        }
        return token == null || token == JsonToken.VALUE_NULL ? null : parser.getText();
    }
}
