package io.varve.query.exec;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.query.function.BucketQuantile;
import io.varve.query.function.LabelFunctions;
import io.varve.query.histogram.Flaw;
import io.varve.query.histogram.HistogramEstimates;
import io.varve.query.kernel.Row;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Function;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code histogram_quantile}, {@code histogram_quantiles} and {@code histogram_fraction}: over native histograms, and
 * over classic ones, where series that differ in {@code le} alone are one histogram.
 */
final class HistogramQuantiles {

    private static final String BOUND = "le";

    private final Evaluator evaluator;
    private final Expr.Call call;
    private final Expr vector;
    private final boolean keepsNames;
    private final Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
    private final HistogramEstimates estimates = new HistogramEstimates(flaws);
    private final BucketQuantile classic = new BucketQuantile();
    private final BucketRepairs repairs;
    private final Map<Labels, Member> members = new LinkedHashMap<>();

    HistogramQuantiles(Evaluator evaluator, Expr.Call call) {
        this.evaluator = evaluator;
        this.call = call;
        this.keepsNames = evaluator.context().keepsNames();
        this.vector = call.arguments()
                .get(
                        switch (call.function()) {
                            case HISTOGRAM_QUANTILES -> 0;
                            case HISTOGRAM_QUANTILE -> 1;
                            default -> 2;
                        });
        this.repairs = new BucketRepairs(evaluator.context(), evaluator.steps());
    }

    private record Bucket(double bound, Row row) {}

    /** What is known of one set of labels: buckets of a classic histogram, native ones, or both. */
    private static final class Member {
        private final List<Bucket> buckets = new ArrayList<>();
        private @Nullable Row natives;
    }

    /** Computes a number at a step, of a native histogram or, without one, of the buckets that were collected. */
    @FunctionalInterface
    private interface Estimate {
        double of(int step, @Nullable Histogram histogram);
    }

    void evaluate(RowSink sink) {
        List<Expr> arguments = call.arguments();
        if (call.function() == Function.HISTOGRAM_QUANTILES) {
            quantiles(sink);
            return;
        }
        boolean fraction = call.function() == Function.HISTOGRAM_FRACTION;
        double[] first = evaluator.scalar(arguments.get(0));
        double[] second = fraction ? evaluator.scalar(arguments.get(1)) : first;
        read();
        if (!fraction && !members.isEmpty()) {
            Parameters.warnOfQuantile(evaluator, first, arguments.get(0));
        }
        Estimate estimate = !fraction
                ? quantile(first)
                : (step, histogram) -> histogram == null
                        ? classic.fraction(first[step], second[step])
                        : estimates.fraction(first[step], second[step], histogram);
        members.forEach((labels, member) -> {
            Row out = estimate(member, estimate);
            member.buckets.forEach(bucket -> evaluator.release(bucket.row()));
            evaluator.pushUnlessEmpty(labels, out, sink);
        });
        annotate();
    }

    private Estimate quantile(double[] q) {
        return (step, histogram) ->
                histogram == null ? classic.quantile(q[step]) : estimates.quantile(q[step], histogram);
    }

    /** A series for each quantile, which a label tells; a quantile may differ from step to step. */
    private void quantiles(RowSink sink) {
        List<Expr> arguments = call.arguments();
        String label = Evaluator.text(arguments.get(1));
        LabelFunctions.checkName(label, "histogram_quantiles");
        read();
        RowSet set = new RowSet();
        for (Expr argument : arguments.subList(2, arguments.size())) {
            double[] q = evaluator.scalar(argument);
            if (!members.isEmpty()) {
                Parameters.warnOfQuantile(evaluator, q, argument);
            }
            Estimate estimate = quantile(q);
            members.forEach((labels, member) -> {
                Row all = estimate(member, estimate);
                Map<Labels, Row> byText = new LinkedHashMap<>();
                for (int step = 0; step < all.steps(); step++) {
                    if (all.has(step)) {
                        Row row = byText.computeIfAbsent(labels.with(label, text(q[step])), l -> evaluator.row());
                        row.nameless(keepsNames && !label.equals(Labels.NAME));
                        row.set(step, all.get(step));
                    }
                }
                evaluator.release(all);
                byText.forEach(set::accept);
            });
        }
        annotate();
        set.drainTo(sink);
    }

    /** As OpenMetrics writes floats: whole numbers with a point. */
    private static String text(double q) {
        String text = NumberText.of(q);
        boolean whole = text.indexOf('.') < 0 && !Double.isNaN(q) && !Double.isInfinite(q);
        return whole ? text + ".0" : text;
    }

    private void annotate() {
        evaluator.context().annotations().flaws(flaws, "", vector.at());
        repairs.annotate(vector.at());
    }

    private void read() {
        evaluator.vector(vector, (labels, row) -> {
            if (row.hasHistograms()) {
                takeNatives(keepsNames ? labels : labels.without(Labels.NAME), row);
                if (row.isEmpty()) {
                    evaluator.release(row);
                    return;
                }
            }
            String text = labels.get(BOUND);
            try {
                double bound = bound(text);
                members.computeIfAbsent(classic(labels), m -> new Member())
                        .buckets
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
        members.values().forEach(member -> member.buckets.sort(Comparator.comparingDouble(Bucket::bound)));
    }

    /** What the buckets of one classic histogram have in common. */
    private Labels classic(Labels labels) {
        return labels.drop(keepsNames ? Set.of(BOUND) : Set.of(BOUND, Labels.NAME));
    }

    private void takeNatives(Labels labels, Row row) {
        Row natives = evaluator.row();
        for (int step = 0; step < row.steps(); step++) {
            Histogram histogram = row.has(step) ? row.histogram(step) : null;
            if (histogram != null) {
                natives.set(step, histogram);
            }
        }
        row.dropHistograms();
        if (natives.isEmpty()) {
            evaluator.release(natives);
            return;
        }
        Member member = members.computeIfAbsent(labels, m -> new Member());
        RowSet both = new RowSet();
        if (member.natives != null) {
            both.accept(labels, member.natives);
        }
        both.accept(labels, natives);
        member.natives = both.rows().get(labels);
    }

    private Row estimate(Member member, Estimate estimate) {
        Row out = evaluator.row();
        out.nameless(keepsNames);
        for (int step = 0; step < out.steps(); step++) {
            classic.clear();
            for (Bucket bucket : member.buckets) {
                if (bucket.row().has(step)) {
                    classic.add(bucket.bound(), bucket.row().get(step));
                }
            }
            Row natives = member.natives;
            Histogram histogram = natives != null && natives.has(step) ? natives.histogram(step) : null;
            if (histogram != null && !classic.isEmpty()) {
                evaluator
                        .context()
                        .annotations()
                        .warn("vector contains a mix of classic and native histograms", vector.at());
            } else if (histogram != null || !classic.isEmpty()) {
                out.set(step, estimate.of(step, histogram));
                repairs.note(classic, step);
            }
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
