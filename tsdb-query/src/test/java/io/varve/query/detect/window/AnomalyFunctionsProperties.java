package io.varve.query.detect.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.ResetHint;
import io.varve.core.model.Resolution;
import io.varve.core.model.TimeSource;
import io.varve.query.QueryEngine;
import io.varve.query.QueryLimits;
import io.varve.query.QueryOptions;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import io.varve.query.QueryWatch;
import io.varve.query.detect.HostileSeries;
import io.varve.query.script.FakeStore;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** What functions of anomalies say of a window depends on nothing but the window, and hostile series do no harm. */
class AnomalyFunctionsProperties {

    private static final List<String> FUNCTIONS = List.of(
            "anomaly_band_score(%s)",
            "anomaly_band_lower(3, %s)",
            "anomaly_band_upper(2.5, %s)",
            "anomaly_seasonal_score(%s)",
            "anomaly_seasonal_baseline(%s)",
            "anomaly_seasonal_lower(3, %s)",
            "anomaly_seasonal_upper(1 + time() %% 3, %s)",
            "anomaly_change_score(%s)",
            "anomaly_change_quantile_score(0.9, %s)",
            "anomaly_forest_score(%s)",
            "anomaly_consensus_score(%s)");

    private static final long BEGIN = 1_763_780_400_000L;

    /** Values of all series by time, as bits. */
    private static Map<Long, Map<Labels, Long>> answer(QueryEngine engine, QueryRequest request, long time) {
        QueryResult result = engine.query(request);
        Map<Long, Map<Labels, Long>> all = new TreeMap<>();
        if (result.value() instanceof QueryResult.Vector vector) {
            for (QueryResult.Sample sample : vector.samples()) {
                all.computeIfAbsent(time, t -> new TreeMap<>())
                        .put(sample.labels(), Double.doubleToLongBits(sample.value()));
            }
            return all;
        }
        for (QueryResult.Series series : ((QueryResult.Matrix) result.value()).series()) {
            for (int i = 0; i < series.times().length; i++) {
                all.computeIfAbsent(series.times()[i], t -> new TreeMap<>())
                        .put(series.labels(), Double.doubleToLongBits(series.values()[i]));
            }
        }
        return all;
    }

    private static Histogram histogram(Random random, double[] counts, boolean isGauge) {
        double all = 0;
        for (int i = 0; i < counts.length; i++) {
            counts[i] += random.nextInt(3);
            all += counts[i];
        }
        HistogramLayout layout = HistogramLayout.exponential(0, false, 0.001, new int[] {0, counts.length}, new int[0])
                .withFloats();
        ResetHint hint = isGauge ? ResetHint.GAUGE : ResetHint.UNKNOWN;
        return Histogram.floating(layout, hint, 0, all, all, counts.clone());
    }

    private static FakeStore store(Random random, int minutes) {
        FakeStore store = new FakeStore(Resolution.MILLIS, 1 + random.nextInt(40));
        long jitter = random.nextInt(2) * 20_000L;
        double[] counts = new double[6];
        for (int i = 0; i < minutes; i++) {
            long time = BEGIN + i * 60_000L + (jitter == 0 ? 0 : random.nextLong(jitter));
            if (random.nextInt(20) == 0) {
                continue;
            }
            double wave = Math.sin(i / 230.0) * 5;
            store.add(Labels.of("__name__", "m", "n", "a"), time, wave + random.nextGaussian());
            store.add(Labels.of("__name__", "m", "n", "b"), time, random.nextInt(30) == 0 ? Double.NaN : i % 17);
            if (random.nextInt(200) == 0) {
                counts = new double[6];
            }
            if (random.nextInt(60) == 0) {
                store.add(Labels.of("__name__", "m", "n", "c"), time, 4);
            } else {
                store.add(Labels.of("__name__", "m", "n", "c"), time, histogram(random, counts, i < minutes / 3));
            }
        }
        return store;
    }

    /** Instants also where detectors are kept from one to the next. */
    @Property(tries = 20, shrinking = ShrinkingMode.OFF)
    void rangesAnswerAsInstantsDo(@ForAll long seed) {
        Random random = new Random(seed);
        int minutes = 4_000;
        FakeStore store = store(random, minutes);
        QueryEngine engine = QueryEngine.over(store);
        QueryOptions remembering = QueryOptions.defaults()
                .detectors(DetectorMemory.ofBytes(2_000_000, TimeSource.system(), new Random(1)));
        QueryEngine instants = random.nextInt(4) == 0
                ? engine
                : QueryEngine.over(store, QueryLimits.defaults(), remembering, QueryWatch.NONE);
        for (String function : FUNCTIONS) {
            boolean isSeasonal = function.contains("seasonal");
            int window = isSeasonal ? 1_600 + random.nextInt(2_000) : 15 + random.nextInt(300);
            String expression = String.format(function, "m[" + window + "m" + random.nextInt(60) + "s]");
            long step = 1_000L * (1 + random.nextInt(40 * 60));
            long start = BEGIN + 1_000L * random.nextInt(minutes * 50);
            Map<Long, Map<Labels, Long>> found =
                    answer(engine, QueryRequest.range(expression, start, start + 12 * step, step), 0);
            for (int i = 0; i <= 12; i++) {
                long time = start + i * step;
                Map<Labels, Long> expected = answer(instants, QueryRequest.instant(expression, time), time)
                        .getOrDefault(time, Map.of());
                assertThat(found.getOrDefault(time, Map.of()))
                        .as(expression + " at " + time)
                        .isEqualTo(expected);
            }
        }
    }

    @Example
    void everyFunctionHasAnAnswerSomewhere() {
        QueryEngine engine = QueryEngine.over(store(new Random(4), 4_000));
        for (String function : FUNCTIONS) {
            String expression = String.format(function, function.contains("seasonal") ? "m[2d]" : "m[9h]");
            long end = BEGIN + 3_900 * 60_000L;
            assertThat(answer(engine, QueryRequest.range(expression, end - 600_000, end, 60_000), 0))
                    .as(expression)
                    .hasSizeGreaterThan(8);
        }
    }

    @Example
    void hostileSeriesDoNoHarm() {
        HostileSeries.all(700, 600_000).forEach((name, column) -> {
            FakeStore store = new FakeStore(Resolution.MILLIS, 9);
            for (int i = 0; i < column.times().length; i++) {
                store.add(Labels.of("__name__", "m", "x", name), column.times()[i], column.values()[i]);
            }
            QueryEngine engine = QueryEngine.over(store);
            for (String function : FUNCTIONS) {
                for (String window : List.of("1ms", "10m", "2h", "3d", "100y")) {
                    String expression = String.format(function, "m[" + window + "]");
                    long end = BEGIN + 690 * 600_000L;
                    QueryRequest request = QueryRequest.range(expression, end - 86_400_000, end, 3_000_000);
                    answer(engine, request, 0).values().forEach(values -> values.values()
                            .forEach(bits -> {
                                double value = Double.longBitsToDouble(bits);
                                assertThat(Double.isFinite(value))
                                        .as(expression + " of " + name + ": " + value)
                                        .isTrue();
                                if (function.contains("score")) {
                                    assertThat(Math.abs(value)).isLessThanOrEqualTo(1_000);
                                }
                            }));
                }
            }
        });
    }

    /** Histograms that do not go together, count nothing, or count what no number is. */
    private static Histogram hostile(int kind, int i) {
        HistogramLayout wide = HistogramLayout.exponential(0, false, 0.5, new int[] {0, 2}, new int[0])
                .withFloats();
        HistogramLayout fine = HistogramLayout.exponential(3, false, 0, new int[] {40, 2}, new int[0])
                .withFloats();
        double[] buckets = {1.0 + i, 2};
        return switch (kind) {
            case 0 -> Histogram.floating(i % 2 == 0 ? wide : fine, ResetHint.UNKNOWN, 0, 3 + i, i, buckets);
            case 1 -> Histogram.floating(wide, ResetHint.UNKNOWN, 0, 5 + i, Double.NaN, buckets);
            case 2 ->
                Histogram.floating(
                        wide, ResetHint.UNKNOWN, 0, 1e308, Double.POSITIVE_INFINITY, new double[] {1e308, 1});
            case 3 -> Histogram.floating(wide, ResetHint.NOT_RESET, 0, 0, 0, new double[2]);
            case 4 -> Histogram.floating(wide, ResetHint.RESET, 0, 3 + i, Double.NaN, buckets);
            case 5 -> Histogram.stale(false);
            default -> hostile(i * 7 % 6, i);
        };
    }

    @Example
    void hostileHistogramsDoNoHarm() {
        for (int kind = 0; kind < 7; kind++) {
            FakeStore store = new FakeStore(Resolution.MILLIS, 9);
            for (int i = 0; i < 300; i++) {
                store.add(Labels.of("__name__", "m"), BEGIN + i * 60_000L, hostile(kind, i));
            }
            QueryEngine engine = QueryEngine.over(store);
            for (String function : FUNCTIONS) {
                for (String window : List.of("1ms", "1m", "2h", "100y")) {
                    String expression = String.format(function, "m[" + window + "]");
                    QueryRequest request = QueryRequest.range(expression, BEGIN, BEGIN + 300 * 60_000L, 130_000);
                    answer(engine, request, 0).values().forEach(values -> values.values()
                            .forEach(bits -> assertThat(Math.abs(Double.longBitsToDouble(bits)))
                                    .as(expression)
                                    .isLessThanOrEqualTo(1_000)));
                }
            }
        }
    }
}
