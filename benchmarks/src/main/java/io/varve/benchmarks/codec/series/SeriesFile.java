package io.varve.benchmarks.codec.series;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * A series read from a CSV file, {@code timestamp,value} or {@code value} a line: the last column is the value, the
 * first of several the time. Lines whose value is no number, such as a header, are skipped and counted.
 */
public final class SeriesFile {

    private static final List<String> SUFFIXES = List.of(".csv.gz", ".csv");

    private final String name;
    private double[] values = new double[1_024];
    private long[] times = new long[1_024];
    private int count;
    private int skipped;
    private boolean timed = true;

    private SeriesFile(String name) {
        this.name = name;
    }

    /** The series' files of a folder, by name. */
    public static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> SUFFIXES.stream().anyMatch(fileName(file)::endsWith))
                    .sorted((a, b) -> fileName(a).compareTo(fileName(b)))
                    .toList();
        }
    }

    /** The name of a file without the suffix. */
    public static String name(Path file) {
        String name = fileName(file);
        for (String suffix : SUFFIXES) {
            if (name.endsWith(suffix)) {
                return name.substring(0, name.length() - suffix.length());
            }
        }
        return name;
    }

    /** Reads a file, unpacked if its name ends in {@code .gz}. */
    public static SeriesFile read(Path file) throws IOException {
        SeriesFile series = new SeriesFile(name(file));
        try (InputStream in = Files.newInputStream(file);
                InputStream plain = fileName(file).endsWith(".gz") ? new GZIPInputStream(in) : in;
                BufferedReader lines = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                series.add(line);
            }
        }
        return series;
    }

    /** The file's name without the suffix. */
    public String name() {
        return name;
    }

    /** A copy of the values. */
    public double[] values() {
        return Arrays.copyOf(values, count);
    }

    /** A copy of the times; empty unless each value has one. */
    public long[] times() {
        return timed ? Arrays.copyOf(times, count) : new long[0];
    }

    /** Lines that are neither blank nor a sample. A header is one. */
    public int skipped() {
        return skipped;
    }

    private void add(String line) {
        if (line.isBlank()) {
            return;
        }
        double value;
        try {
            value = Double.parseDouble(line.substring(line.lastIndexOf(',') + 1));
        } catch (NumberFormatException e) {
            skipped++;
            return;
        }
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
            times = Arrays.copyOf(times, 2 * count);
        }
        values[count] = value;
        timed = timed && readTime(line);
        count++;
    }

    private boolean readTime(String line) {
        int end = line.indexOf(',');
        if (end < 0) {
            return false;
        }
        try {
            times[count] = Long.parseLong(line.substring(0, end).strip());
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static String fileName(Path file) {
        return String.valueOf(file.getFileName());
    }
}
