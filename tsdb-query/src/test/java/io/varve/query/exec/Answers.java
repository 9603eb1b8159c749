package io.varve.query.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.query.QueryControl;
import io.varve.query.QueryEngine;
import io.varve.query.QueryException;
import io.varve.query.QueryMemory;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Questions to {@link SampleStores}, and answers as texts in which every bit of them shows. */
final class Answers {

    private static final List<String> VECTORS = List.of(
            "m_total",
            "-n_total",
            "h",
            "{host=~\"h1.*\"}",
            "rate(m_total[5m])",
            "rate(h[7m])",
            "increase({__name__=~\"m_total|n_total\",host!=\"h3\"}[10m])",
            "avg_over_time(n_total[6m])",
            "sum_over_time(h[30m])",
            "quantile_over_time(0.7, m_total[11m])",
            "predict_linear(m_total[9m], 60)",
            "max_over_time(rate(m_total[3m])[15m:1m])",
            "min_over_time(m_total[5m]) - max_over_time(m_total[5m])",
            "m_total / (m_total + on(host) n_total)",
            "m_total - on(zone) group_left() avg by (zone) (m_total)",
            "m_total @ 2000",
            "timestamp(m_total)",
            "abs(m_total) unless on(host) n_total > 40",
            "label_replace(m_total, \"x\", \"$1\", \"host\", \"h(.)\")",
            "sort(m_total)",
            "absent_over_time(m_total{host=\"h99\"}[5m])",
            "histogram_quantile(0.9, rate(h[10m]))",
            "last_over_time(m_total[1h] offset 3m)",
            "count_over_time({__name__=~\".+\"}[20m])",
            "anomaly_band_score(m_total[20m])",
            "anomaly_band_upper(3, n_total[10m])",
            "anomaly_change_score({__name__=~\"n_total|h\"}[40m])",
            "anomaly_change_quantile_score(0.9, h[40m])");

    private static final List<String> AGGREGATIONS = List.of(
            "%s",
            "sum(%s)",
            "sum by (zone) (%s)",
            "avg without (host) (%s)",
            "stddev by (__name__) (%s)",
            "topk(3, %s)",
            "quantile by (zone) (0.4, %s)",
            "count_values(\"v\", %s)",
            "(%1$s) == (%1$s)",
            "(%1$s) * 2 - (%1$s)",
            "sum(%1$s) + count(%1$s)",
            "(%1$s) or (%1$s) * 3",
            "max_over_time((%1$s)[10m:2m]) - min_over_time((%1$s)[10m:2m])");

    private Answers() {}

    static QueryRequest question(Random random) {
        String inner = VECTORS.get(random.nextInt(VECTORS.size()));
        String expression = String.format(AGGREGATIONS.get(random.nextInt(AGGREGATIONS.size())), inner);
        long start = (long) (random.nextDouble() * SampleStores.SPAN);
        return random.nextInt(3) == 0
                ? QueryRequest.instant(expression, start)
                : QueryRequest.range(expression, start, start + 1_500_000, 1_000L * (5 + random.nextInt(300)));
    }

    /**
     * An answer or refusal.
     *
     * @param cost whether what it cost is told too
     */
    private static String of(QueryEngine engine, QueryRequest request, boolean cost) {
        try (QueryControl control = new QueryControl(() -> false, QueryMemory.UNLIMITED)) {
            QueryResult result = engine.query(request, control);
            String used = cost
                    ? "series=" + control.series() + " samples=" + control.samples() + " bytes=" + control.bytes()
                            + '\n'
                    : "";
            return used + result.warnings() + result.infos() + '\n' + value(result.value());
        } catch (QueryException e) {
            return e.kind() + ": " + e.getMessage();
        }
    }

    /**
     * Asserts that two engines over one store answer alike. What an answer costs changes when blocks are merged between
     * two questions, so both are asked once more where they differ.
     */
    static void assertSame(QueryEngine expected, QueryEngine found, QueryRequest request, boolean cost) {
        String wanted = of(expected, request, cost);
        String answer = of(found, request, cost);
        for (int i = 0; i < 3 && !answer.equals(wanted); i++) {
            wanted = of(expected, request, cost);
            answer = of(found, request, cost);
        }
        assertThat(answer).as(request.toString()).isEqualTo(wanted);
    }

    private static String value(QueryResult.Value value) {
        StringBuilder text = new StringBuilder();
        if (value instanceof QueryResult.Vector vector) {
            for (QueryResult.Sample sample : vector.samples()) {
                text.append(sample.labels()).append(' ').append(bits(sample.value()));
                text.append(sample.histogram()).append('\n');
            }
        } else if (value instanceof QueryResult.Matrix matrix) {
            for (QueryResult.Series series : matrix.series()) {
                text.append(series.labels()).append(Arrays.toString(series.times()));
                for (double number : series.values()) {
                    text.append(bits(number)).append(' ');
                }
                text.append(Arrays.toString(series.histograms())).append('\n');
            }
        } else {
            text.append(value);
        }
        return text.toString();
    }

    private static String bits(double value) {
        return value + "/" + Long.toHexString(Double.doubleToRawLongBits(value));
    }
}
