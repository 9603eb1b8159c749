package io.varve.benchmarks.detect;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A series with the windows in which its anomalies lie.
 *
 * @param name of the series, as its labels have it
 * @param times milliseconds since the epoch, in order
 * @param values as many
 * @param windows in order of time, of which none overlaps another
 */
@SuppressWarnings("ArrayRecordComponent") // columns, read by this room alone
record LabelledSeries(String name, long[] times, double[] values, List<Window> windows) {

    private static final int MOST_ROWS = 10_000_000;

    /**
     * Rows of an anomaly's window.
     *
     * @param first index of its first row
     * @param last index of its last row, included
     */
    record Window(int first, int last) {
        int rows() {
            return last - first + 1;
        }
    }

    /**
     * A span of time that a label names.
     *
     * @param fromMs first millisecond
     * @param toMs last millisecond, included
     */
    record Span(long fromMs, long toMs) {}

    /** A series of which each span that holds rows is a window. */
    static LabelledSeries of(String name, long[] times, double[] values, List<Span> spans) {
        List<Window> windows = new ArrayList<>();
        for (Span span : spans) {
            int first = 0;
            while (first < times.length && times[first] < span.fromMs()) {
                first++;
            }
            int last = first - 1;
            while (last + 1 < times.length && times[last + 1] <= span.toMs()) {
                last++;
            }
            if (last >= first) {
                windows.add(new Window(first, last));
            }
        }
        return new LabelledSeries(name, times, values, List.copyOf(windows));
    }

    /**
     * Reads a file of lines {@code milliseconds,value} below a header; compressed by gzip if its name ends on .gz.
     *
     * @throws IOException if it can't be read, or a line is none of these
     */
    static LabelledSeries read(Path file, String name, List<Span> spans) throws IOException {
        List<Double> values = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        try (InputStream bytes = Files.newInputStream(file);
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
                BufferedReader lines = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            String line = lines.readLine(); // the header
            while ((line = lines.readLine()) != null && values.size() < MOST_ROWS) {
                int comma = line.indexOf(',');
                try {
                    times.add(Long.parseLong(line.substring(0, Math.max(0, comma))));
                    values.add(Double.parseDouble(line.substring(comma + 1)));
                } catch (NumberFormatException e) {
                    throw new IOException("not a line of milliseconds,value: " + file + ":" + (values.size() + 2), e);
                }
            }
        }
        return of(
                name,
                times.stream().mapToLong(Long::longValue).toArray(),
                values.stream().mapToDouble(Double::doubleValue).toArray(),
                spans);
    }

    int rows() {
        return times.length;
    }

    double days() {
        return times.length == 0 ? 0 : (times[times.length - 1] - times[0]) / 86_400_000.0;
    }
}
