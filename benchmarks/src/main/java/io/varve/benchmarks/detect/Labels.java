package io.varve.benchmarks.detect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.varve.benchmarks.detect.LabelledSeries.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads a directory of labelled series: nab_*.csv.gz or nab_*.csv, and nab_windows.json, which tells their windows. */
final class Labels {

    static final String FILE = "nab_windows.json";

    private Labels() {}

    /**
     * Reads all series of a directory, in order of their names. One that has no entry among the labels has no window.
     *
     * @throws IOException if a file can't be read or understood, or there is no series
     */
    static List<LabelledSeries> read(Path directory) throws IOException {
        Map<String, List<Span>> labels = spans(directory.resolve(FILE));
        Map<String, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(directory)) {
            all.forEach(file -> {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith("nab_") && (name.endsWith(".csv") || name.endsWith(".csv.gz"))) {
                    files.put(name.substring(0, name.indexOf(".csv")), file);
                }
            });
        }
        if (files.isEmpty()) {
            throw new IOException("no series: " + directory + " has no file nab_*.csv.gz or nab_*.csv");
        }
        List<LabelledSeries> series = new ArrayList<>();
        for (Map.Entry<String, Path> file : files.entrySet()) {
            series.add(
                    LabelledSeries.read(file.getValue(), file.getKey(), labels.getOrDefault(file.getKey(), List.of())));
        }
        return series;
    }

    /** Reads {@code {"name": [["2014-02-26 13:45:00.000000", "2014-02-27 06:25:00.000000"], …], …}}, times in UTC. */
    static Map<String, List<Span>> spans(Path file) throws IOException {
        Map<String, List<Span>> labels = new TreeMap<>();
        try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
            expect(json, JsonToken.START_OBJECT, file);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                List<Span> spans = new ArrayList<>();
                expect(json, JsonToken.START_ARRAY, file);
                while (json.nextToken() == JsonToken.START_ARRAY) {
                    spans.add(new Span(time(json, file), time(json, file)));
                    expect(json, JsonToken.END_ARRAY, file);
                }
                labels.put(name, List.copyOf(spans));
            }
        }
        return labels;
    }

    private static long time(JsonParser json, Path file) throws IOException {
        expect(json, JsonToken.VALUE_STRING, file);
        String text = json.getText();
        try {
            return LocalDateTime.parse(text.replace(' ', 'T'))
                    .toInstant(ZoneOffset.UTC)
                    .toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new IOException("not a time of a window: " + file + ": " + text, e);
        }
    }

    private static void expect(JsonParser json, JsonToken token, Path file) throws IOException {
        JsonToken found = json.nextToken();
        if (found != token) {
            throw new IOException("not the labels of windows: " + file + " has " + found + " where " + token
                    + " belongs, line " + json.currentLocation().getLineNr());
        }
    }
}
