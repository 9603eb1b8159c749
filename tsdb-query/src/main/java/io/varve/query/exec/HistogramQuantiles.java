package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.query.function.BucketQuantile;
import io.varve.query.kernel.Row;
import io.varve.query.lang.Expr;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code histogram_quantile} over classic histograms: series that differ in {@code le} alone are one histogram. */
final class HistogramQuantiles {

    private static final String BOUND = "le";
    private static final Set<String> DROPPED = Set.of(BOUND, Labels.NAME);

    private final Evaluator evaluator;
    private final Expr.Call call;

    HistogramQuantiles(Evaluator evaluator, Expr.Call call) {
        this.evaluator = evaluator;
        this.call = call;
    }

    private record Bucket(double bound, Row row) {}

    void evaluate(RowSink sink) {
        double[] q = evaluator.scalar(call.arguments().get(0));
        Expr vector = call.arguments().get(1);
        Map<Labels, List<Bucket>> histograms = new LinkedHashMap<>();
        evaluator.vector(vector, (labels, row) -> {
            String text = labels.get(BOUND);
            try {
                double bound = bound(text);
                histograms
                        .computeIfAbsent(labels.drop(DROPPED), h -> new ArrayList<>())
                        .add(new Bucket(bound, row));
            } catch (NumberFormatException e) {
                evaluator
                        .context()
                        .annotations()
                        .warn(
                                "bucket label \"le\" is missing or has a malformed value of \"" + text + "\"",
                                vector.at());
            }
        });
        if (!histograms.isEmpty()) {
            Parameters.warnOfQuantile(evaluator, q, call.arguments().get(0));
        }
        BucketQuantile quantile = new BucketQuantile();
        histograms.forEach((labels, buckets) -> {
            buckets.sort(Comparator.comparingDouble(Bucket::bound));
            sink.accept(labels, quantiles(buckets, q, quantile, vector));
        });
    }

    private Row quantiles(List<Bucket> buckets, double[] q, BucketQuantile quantile, Expr vector) {
        Row out = evaluator.row();
        boolean repaired = false;
        for (int step = 0; step < out.steps(); step++) {
            quantile.clear();
            for (Bucket bucket : buckets) {
                if (bucket.row().has(step)) {
                    quantile.add(bucket.bound(), bucket.row().get(step));
                }
            }
            if (!quantile.isEmpty()) {
                out.set(step, quantile.quantile(q[step]));
                repaired |= quantile.wasRepaired();
            }
        }
        buckets.forEach(bucket -> evaluator.release(bucket.row()));
        if (repaired) {
            evaluator
                    .context()
                    .annotations()
                    .info("input to histogram_quantile needed to be fixed for monotonicity", vector.at());
        }
        return out;
    }

    private static double bound(String text) {
        return switch (text) {
            case "+Inf", "Inf", "inf", "+inf" -> Double.POSITIVE_INFINITY;
            case "-Inf", "-inf" -> Double.NEGATIVE_INFINITY;
            default -> {
                char last = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
                if (!Character.isDigit(last) && last != '.') { // Java takes "1d" and "1f" for numbers
                    throw new NumberFormatException(text);
                }
                yield Double.parseDouble(text);
            }
        };
    }
}
