package io.varve.benchmarks.detect;

import io.varve.benchmarks.detect.NabScoring.Best;
import io.varve.benchmarks.detect.NabScoring.Profile;
import io.varve.benchmarks.detect.NabScoring.Scored;
import io.varve.query.detect.ChangeDetector;
import io.varve.query.detect.Detector;
import io.varve.query.detect.ForestDetector;
import io.varve.query.detect.RobustBandDetector;
import io.varve.query.detect.SeasonalDetector;
import io.varve.query.detect.consensus.ConsensusDetector;
import io.varve.query.detect.consensus.OnsetDetector;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Scores the detectors on a directory of labelled series ({@link Labels}) as the Numenta Anomaly Benchmark does
 * ({@link NabScoring}): the shipped consensus with its shipped threshold, with the threshold that is best for all
 * series together, and, for each series, with the threshold that is best for all others; and the other detectors with
 * the best threshold. Each series has a new detector; none has a setting of its own.
 */
public final class NabBenchmark {

    private static final long DAY_MS = 86_400_000;
    private static final int BAND_SAMPLES = 3_000;
    private static final int WEEKS = 4;

    private NabBenchmark() {}

    /**
     * Runs it.
     *
     * @param args the directory
     * @throws IOException if the directory can't be read
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            System.err.println(
                    "which directory? It holds nab_*.csv.gz (timestamp,value in milliseconds) and " + Labels.FILE);
            System.exit(2);
        }
        print(Labels.read(Path.of(args[0])), System.out);
    }

    /** Prints all tables. */
    static void print(List<LabelledSeries> series, PrintStream out) {
        List<Scored> consensus = scored(series, OnsetDetector::ofConsensus);
        shipped(consensus, out);
        out.printf("%n%-46s %9s %9s %9s%n", "all series", "standard", "low FP", "low FN");
        line(out, "consensus, shipped threshold " + ConsensusDetector.ALERT, consensus, ConsensusDetector.ALERT);
        best(out, "consensus, best threshold for all", consensus);
        leftOut(out, "consensus, best threshold for the others", consensus);
        others().forEach((name, make) -> best(out, name + ", best threshold", scored(series, make)));
    }

    private static Map<String, Supplier<Detector>> others() {
        Map<String, Supplier<Detector>> others = new LinkedHashMap<>();
        others.put("forest", ForestDetector::new);
        others.put("bands of a day", () -> new RobustBandDetector(DAY_MS, BAND_SAMPLES));
        others.put("hours of the week", () -> new SeasonalDetector(WEEKS));
        others.put("changes of a day", () -> new ChangeDetector(DAY_MS));
        return others;
    }

    private static List<Scored> scored(List<LabelledSeries> all, Supplier<Detector> make) {
        List<Scored> scored = new ArrayList<>();
        for (LabelledSeries series : all) {
            Detector detector = make.get();
            double[] scores = new double[series.rows()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = Math.abs(detector.score(series.times()[i], series.values()[i]));
            }
            scored.add(new Scored(series, scores));
        }
        return scored;
    }

    private static void shipped(List<Scored> all, PrintStream out) {
        out.printf(
                "%-46s %6s %8s %6s %9s %9s %9s %9s%n",
                "series", "rows", "windows", "found", "false/day", "standard", "low FP", "low FN");
        int windows = 0;
        int found = 0;
        double falseAlerts = 0;
        double days = 0;
        for (Scored one : all) {
            LabelledSeries series = one.series();
            int wrong = NabScoring.falseAlerts(one, ConsensusDetector.ALERT);
            row(
                    out,
                    series.name(),
                    series.rows(),
                    NabScoring.windows(series),
                    NabScoring.found(one, ConsensusDetector.ALERT),
                    wrong / Math.max(series.days(), 1e-9),
                    List.of(one));
            windows += NabScoring.windows(series);
            found += NabScoring.found(one, ConsensusDetector.ALERT);
            falseAlerts += wrong;
            days += series.days();
        }
        int rows = all.stream().mapToInt(one -> one.series().rows()).sum();
        row(out, "all", rows, windows, found, falseAlerts / Math.max(days, 1e-9), all);
        out.printf(Locale.ROOT, "%.0f false alerts in %.0f days of series%n", falseAlerts, days);
    }

    private static void row(
            PrintStream out, String name, int rows, int windows, int found, double perDay, List<Scored> scored) {
        out.printf(Locale.ROOT, "%-46s %6d %8d %6d %9.3f", name, rows, windows, found, perDay);
        for (Profile profile : Profile.ALL) {
            out.printf(Locale.ROOT, " %9.1f", NabScoring.score(scored, ConsensusDetector.ALERT, profile));
        }
        out.println();
    }

    private static void line(PrintStream out, String name, List<Scored> scored, double threshold) {
        out.printf("%-46s", name);
        for (Profile profile : Profile.ALL) {
            out.printf(Locale.ROOT, " %9.1f", NabScoring.score(scored, threshold, profile));
        }
        out.println();
    }

    private static void best(PrintStream out, String name, List<Scored> scored) {
        out.printf("%-46s", name);
        for (Profile profile : Profile.ALL) {
            out.printf(Locale.ROOT, " %9.1f", NabScoring.best(scored, profile).score());
        }
        out.printf(
                Locale.ROOT,
                "   at %.3f%n",
                NabScoring.best(scored, Profile.STANDARD).threshold());
    }

    /** Each series with the threshold that is best for all others, weighted by windows. */
    private static void leftOut(PrintStream out, String name, List<Scored> all) {
        if (all.size() < 2) {
            return;
        }
        out.printf("%-46s", name);
        for (Profile profile : Profile.ALL) {
            double sum = 0;
            int windows = 0;
            for (Scored one : all) {
                int count = NabScoring.windows(one.series());
                if (count == 0) {
                    continue;
                }
                List<Scored> others = new ArrayList<>(all);
                others.remove(one);
                Best best = NabScoring.best(others, profile);
                sum += count * NabScoring.score(List.of(one), best.threshold(), profile);
                windows += count;
            }
            out.printf(Locale.ROOT, " %9.1f", sum / windows);
        }
        out.println();
    }
}
