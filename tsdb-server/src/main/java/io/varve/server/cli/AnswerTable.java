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
        if (!(tree(json) instanceof Map<?, ?> answer)) {
            throw new IOException("the answer is not Prometheus' API");
        }
        if (!"success".equals(answer.get("status"))) {
            err.println("varve: " + answer.get("errorType") + ": " + answer.get("error"));
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

    private void vector(List<?> result) {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (Object element : result) {
            if (element instanceof Map<?, ?> sample && sample.get("value") instanceof List<?> value) {
                names.add(name(sample.get("metric")));
                values.add(String.valueOf(value.get(1)));
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
            if (element instanceof Map<?, ?> series && series.get("values") instanceof List<?> values) {
                out.println(name(series.get("metric")));
                for (Object value : values) {
                    if (value instanceof List<?> sample) {
                        out.println("  " + time(String.valueOf(sample.get(0))) + "  " + sample.get(1));
                    }
                }
            }
        }
        out.println(result.isEmpty() ? "no series" : result.size() == 1 ? "1 series" : result.size() + " series");
    }

    private static String time(String seconds) {
        BigDecimal exact = new BigDecimal(seconds);
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

    private void notes(String what, @Nullable Object notes) {
        if (notes instanceof List<?> all) {
            all.forEach(note -> err.println(what + ": " + note));
        }
    }

    private static @Nullable Object tree(byte[] json) throws IOException {
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
