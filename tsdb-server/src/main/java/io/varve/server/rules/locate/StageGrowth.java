package io.varve.server.rules.locate;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.query.QueryEngine;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import io.varve.query.histogram.Flaw;
import io.varve.query.histogram.HistogramEstimates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How much longer the steps of a pipeline take than they did. Of each step the median, P90, P99 and maximum of the last
 * window are compared with those of the windows before the alert: with their median, and with how far from it they are
 * as a rule (median of the distances, times 1.4826: the standard deviation, if they are normal). What is over four
 * times that counts, in seconds; the four are added up. So a step that is noisy does not hide one that is not. Windows
 * with an alert of the pipeline are no past to compare with, so that faults one after another do not become usual.
 */
final class StageGrowth {

    private static final double[] QUANTILES = {0.5, 0.9, 0.99, 1};
    private static final double FAR = 4 * 1.4826;

    /** What is no more than this share of a value is the width of a histogram's buckets. */
    private static final double BUCKET = 0.05;

    private static final int PAST = 30;
    private static final int LEAST_PAST = 3;

    /** Windows without an alert that are compared with alone. */
    private static final int ENOUGH_QUIET = 8;

    /** How often between two windows it is looked whether there was an alert. */
    private static final int LOOKS = 10;

    private static final int MOST_SERIES = 64;

    private final QueryEngine engine;
    private final BooleanSupplier over;
    private final HistogramEstimates estimates = new HistogramEstimates(EnumSet.noneOf(Flaw.class));

    /** @param over whether there is no time left */
    StageGrowth(QueryEngine engine, BooleanSupplier over) {
        this.engine = engine;
        this.over = over;
    }

    /**
     * A step.
     *
     * @param series its labels
     * @param seconds how much longer it takes than it ever does
     * @param unusual the largest part that a quantile has gone of the way to that; above 1 where seconds are above 0
     */
    record Step(Labels series, double seconds, double unusual) {

        String from() {
            return series.get(Scope.FROM);
        }

        String text() {
            return from() + " → " + series.get(Scope.TO);
        }
    }

    /**
     * The steps of a scope; the whole way is none, unless there is nothing else.
     *
     * @param since since when something is wrong, ticks
     * @param now ticks
     * @param apart from one window of the past to the next, ticks
     * @param window length of the windows
     */
    List<Step> steps(Scope scope, long since, long now, long apart, String window) {
        String rates = "rate(" + scope.selector() + "[" + window + "])";
        Map<Labels, Histogram> last = new HashMap<>();
        if (engine.query(QueryRequest.instant(rates, now), over).value() instanceof QueryResult.Vector vector) {
            for (QueryResult.Sample sample : vector.samples()) {
                Histogram histogram = sample.histogram();
                if (histogram != null && last.size() < MOST_SERIES) {
                    last.put(sample.labels(), histogram);
                }
            }
        }
        last.keySet().retainAll(withoutWholeWays(last.keySet()));
        if (last.isEmpty()) {
            return List.of();
        }
        Map<Labels, List<Histogram>> before = before(scope, rates, since, apart);
        List<Step> steps = new ArrayList<>();
        last.forEach((labels, histogram) -> steps.add(step(labels, histogram, before.getOrDefault(labels, List.of()))));
        return steps;
    }

    /** Windows of the past by step: those in which nothing was wrong, if they are enough. */
    private Map<Labels, List<Histogram>> before(Scope scope, String rates, long since, long apart) {
        Map<Labels, List<Histogram>> before = new HashMap<>();
        long first = since - PAST * apart;
        QueryRequest past = QueryRequest.range(rates, first, since - apart, apart);
        if (engine.query(past, over).value() instanceof QueryResult.Matrix matrix) {
            BitSet disturbed = disturbed(scope, first, apart);
            for (QueryResult.Series series : matrix.series()) {
                before.put(series.labels(), quiet(series, disturbed, first, apart));
            }
        }
        return before;
    }

    private static List<Histogram> quiet(QueryResult.Series series, BitSet disturbed, long first, long apart) {
        List<Histogram> all = new ArrayList<>();
        List<Histogram> quiet = new ArrayList<>();
        @Nullable Histogram @Nullable [] histograms = series.histograms();
        long[] times = series.times();
        for (int i = 0; histograms != null && i < histograms.length; i++) {
            Histogram histogram = histograms[i];
            if (histogram != null) {
                all.add(histogram);
                if (!disturbed.get((int) ((times[i] - first) / apart))) {
                    quiet.add(histogram);
                }
            }
        }
        return quiet.size() < ENOUGH_QUIET ? all : quiet;
    }

    /**
     * Which windows of the past an alert of the pipeline met: it waited or fired in them, in the time between them and
     * the one before, or until the next, since an alert comes behind its cause.
     */
    private BitSet disturbed(Scope scope, long first, long apart) {
        BitSet disturbed = new BitSet();
        long step = apart / LOOKS;
        QueryRequest alerts = QueryRequest.range(
                "count(" + scope.alerts() + ")", first - apart + step, first + PAST * apart - step, step);
        if (engine.query(alerts, over).value() instanceof QueryResult.Matrix matrix) {
            for (QueryResult.Series series : matrix.series()) {
                for (long time : series.times()) {
                    int before = (int) Math.floorDiv(time - first, apart);
                    disturbed.set(Math.max(0, before), before + 2);
                }
            }
        }
        return disturbed;
    }

    /** The series without those that begin where nothing ends and end where nothing begins. */
    private static Collection<Labels> withoutWholeWays(Set<Labels> all) {
        Set<Labels> begins = new HashSet<>();
        Set<Labels> ends = new HashSet<>();
        for (Labels labels : all) {
            begins.add(place(labels, Scope.FROM));
            ends.add(place(labels, Scope.TO));
        }
        List<Labels> steps = new ArrayList<>();
        for (Labels labels : all) {
            if (ends.contains(place(labels, Scope.FROM)) || begins.contains(place(labels, Scope.TO))) {
                steps.add(labels);
            }
        }
        return steps.isEmpty() ? List.copyOf(all) : steps;
    }

    /** The stage at one end of a step, whichever node it is on. */
    private static Labels place(Labels labels, String end) {
        return Labels.of(Scope.PIPELINE, labels.get(Scope.PIPELINE), Scope.STAGE, labels.get(end));
    }

    private Step step(Labels series, Histogram last, List<Histogram> before) {
        double seconds = 0;
        double unusual = 0;
        for (double quantile : QUANTILES) {
            double now = estimates.quantile(quantile, last);
            double[] then = before.stream()
                    .mapToDouble(histogram -> estimates.quantile(quantile, histogram))
                    .filter(value -> !Double.isNaN(value))
                    .toArray();
            double usual = then.length < LEAST_PAST ? 0 : median(then);
            double[] distances =
                    Arrays.stream(then).map(value -> Math.abs(value - usual)).toArray();
            double far = then.length < LEAST_PAST ? 0 : Math.max(FAR * median(distances), BUCKET * usual);
            if (now - usual > far) {
                seconds += now - usual - far;
            }
            if (now > usual) {
                unusual = Math.max(unusual, (now - usual) / far);
            }
        }
        return new Step(series, seconds, unusual);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
