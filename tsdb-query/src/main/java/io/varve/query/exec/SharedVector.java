package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.query.kernel.Row;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Position;
import io.varve.query.plan.Steps;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A vector that stands in a query several times. Whoever comes first evaluates it and leaves copies of its rows, which
 * are charged like all rows; those who follow get copies in turn, and the last one the rows themselves. What was noted
 * meanwhile is noted at each of the places. One thread.
 */
final class SharedVector {

    private int left;
    private @Nullable Expr first;
    private @Nullable Steps steps;
    private boolean isComplete;
    private final List<Kept> rows = new ArrayList<>();
    private final List<Annotations.Note> notes = new ArrayList<>();

    private record Kept(Labels labels, Row row) {}

    /** @param places at how many places it stands */
    SharedVector(int places) {
        this.left = places;
    }

    /** Pushes the vector for the place of a node. */
    void push(Evaluator by, Expr node, RowSink sink) {
        left--;
        if (first == null && left > 0) {
            evaluateFirst(by, node, sink);
        } else if (isComplete && by.steps().equals(steps) && noteAt(by.context().annotations(), node)) {
            pushKept(by, sink);
        } else {
            by.evaluate(node, sink);
        }
    }

    private void evaluateFirst(Evaluator by, Expr node, RowSink sink) {
        first = node;
        steps = by.steps();
        Annotations annotations = by.context().annotations();
        annotations.record(notes);
        by.evaluate(node, (labels, row) -> {
            rows.add(new Kept(labels, by.copy(row)));
            sink.accept(labels, row);
        });
        annotations.endRecord();
        isComplete = true;
    }

    private void pushKept(Evaluator by, RowSink sink) {
        boolean last = left == 0;
        List<Kept> given = new ArrayList<>(rows);
        if (last) {
            rows.clear();
        }
        for (Kept kept : given) {
            sink.accept(kept.labels(), last ? kept.row() : by.copy(kept.row()));
        }
    }

    /** Notes at a place what was noted at the first one; false if it is not clear where exactly. */
    private boolean noteAt(Annotations annotations, Expr node) {
        IdentityHashMap<Position, Position> places = new IdentityHashMap<>();
        Expr from = first;
        if (from == null || !notes.isEmpty() && !map(from, node, places)) {
            return false;
        }
        for (Annotations.Note note : notes) {
            Position at = places.get(note.at());
            if (at == null) {
                return false;
            }
            annotations.note(new Annotations.Note(note.isWarning(), note.text(), at));
        }
        return true;
    }

    /** Where the parts of one expression stand in another that says the same. */
    private static boolean map(Expr from, Expr to, IdentityHashMap<Position, Position> places) {
        Position known = places.putIfAbsent(from.at(), to.at());
        if (known != null && known.offset() != to.at().offset()) {
            return false;
        }
        List<Expr> children = children(from);
        List<Expr> others = children(to);
        for (int i = 0; i < children.size(); i++) {
            if (!map(children.get(i), others.get(i), places)) {
                return false;
            }
        }
        return true;
    }

    /** The expressions right below one. */
    static List<Expr> children(Expr expr) {
        if (expr instanceof Expr.RangeSelector range) {
            return List.of(range.selector());
        } else if (expr instanceof Expr.Subquery sub) {
            return List.of(sub.expr());
        } else if (expr instanceof Expr.Negation negation) {
            return List.of(negation.expr());
        } else if (expr instanceof Expr.Plus plus) {
            return List.of(plus.expr());
        } else if (expr instanceof Expr.Binary binary) {
            return List.of(binary.left(), binary.right());
        } else if (expr instanceof Expr.Aggregation aggregation) {
            Expr parameter = aggregation.parameter();
            return parameter == null ? List.of(aggregation.expr()) : List.of(parameter, aggregation.expr());
        } else if (expr instanceof Expr.Call call) {
            return call.arguments();
        }
        return List.of();
    }
}
