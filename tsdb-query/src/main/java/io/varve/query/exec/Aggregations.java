package io.varve.query.exec;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.query.function.LabelFunctions;
import io.varve.query.histogram.Flaw;
import io.varve.query.histogram.HistogramText;
import io.varve.query.kernel.GroupKernels;
import io.varve.query.kernel.GroupKernels.Accumulator;
import io.varve.query.kernel.HistogramSums;
import io.varve.query.kernel.Quantiles;
import io.varve.query.kernel.Row;
import io.varve.query.lang.Aggregator;
import io.varve.query.lang.Expr;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Aggregates a vector. Rows are let go as they come, except where the answer needs all values of a group at once. */
final class Aggregations {

    private final Evaluator evaluator;
    private final Expr.Aggregation expr;
    private final Set<String> names;
    private final int steps;

    Aggregations(Evaluator evaluator, Expr.Aggregation expr) {
        this.evaluator = evaluator;
        this.expr = expr;
        this.names = new HashSet<>(expr.labels());
        if (expr.without()) {
            names.add(Labels.NAME);
        }
        this.steps = evaluator.steps().count();
    }

    private Labels group(Labels labels) {
        return expr.without() ? labels.drop(names) : names.isEmpty() ? Labels.EMPTY : labels.keep(names);
    }

    void evaluate(RowSink sink) {
        switch (expr.aggregator()) {
            case TOPK, BOTTOMK -> ranked(evaluator.scalar(parameter()), sink);
            case QUANTILE -> quantile(evaluator.scalar(parameter()), sink);
            case LIMITK -> new SeriesLimits(evaluator, expr.expr(), parameter()).first(this::group, sink);
            case LIMIT_RATIO -> new SeriesLimits(evaluator, expr.expr(), parameter()).ratio(sink);
            case COUNT_VALUES -> countValues(Evaluator.text(parameter()), sink);
            default -> accumulate(sink);
        }
    }

    private Expr parameter() {
        return Objects.requireNonNull(expr.parameter());
    }

    private void accumulate(RowSink sink) {
        Map<Labels, Accumulator> groups = new LinkedHashMap<>();
        Set<Labels> nameless = new HashSet<>();
        Map<Labels, HistogramSums> histograms = new HashMap<>();
        Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
        evaluator.vector(expr.expr(), (labels, row) -> {
            Labels group = group(labels);
            if (row.hasHistograms()) {
                takeHistograms(group, row, histograms, flaws);
            }
            if (row.isNameless()) {
                nameless.add(group);
            }
            groups.computeIfAbsent(group, g -> accumulator()).add(row);
            evaluator.release(row);
        });
        groups.forEach((labels, accumulator) -> {
            Row out = evaluator.row();
            out.nameless(nameless.contains(labels));
            accumulator.finish(out);
            HistogramSums sums = histograms.get(labels);
            if (sums != null) {
                sums.finish(out);
            }
            evaluator.pushUnlessEmpty(labels, out, sink);
        });
        evaluator.context().annotations().flaws(flaws, "", expr.expr().at());
    }

    /** Sums and means of histograms are made beside those of floats; other aggregators but counts leave them out. */
    private void takeHistograms(Labels group, Row row, Map<Labels, HistogramSums> histograms, Set<Flaw> flaws) {
        Aggregator aggregator = expr.aggregator();
        if (aggregator == Aggregator.COUNT || aggregator == Aggregator.GROUP) {
            return;
        }
        if (aggregator == Aggregator.SUM || aggregator == Aggregator.AVG) {
            HistogramSums sums = histograms.get(group);
            if (sums == null) {
                evaluator.context().budget().charge(0, 2 * HistogramCalls.bytes(row));
                sums = new HistogramSums(steps, aggregator == Aggregator.AVG, flaws);
                histograms.put(group, sums);
            }
            sums.add(row);
            row.dropHistograms();
        } else {
            ignoreHistograms(row);
        }
    }

    private void ignoreHistograms(Row row) {
        if (row.dropHistograms()) {
            evaluator
                    .context()
                    .annotations()
                    .info(
                            "ignored histogram in " + expr.aggregator().text() + " aggregation",
                            expr.expr().at());
        }
    }

    private Accumulator accumulator() {
        evaluator.context().budget().charge(0, 3 * Row.bytes(steps));
        return switch (expr.aggregator()) {
            case SUM -> GroupKernels.sum(steps);
            case AVG -> GroupKernels.mean(steps);
            case MIN -> GroupKernels.extreme(steps, false);
            case MAX -> GroupKernels.extreme(steps, true);
            case COUNT -> GroupKernels.count(steps);
            case GROUP -> GroupKernels.group(steps);
            case STDDEV -> GroupKernels.variance(steps, true);
            case STDVAR -> GroupKernels.variance(steps, false);
            default -> throw new AssertionError("BUG: not an accumulating aggregator: " + expr.aggregator());
        };
    }

    private record Member(Labels labels, Row row) {}

    private Map<Labels, List<Member>> groups() {
        Map<Labels, List<Member>> groups = new LinkedHashMap<>();
        evaluator.vector(expr.expr(), (labels, row) -> {
            ignoreHistograms(row);
            evaluator.pushUnlessEmpty(
                    labels, row, (name, kept) -> groups.computeIfAbsent(group(name), g -> new ArrayList<>())
                            .add(new Member(name, kept)));
        });
        return groups;
    }

    private void quantile(double[] q, RowSink sink) {
        Map<Labels, List<Member>> groups = groups();
        if (!groups.isEmpty()) {
            Parameters.warnOfQuantile(evaluator, q, parameter());
        }
        groups.forEach((labels, members) -> {
            double[] sorted = new double[members.size()];
            Row out = evaluator.row();
            out.nameless(members.stream().anyMatch(member -> member.row().isNameless()));
            for (int step = 0; step < steps; step++) {
                int count = 0;
                for (Member member : members) {
                    if (member.row().has(step)) {
                        sorted[count++] = member.row().get(step);
                    }
                }
                if (count > 0) {
                    Quantiles.sort(sorted, count);
                    out.set(step, Quantiles.ofSorted(sorted, count, q[step]));
                }
            }
            members.forEach(member -> evaluator.release(member.row()));
            evaluator.pushUnlessEmpty(labels, out, sink);
        });
    }

    private void ranked(double[] k, RowSink sink) {
        Parameters.checkCounts(k, parameter());
        Map<Labels, List<Member>> groups = groups();
        Calls.Ranking ranking = Calls.ranking(expr.aggregator() == Aggregator.TOPK);
        for (List<Member> members : groups.values()) {
            if (steps == 1) {
                rankedOnce(members, ranking, k[0])
                        .forEach(member -> evaluator.pushUnlessEmpty(member.labels(), member.row(), sink));
            } else {
                keepFirst(members, ranking, k);
                members.forEach(member -> evaluator.pushUnlessEmpty(member.labels(), member.row(), sink));
            }
        }
    }

    private static int kept(double k, int count) {
        return (int) Math.max(0, Math.min(count, k < 1 ? 0 : k));
    }

    /** An instant answer is in order of rank. */
    private static List<Member> rankedOnce(List<Member> members, Calls.Ranking ranking, double k) {
        List<Member> present = new ArrayList<>(members);
        present.removeIf(member -> !member.row().has(0));
        present.sort((a, b) -> ranking.compare(a.row().get(0), b.row().get(0)));
        return present.subList(0, kept(k, present.size()));
    }

    /** Takes away what is not among the first at its step. */
    private void keepFirst(List<Member> members, Calls.Ranking ranking, double[] k) {
        Ranks ranks = new Ranks(ranking, members.size());
        Row[] present = new Row[members.size()];
        boolean[] losers = new boolean[present.length];
        for (int step = 0; step < steps; step++) {
            int count = 0;
            for (Member member : members) {
                if (member.row().has(step)) {
                    ranks.value(count, member.row().get(step));
                    present[count++] = member.row();
                }
            }
            int kept = kept(k[step], count);
            if (kept > 0 && kept < count) {
                ranks.begin(kept);
                ranks.select(count, losers);
            }
            for (int i = 0; kept < count && i < count; i++) {
                if (kept == 0 || losers[i]) {
                    present[i].remove(step);
                }
            }
        }
    }

    private void countValues(String label, RowSink sink) {
        LabelFunctions.checkName(label, "count_values");
        boolean left = expr.without() && names.contains(label); // the values stand in a label that is left out
        Map<Labels, Row> counts = new LinkedHashMap<>();
        evaluator.vector(expr.expr(), (labels, row) -> {
            Labels group = group(labels);
            for (int step = 0; step < steps; step++) {
                if (row.has(step)) {
                    Histogram histogram = row.histogram(step);
                    String text = histogram == null ? NumberText.of(row.get(step)) : HistogramText.of(histogram);
                    Labels key = left ? group : group.with(label, text);
                    Row count = counts.computeIfAbsent(key, c -> evaluator.row());
                    count.nameless(count.isNameless() || (row.isNameless() && !label.equals(Labels.NAME)));
                    count.set(step, count.has(step) ? count.get(step) + 1 : 1);
                }
            }
            evaluator.release(row);
        });
        counts.forEach(sink::accept);
    }
}
