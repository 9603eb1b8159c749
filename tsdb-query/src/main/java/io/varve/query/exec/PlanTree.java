package io.varve.query.exec;

import io.varve.core.storage.ReadBudget;
import io.varve.query.QueryPlan.Node;
import io.varve.query.QueryPlan.Read;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Function;
import io.varve.query.lang.Printer;
import io.varve.query.lang.SourceText;
import java.util.ArrayList;
import java.util.List;

/** The tree of an expression with what is selected for each part of it. */
final class PlanTree {

    /** About what a node takes, in the plan and in its answer. */
    private static final long NODE_BYTES = 512;

    private final SourceText source;
    private final PlannedReads reads;
    private final ReadBudget budget;

    PlanTree(String text, PlannedReads reads, ReadBudget budget) {
        this.budget = budget;
        this.source = new SourceText(text);
        this.reads = reads;
    }

    /** The tree; selections that belong to no selector of it, as {@code info} makes them, stand at its root. */
    Node of(Expr expr) {
        Node root = node(expr);
        List<Read> rest = reads.takeRest();
        if (rest.isEmpty()) {
            return root;
        }
        List<Read> all = new ArrayList<>(root.reads());
        all.addAll(rest);
        return new Node(root.kind(), root.text(), root.position(), root.line(), root.column(), all, root.children());
    }

    private Node node(Expr expr) {
        if (expr instanceof Expr.NumberLiteral) {
            return node("number", expr, List.of(), List.of());
        } else if (expr instanceof Expr.StringLiteral) {
            return node("string", expr, List.of(), List.of());
        } else if (expr instanceof Expr.Selector selector) {
            return node("selector", expr, reads.take(selector.matchers()), List.of());
        } else if (expr instanceof Expr.RangeSelector range) {
            return node("range_selector", expr, reads.take(range.selector().matchers()), List.of());
        } else if (expr instanceof Expr.Subquery subquery) {
            return node("subquery", expr, List.of(), List.of(node(subquery.expr())));
        } else if (expr instanceof Expr.Negation negation) {
            return node("negation", expr, List.of(), List.of(node(negation.expr())));
        } else if (expr instanceof Expr.Plus plus) {
            return node("plus", expr, List.of(), List.of(node(plus.expr())));
        } else if (expr instanceof Expr.Binary binary) {
            return node("operator", expr, List.of(), List.of(node(binary.left()), node(binary.right())));
        } else if (expr instanceof Expr.Aggregation aggregation) {
            Expr parameter = aggregation.parameter();
            Node of = node(aggregation.expr());
            return node("aggregation", expr, List.of(), parameter == null ? List.of(of) : List.of(node(parameter), of));
        }
        Expr.Call call = (Expr.Call) expr;
        boolean info = call.function() == Function.INFO; // whose second argument selects labels
        List<Node> children = call.arguments().stream()
                .limit(info ? 1 : Long.MAX_VALUE)
                .map(this::node)
                .toList();
        return node("call", expr, List.of(), children);
    }

    private Node node(String kind, Expr expr, List<Read> read, List<Node> children) {
        budget.charge(0, NODE_BYTES);
        int offset = expr.at().offset();
        String[] place = source.lineAndColumn(offset).split(":", -1);
        return new Node(
                kind,
                Printer.own(expr),
                offset,
                Integer.parseInt(place[0]),
                Integer.parseInt(place[1]),
                read,
                children);
    }
}
