package io.varve.benchmarks.codec;

import io.varve.benchmarks.codec.PageMeasure.LostBitsException;
import io.varve.benchmarks.codec.PageMeasure.Result;
import io.varve.benchmarks.codec.PageMeasure.Timing;
import io.varve.benchmarks.codec.series.SeriesFile;
import io.varve.benchmarks.codec.series.TimePattern;
import io.varve.benchmarks.load.ModelTable;
import io.varve.codec.PageCodec;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Prints what the codec makes of whole series, one a line: name, bits a sample, how most pages are encoded, million
 * samples encoded and decoded a second, bytes of the pages. Then the geometric mean of the bits and the harmonic means
 * of the speeds. {@code benchmarks/codec --help} names the options. Ends with 1 if anything decoded differs from the
 * original in a bit or the codec fails, with 2 for wrong options or files that cannot be read.
 */
public final class CodecTable {

    private static final int PATTERN_TIMES = 81_920;

    private final TableOptions options;
    private final Timing timing;
    private final PrintStream out;
    private final PrintStream err;

    private CodecTable(TableOptions options, Timing timing, PrintStream out, PrintStream err) {
        this.options = options;
        this.timing = timing;
        this.out = out;
        this.err = err;
    }

    /** See the class. */
    public static void main(String[] args) {
        System.exit(run(Timing.USUAL, System.out, System.err, args));
    }

    /** Prints the table; returns the exit code. */
    static int run(Timing timing, PrintStream out, PrintStream err, String... args) {
        if (args.length > 0 && args[0].equals("--groups")) {
            ModelTable.print(out);
            return 0;
        }
        CodecTable table;
        List<PageMeasure> measures;
        try {
            table = new CodecTable(TableOptions.parse(args), timing, out, err);
            measures = table.measures();
        } catch (IllegalArgumentException | IOException e) {
            err.println(e.getMessage());
            return 2;
        }
        return table.print(measures);
    }

    private List<PageMeasure> measures() throws IOException {
        PageCodec codec = CodecUnderTest.codec(options.effort());
        List<PageMeasure> measures = new ArrayList<>();
        Path data = options.data();
        if (data == null) {
            for (TimePattern pattern : TimePattern.values()) {
                add(measures, pattern.label(), PagedColumn.ofTimes(codec, pattern.times(PATTERN_TIMES)));
            }
            return measures;
        }
        for (Path file : SeriesFile.list(data)) {
            if (!options.excludes(file)) {
                SeriesFile series = read(file);
                add(
                        measures,
                        series.name(),
                        options.times()
                                ? PagedColumn.ofTimes(codec, series.times())
                                : PagedColumn.ofValues(codec, series.values()));
            }
        }
        if (measures.isEmpty()) {
            throw new IllegalArgumentException(
                    "no series with " + (options.times() ? "times" : "values") + ": " + data);
        }
        return measures;
    }

    private SeriesFile read(Path file) throws IOException {
        try {
            SeriesFile series = SeriesFile.read(file);
            if (series.skipped() > 1) {
                err.println("lines that are no sample: file=" + file + ", lines=" + series.skipped());
            }
            return series;
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + e, e);
        }
    }

    private void add(List<PageMeasure> measures, String name, PagedColumn column) {
        if (column.count() > 0) {
            measures.add(new PageMeasure(name, column, options.page()));
        } else {
            err.println("left out, has no " + (options.times() ? "times: " : "values: ") + name);
        }
    }

    private int print(List<PageMeasure> measures) {
        int width = measures.stream().mapToInt(m -> m.name().length()).max().orElse(0);
        String unit = options.times() ? "bits/time " : "bits/value";
        List<Result> results = new ArrayList<>();
        String current = "";
        try {
            for (PageMeasure measure : measures) {
                current = measure.name();
                measure.warmUp(timing);
            }
            for (PageMeasure measure : measures) {
                current = measure.name();
                Result result = measure.run(timing);
                results.add(result);
                line(width, unit, result);
            }
        } catch (LostBitsException e) {
            err.println(e.getMessage());
            return 1;
        } catch (RuntimeException e) {
            err.println("not lossless: series=" + current + ", the codec failed:");
            e.printStackTrace(err);
            return 1;
        }
        summary(width, unit, results);
        return 0;
    }

    private void line(int width, String unit, Result result) {
        out.printf(
                Locale.ROOT,
                "%-" + width
                        + "s %8.3f %s  %-28s  encode %8.1f M/s  decode %8.1f M/s  %8d bytes  + %4d of statistics%n",
                result.name(),
                result.bits(),
                unit,
                result.description().isEmpty() ? "-" : result.description(),
                result.encodeSpeed(),
                result.decodeSpeed(),
                result.bytes(),
                result.statisticsBytes());
    }

    private void summary(int width, String unit, List<Result> results) {
        double logarithms =
                results.stream().mapToDouble(r -> Math.log(r.bits())).sum();
        out.printf(
                Locale.ROOT,
                "%-" + width + "s %8.3f %s  of %d series%n",
                "geometric mean",
                Math.exp(logarithms / results.size()),
                unit,
                results.size());
        out.printf(Locale.ROOT, "harmonic mean of decode speeds %8.1f M/s%n", harmonic(results, Result::decodeSpeed));
        out.printf(Locale.ROOT, "harmonic mean of encode speeds %8.1f M/s%n", harmonic(results, Result::encodeSpeed));
    }

    private static double harmonic(List<Result> results, ToDoubleFunction<Result> speed) {
        return results.size()
                / results.stream().mapToDouble(r -> 1 / speed.applyAsDouble(r)).sum();
    }
}
