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
        Map<Labels, Group> groups = ones(swapped ? left : right, many, swapped);
        Map<Labels, Row> taken = new LinkedHashMap<>();
        Map<Labels, Row> results = new LinkedHashMap<>();
        for (Side manySide : many) {
            Labels signature = signature(manySide.labels());
            Group group = groups.get(signature);
            if (group == null) {
                continue;
            }
            for (Side oneSide : group.ones) {
                evaluator.context().budget().check();
                if (!manySide.row().overlaps(oneSide.row())) {
                    continue;
                }
                Row both = evaluator.row();
                both.mark(manySide.row());
                both.retain(oneSide.row());
                both.nameless(isNameless(manySide, oneSide));
                Labels labels = resultLabels(signature, manySide.labels(), oneSide.labels());
                if (matching.cardinality() != Cardinality.ONE_TO_ONE) {
                    take(taken.computeIfAbsent(labels, s -> evaluator.row()), both, signature);
                } else if (!group.used(manySide, oneSide, both)) {
                    throw severalMatches(signature);
                }
                combine(swapped ? oneSide : manySide, swapped ? manySide : oneSide, both);
                addResult(results, labels, both);
            }
        }
        results.forEach((labels, row) -> evaluator.pushUnlessEmpty(labels, row, sink));
    }

    private void take(Row used, Row both, Labels signature) {
        if (used.overlaps(both)) {
            throw severalMatches(signature);
        }
        used.mark(both);
    }

    /** Series of one signature: those of the side that may have one at a step, and pairs that were matched. */
    private static final class Group {

        private final List<Side> ones = new ArrayList<>(1);
        private final List<Side> pairs = new ArrayList<>(2);

        /** Remembers a pair; false if another one was matched at one of its steps. */
        boolean used(Side many, Side one, Row both) {
            for (int i = 0; i < pairs.size(); i += 2) {
                if (pairs.get(i).row().overlaps(pairs.get(i + 1).row(), both)) {
                    return false;
                }
            }
            pairs.add(many);
            pairs.add(one);
            return true;
        }
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
    private Map<Labels, Group> ones(List<Side> sides, List<Side> others, boolean left) {
        Row matters = evaluator.row(); // a step at which the other side is empty cannot fail
        others.forEach(other -> matters.mark(other.row()));
        Map<Labels, Group> bySignature = new LinkedHashMap<>();
        for (Side side : sides) {
            evaluator.context().budget().check();
            Labels signature = signature(side.labels());
            List<Side> same = bySignature.computeIfAbsent(signature, s -> new Group()).ones;
            for (Side before : same) {
                if (before.row().overlaps(side.row(), matters)) {
                    throw new QueryException(
                            QueryException.Kind.EXECUTION,
                            "found duplicate series for the match group " + signature + " on the "
                                    + (left ? "left" : "right")
                                    + " hand-side of the operation: ["
                                    + same.get(0).labels() + ", " + side.labels()
                                    + "];many-to-many matching not allowed: matching labels must be unique on one side",
                            expr.at().offset());
                }
            }
            same.add(side);
        }
        evaluator.release(matters);
        return bySignature;
    }

    /** Computes where both sides have a value; {@code both} says where, and takes the result. */
    private void combine(Side left, Side right, Row both) {
        if (left.row().hasHistograms() || right.row().hasHistograms() || operator.isTrim()) {
            histograms.withVector(left.row(), right.row(), both);
            return;
        }
        if (!operator.isComparison()) {
            Operators.arithmetic(operator, left.row().values(), right.row().values(), both.values());
            return;
        }
        for (int i = 0; i < both.steps(); i++) {
            if (!both.has(i)) {
                continue;
            }
            double a = left.row().get(i);
            double b = right.row().get(i);
            if (expr.bool()) {
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

    private Labels resultLabels(Labels signature, Labels many, Labels one) {
        boolean drops = dropsName && !evaluator.context().keepsNames();
        boolean oneToOne = matching.cardinality() == Cardinality.ONE_TO_ONE;
        if (oneToOne && (matching.on() ? !drops || !names.contains(Labels.NAME) : drops)) {
            return signature;
        }
        Labels labels = drops ? many.without(Labels.NAME) : many;
        if (oneToOne) {
            return matching.on() ? labels.keep(names) : labels.drop(matching.labels());
        }
        for (String name : matching.include()) {
            labels = labels.with(name, one.get(name));
        }
        return labels;
    }
}
