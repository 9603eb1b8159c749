package io.varve.query.script;

import io.varve.core.model.Matcher;
import io.varve.query.lang.DurationExpr;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Expr.Cardinality;
import io.varve.query.lang.ValueType;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What an expression is made of, each part by a name: {@code function rate}, {@code operator +}, {@code offset}, … */
final class Words {

    private final Set<String> found = new TreeSet<>();

    /** All that were met. */
    Set<String> found() {
        return found;
    }

    void expression(Expr expr) {
        if (expr instanceof Expr.StringLiteral) {
            found.add("string");
        } else if (expr instanceof Expr.NumberLiteral) {
            found.add("number");
        } else if (expr instanceof Expr.Selector selector) {
            selector(selector, false);
        } else if (expr instanceof Expr.RangeSelector range) {
            selector(range.selector(), true);
            duration(range.range());
        } else if (expr instanceof Expr.Subquery sub) {
            subquery(sub);
        } else if (expr instanceof Expr.Negation negation) {
            found.add("sign - of " + of(negation.expr()));
            expression(negation.expr());
        } else if (expr instanceof Expr.Plus plus) {
            found.add("sign + of " + of(plus.expr()));
            expression(plus.expr());
        } else if (expr instanceof Expr.Binary binary) {
            binary(binary);
        } else if (expr instanceof Expr.Aggregation aggregation) {
            aggregation(aggregation);
        } else if (expr instanceof Expr.Call call) {
            found.add("function " + call.function().text());
            call.arguments().forEach(this::expression);
        }
    }

    private static String of(Expr expr) {
        return expr.type() == ValueType.SCALAR ? "scalar" : "vector";
    }

    private void selector(Expr.Selector selector, boolean range) {
        for (Matcher matcher : selector.matchers()) {
            found.add("matcher " + matcher.type().operator());
        }
        if (selector.edges() != Expr.Edges.PLAIN) {
            found.add(selector.edges().text() + (range ? " range" : " instant"));
        }
        timing(selector.timing());
    }

    private void timing(Expr.Timing timing) {
        if (timing.anchor() != Expr.Anchor.NONE) {
            found.add("@ " + timing.anchor());
        }
        if (!timing.offset().equals(DurationExpr.Literal.ZERO)) {
            boolean ahead = timing.offset() instanceof DurationExpr.Literal literal && literal.nanos() < 0;
            found.add(ahead ? "offset ahead" : "offset");
            duration(timing.offset());
        }
    }

    private void subquery(Expr.Subquery sub) {
        boolean standard = sub.step().equals(DurationExpr.Literal.ZERO);
        found.add(standard ? "subquery without a step" : "subquery with a step");
        expression(sub.expr());
        duration(sub.range());
        duration(sub.step());
        timing(sub.timing());
    }

    private void duration(DurationExpr duration) {
        if (duration instanceof DurationExpr.Clock clock) {
            found.add("duration " + clock);
        } else if (duration instanceof DurationExpr.Negation negation) {
            found.add("duration sign");
            duration(negation.of());
        } else if (duration instanceof DurationExpr.Operation operation) {
            found.add("duration " + operation.operator());
            duration(operation.left());
            duration(operation.right());
        }
    }

    private void binary(Expr.Binary binary) {
        found.add("operator " + binary.operator().symbol());
        if (binary.bool()) {
            found.add("bool " + binary.operator().symbol());
        }
        Expr.Matching matching = binary.matching();
        boolean named = matching.on() || !matching.labels().isEmpty();
        if (named) {
            found.add(matching.on() ? "on" : "ignoring");
        }
        if (matching.cardinality() != Cardinality.ONE_TO_ONE) {
            found.add(matching.cardinality() == Cardinality.MANY_TO_ONE ? "group_left" : "group_right");
        }
        fill(matching.fillLeft(), matching.fillRight());
        expression(binary.left());
        expression(binary.right());
    }

    private void fill(@Nullable Double left, @Nullable Double right) {
        if (left != null && left.equals(right)) {
            found.add("fill");
        } else if (left != null || right != null) {
            found.add(
                    left != null && right != null ? "fill_left fill_right" : left != null ? "fill_left" : "fill_right");
        }
    }

    private void aggregation(Expr.Aggregation aggregation) {
        found.add("aggregation " + aggregation.aggregator().text());
        if (aggregation.without() || !aggregation.labels().isEmpty()) {
            found.add(aggregation.without() ? "without" : "by");
        }
        expression(aggregation.expr());
        Expr parameter = aggregation.parameter();
        if (parameter != null) {
            expression(parameter);
        }
    }
}
