package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.query.QueryException;
import io.varve.query.function.Operators;
import io.varve.query.kernel.Row;
import io.varve.query.lang.BinaryOperator;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Expr.Cardinality;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Operators between two vectors: which series belong together, and what becomes of their labels. */
final class VectorMatching {

    private final Evaluator evaluator;
    private final Expr.Binary expr;
    private final BinaryOperator operator;
    private final Expr.Matching matching;
    private final Set<String> names;
    private final boolean dropsName;
    private final HistogramOperators histograms;

    VectorMatching(Evaluator evaluator, Expr.Binary expr) {
        this.evaluator = evaluator;
        this.expr = expr;
        this.operator = expr.operator();
        this.matching = expr.matching();
        this.histograms = new HistogramOperators(evaluator.context().annotations(), expr);
        this.names = new HashSet<>(matching.labels());
        if (!matching.on()) {
            names.add(Labels.NAME);
        }
        this.dropsName = !operator.keepsName(expr.bool());
    }

    /** A series of one side. */
    record Side(Labels labels, Row row) {}

    Labels signature(Labels labels) {
        return matching.on() ? labels.keep(names) : labels.drop(names);
    }

    private List<Side> side(Expr side) {
        RowSet set = new RowSet();
        evaluator.vector(side, set);
        List<Side> sides = new ArrayList<>(set.rows().size());
        set.rows().forEach((labels, row) -> sides.add(new Side(labels, row)));
        return sides;
    }

    void evaluate(RowSink sink) {
        List<Side> left = side(expr.left());
        List<Side> right = side(expr.right());
        switch (operator) {
            case AND -> intersect(left, right, sink);
            case UNLESS -> subtract(left, right, sink);
            case OR -> unite(left, right, sink);
            default -> match(left, right, sink);
        }
    }

    /** For each signature, at which steps some series of it has a value. */
    Map<Labels, Row> presence(List<Side> sides) {
        Map<Labels, Row> presence = new LinkedHashMap<>();
        for (Side side : sides) {
            presence.computeIfAbsent(signature(side.labels()), s -> evaluator.row())
                    .mark(side.row());
        }
        return presence;
    }

    private void intersect(List<Side> left, List<Side> right, RowSink sink) {
        Map<Labels, Row> there = presence(right);
        for (Side side : left) {
            Row other = there.get(signature(side.labels()));
            if (other != null) {
                side.row().retain(other);
                evaluator.pushUnlessEmpty(side.labels(), side.row(), sink);
            }
        }
    }

    private void subtract(List<Side> left, List<Side> right, RowSink sink) {
        Map<Labels, Row> there = presence(right);
        for (Side side : left) {
            Row other = there.get(signature(side.labels()));
            if (other != null) {
                side.row().removeAll(other);
            }
            evaluator.pushUnlessEmpty(side.labels(), side.row(), sink);
        }
    }

    private void unite(List<Side> left, List<Side> right, RowSink sink) {
        Map<Labels, Row> there = presence(left);
        RowSet union = new RowSet();
        left.forEach(side -> union.accept(side.labels(), side.row()));
        for (Side side : right) {
            Row other = there.get(signature(side.labels()));
            if (other != null) {
                side.row().removeAll(other);
            }
            evaluator.pushUnlessEmpty(side.labels(), side.row(), union);
        }
        union.drainTo(sink);
    }

    private void match(List<Side> left, List<Side> right, RowSink sink) {
        if (matching.fills()) {
            new Filling(evaluator, this, matching).fill(left, right);
        }
        boolean swapped = matching.cardinality() == Cardinality.ONE_TO_MANY;
        List<Side> many = swapped ? right : left;
        Map<Labels, List<Side>> one = ones(swapped ? left : right, many, swapped);
        Map<Labels, Row> taken = new LinkedHashMap<>();
        Map<Labels, Row> results = new LinkedHashMap<>();
        for (Side manySide : many) {
            Labels signature = signature(manySide.labels());
            for (Side oneSide : one.getOrDefault(signature, List.of())) {
                evaluator.context().budget().check();
                if (!manySide.row().overlaps(oneSide.row())) {
                    continue;
                }
                Labels labels = resultLabels(manySide.labels(), oneSide.labels());
                boolean oneToOne = matching.cardinality() == Cardinality.ONE_TO_ONE;
                Row used = taken.computeIfAbsent(oneToOne ? signature : labels, s -> evaluator.row());
                Row both = evaluator.row();
                both.mark(manySide.row());
                both.retain(oneSide.row());
                both.nameless(isNameless(manySide, oneSide));
                if (used.overlaps(both)) {
                    throw severalMatches(signature);
                }
                used.mark(both);
                combine(swapped ? oneSide : manySide, swapped ? manySide : oneSide, both);
                addResult(results, labels, both);
            }
        }
        results.forEach((labels, row) -> evaluator.pushUnlessEmpty(labels, row, sink));
    }

    private void addResult(Map<Labels, Row> results, Labels labels, Row row) {
        Row old = results.putIfAbsent(labels, row);
        if (old == null) {
            return;
        }
        if (old.overlaps(row)) {
            throw new QueryException(
                    QueryException.Kind.EXECUTION, "vector cannot contain metrics with the same labelset: " + labels);
        }
        old.merge(row);
        evaluator.release(row);
    }

    private QueryException severalMatches(Labels signature) {
        String cure = matching.cardinality() == Cardinality.ONE_TO_ONE
                ? "many-to-one matching must be explicit (group_left/group_right)"
                : "grouping labels must ensure unique matches";
        return new QueryException(
                QueryException.Kind.EXECUTION,
                "multiple matches for labels " + signature + ": " + cure,
                expr.at().offset());
    }

    /** The series of the side that may have one a group, by signature; an error where it has more at one step. */
    private Map<Labels, List<Side>> ones(List<Side> sides, List<Side> others, boolean left) {
        Row matters = evaluator.row(); // a step at which the other side is empty cannot fail
        others.forEach(other -> matters.mark(other.row()));
        Map<Labels, List<Side>> bySignature = new LinkedHashMap<>();
        Map<Labels, Row> seen = new LinkedHashMap<>();
        for (Side side : sides) {
            Labels signature = signature(side.labels());
            bySignature.computeIfAbsent(signature, s -> new ArrayList<>(1)).add(side);
            Row relevant = evaluator.row();
            relevant.mark(side.row());
            relevant.retain(matters);
            Row before = seen.putIfAbsent(signature, relevant);
            if (before == null) {
                continue;
            }
            if (before.overlaps(relevant)) {
                throw new QueryException(
                        QueryException.Kind.EXECUTION,
                        "found duplicate series for the match group " + signature + " on the "
                                + (left ? "left" : "right")
                                + " hand-side of the operation: ["
                                + bySignature.get(signature).get(0).labels() + ", " + side.labels()
                                + "];many-to-many matching not allowed: matching labels must be unique on one side",
                        expr.at().offset());
            }
            before.mark(relevant);
            evaluator.release(relevant);
        }
        seen.values().forEach(evaluator::release);
        evaluator.release(matters);
        return bySignature;
    }

    /** Computes where both sides have a value; {@code both} says where, and takes the result. */
    private void combine(Side left, Side right, Row both) {
        if (left.row().hasHistograms() || right.row().hasHistograms() || operator.isTrim()) {
            histograms.withVector(left.row(), right.row(), both);
            return;
        }
        for (int i = 0; i < both.steps(); i++) {
            if (!both.has(i)) {
                continue;
            }
            double a = left.row().get(i);
            double b = right.row().get(i);
            if (!operator.isComparison()) {
                both.set(i, Operators.arithmetic(operator, a, b));
            } else if (expr.bool()) {
                both.set(i, Operators.compare(operator, a, b) ? 1 : 0);
            } else if (Operators.compare(operator, a, b)) {
                both.set(i, a);
            } else {
                both.remove(i);
            }
        }
    }

    /** Whether a result has a name that falls away at the end; one that is taken over stays if it does there. */
    private boolean isNameless(Side many, Side one) {
        return matching.include().contains(Labels.NAME)
                ? one.row().isNameless()
                : many.row().isNameless() || (dropsName && evaluator.context().keepsNames());
    }

    private Labels resultLabels(Labels many, Labels one) {
        Labels labels = dropsName && !evaluator.context().keepsNames() ? many.without(Labels.NAME) : many;
        if (matching.cardinality() == Cardinality.ONE_TO_ONE) {
            return matching.on() ? labels.keep(names) : labels.drop(matching.labels());
        }
        for (String name : matching.include()) {
            labels = labels.with(name, one.get(name));
        }
        return labels;
    }
}
