package io.varve.benchmarks.detect;

import io.varve.benchmarks.detect.LabelledSeries.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Numenta Anomaly Benchmark's scoring (A. Lavin and S. Ahmad, "Evaluating Real-time Anomaly Detection Algorithms –
 * the Numenta Anomaly Benchmark", ICMLA 2015, section II; details as version 1.1 of the benchmark has them).
 *
 * <p>The first 15 % of a series, at most 750 rows, is probation and doesn't count. Of the detections in a window the
 * best counts, which is the first: σ(y) = 2/(1 + e<sup>5y</sup>) − 1, of which y goes from −1 at the window's first
 * row to almost 0 at its last one, divided by σ(−1). A window without a detection costs a false negative. Each
 * detection outside costs a false positive times −σ(y), of which y is the distance from the end of the window before
 * it in widths of that window; beyond three of them, and before any window, it costs a whole one. The sum over all
 * series is scaled so that no detection at all is 0 and one in the first row of each window, and none elsewhere, is
 * 100.
 */
final class NabScoring {

    /**
     * What mistakes cost, in detections at the first row of a window.
     *
     * @param name of the profile
     * @param falsePositive cost of a detection far from all windows
     * @param falseNegative cost of a window without a detection
     */
    record Profile(String name, double falsePositive, double falseNegative) {
        static final Profile STANDARD = new Profile("standard", 0.11, 1);
        static final Profile LOW_FALSE_POSITIVES = new Profile("low FP", 0.22, 1);
        static final Profile LOW_FALSE_NEGATIVES = new Profile("low FN", 0.11, 2);
        static final List<Profile> ALL = List.of(STANDARD, LOW_FALSE_POSITIVES, LOW_FALSE_NEGATIVES);
    }

    /**
     * A threshold and the score that detections at or above it have.
     *
     * @param threshold an infinity if no detection is best
     * @param score at most 100
     */
    record Best(double threshold, double score) {}

    private static final double PROBATION = 0.15;
    private static final int MOST_PROBATION = 750;
    private static final double FAR = 3;

    /**
     * A series with what a detector says of it.
     *
     * @param series the labelled series
     * @param scores of its rows, NaN for those that have none
     */
    @SuppressWarnings("ArrayRecordComponent") // a column, read by this room alone
    record Scored(LabelledSeries series, double[] scores) {}

    /** A row that counts, of all series together. */
    private record Row(double score, double reward, int window) {}

    private NabScoring() {}

    /** Rows at the beginning that don't count. */
    static int probation(int rows) {
        return (int) Math.min(Math.floor(PROBATION * rows), MOST_PROBATION);
    }

    /** Scores detections at or above a threshold. */
    static double score(List<Scored> all, double threshold, Profile profile) {
        List<Row> rows = new ArrayList<>();
        double[] best = prepare(all, profile, rows);
        double sum = 0;
        for (Row row : rows) {
            if (row.score() >= threshold) {
                sum += gain(row, best);
            }
        }
        return scaled(sum, best.length, profile);
    }

    /** Finds the threshold of the highest score. */
    static Best best(List<Scored> all, Profile profile) {
        List<Row> rows = new ArrayList<>();
        double[] best = prepare(all, profile, rows);
        rows.sort((a, b) -> Double.compare(b.score(), a.score()));
        double sum = 0;
        double most = 0;
        double threshold = Double.POSITIVE_INFINITY;
        for (int i = 0; i < rows.size(); i++) {
            double score = rows.get(i).score();
            sum += gain(rows.get(i), best);
            boolean isLast = i + 1 == rows.size() || rows.get(i + 1).score() != score;
            if (isLast && sum > most) {
                most = sum;
                threshold = score;
            }
        }
        return new Best(threshold, scaled(most, best.length, profile));
    }

    /** Detections outside of windows that count. */
    static int falseAlerts(Scored scored, double threshold) {
        LabelledSeries series = scored.series();
        int count = 0;
        for (int i = probation(series.rows()); i < series.rows(); i++) {
            int row = i;
            boolean isOutside = series.windows().stream().noneMatch(w -> w.first() <= row && row <= w.last());
            count += isOutside && scored.scores()[i] >= threshold ? 1 : 0;
        }
        return count;
    }

    /** Windows in which something was detected after the probation. */
    static int found(Scored scored, double threshold) {
        int count = 0;
        for (Window window : scored.series().windows()) {
            boolean isFound = false;
            for (int i = Math.max(window.first(), probation(scored.series().rows())); i <= window.last(); i++) {
                isFound |= scored.scores()[i] >= threshold;
            }
            count += isFound ? 1 : 0;
        }
        return count;
    }

    /** Windows that count. */
    static int windows(LabelledSeries series) {
        return (int) series.windows().stream()
                .filter(w -> w.last() >= probation(series.rows()))
                .count();
    }

    /** What a row adds that is a detection; of a window the best counts. */
    private static double gain(Row row, double[] best) {
        if (row.window() < 0) {
            return row.reward();
        }
        double gain = Math.max(0, row.reward() - best[row.window()]);
        best[row.window()] += gain;
        return gain;
    }

    /** Fills the rows that count; what windows count so far, each, is a false negative. */
    private static double[] prepare(List<Scored> all, Profile profile, List<Row> rows) {
        int windows = 0;
        for (Scored scored : all) {
            windows = rows(scored, profile, windows, rows);
        }
        double[] best = new double[windows];
        Arrays.fill(best, -profile.falseNegative());
        return best;
    }

    private static int rows(Scored scored, Profile profile, int windowsBefore, List<Row> rows) {
        LabelledSeries series = scored.series();
        int probation = probation(series.rows());
        int known = windowsBefore;
        Window before = null;
        int next = 0;
        for (int i = 0; i < series.rows(); i++) {
            while (next < series.windows().size() && series.windows().get(next).last() < i) {
                before = series.windows().get(next);
                known += before.last() >= probation ? 1 : 0;
                next++;
            }
            boolean isInside =
                    next < series.windows().size() && series.windows().get(next).first() <= i;
            double reward =
                    isInside ? inside(series.windows().get(next), i) : profile.falsePositive() * outside(before, i);
            if (i >= probation && !Double.isNaN(scored.scores()[i])) {
                rows.add(new Row(scored.scores()[i], reward, isInside ? known : -1));
            }
        }
        return windowsBefore + windows(series);
    }

    private static double inside(Window window, int row) {
        return sigmoid(-(window.last() - row + 1.0) / window.rows()) / sigmoid(-1);
    }

    private static double outside(@Nullable Window before, int row) {
        double widths = before == null ? FAR : (row - before.last()) / Math.max(1.0, before.rows() - 1.0);
        return widths >= FAR ? -1 : sigmoid(widths);
    }

    private static double sigmoid(double y) {
        return 2 / (1 + Math.exp(5 * y)) - 1;
    }

    /** A sum of gains over the false negatives of all windows, from 0 for no gain to 100. */
    private static double scaled(double gains, int windows, Profile profile) {
        return windows == 0 ? Double.NaN : 100 * gains / (windows * (1 + profile.falseNegative()));
    }
}
