package io.varve.query.exec;

import io.varve.query.lang.Expr;
import io.varve.query.lang.Function;
import io.varve.query.lang.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which vectors stand in an expression several times, to be evaluated at the same steps. Expressions are compared by
 * what they say; where they stand makes no difference. What is inside of a repeated one counts once. One thread.
 */
final class Repeats {

    /** Nothing is shared. */
    static final Repeats NONE = new Repeats();

    /** Larger expressions are not looked through, so that hostile ones cost nothing here. */
    private static final int MOST_NODES = 2_000;

    private final IdentityHashMap<Expr, SharedVector> byNode = new IdentityHashMap<>();
    private final Map<Place, List<Expr>> places = new HashMap<>();
    private int nodes;

    /**
     * A vector and the subqueries around it, which say at which steps it is evaluated, outermost first.
     *
     * @param around without what they evaluate
     */
    private record Place(Expr vector, List<Steps> around) {}

    /** What says at which steps a subquery evaluates. */
    private record Steps(long range, long step, Expr.Timing timing) {}

    private Repeats() {}

    /** Looks through an expression. */
    static Repeats of(Expr expr) {
        Repeats repeats = new Repeats();
        repeats.visit(expr, List.of());
        if (repeats.nodes > MOST_NODES) {
            return NONE;
        }
        for (List<Expr> same : repeats.places.values()) {
            if (same.size() > 1) {
                SharedVector shared = new SharedVector(same.size());
                same.forEach(node -> repeats.byNode.put(node, shared));
            }
        }
        return repeats.byNode.isEmpty() ? NONE : repeats;
    }

    /** What is shared of a node, or null if it is nothing. */
    @Nullable
    SharedVector shared(Expr node) {
        return byNode.get(node);
    }

    private void visit(Expr expr, List<Steps> around) {
        if (++nodes > MOST_NODES) {
            return;
        }
        if (expr.type() == ValueType.VECTOR) {
            List<Expr> same = places.computeIfAbsent(new Place(expr, around), place -> new ArrayList<>(1));
            same.add(expr);
            if (same.size() > 1) {
                return;
            }
        }
        if (expr instanceof Expr.Subquery sub) {
            List<Steps> inside = new ArrayList<>(around);
            inside.add(new Steps(sub.rangeNanos(), sub.stepNanos(), sub.timing()));
            visit(sub.expr(), inside);
        } else {
            evaluated(expr).forEach(child -> visit(child, around));
        }
    }

    /** What an expression has evaluated: not its selectors where it reads them in a way of its own. */
    private static List<Expr> evaluated(Expr expr) {
        if (expr instanceof Expr.Call call) {
            List<Expr> arguments = call.arguments();
            if (call.function() == Function.INFO) {
                return arguments.subList(0, 1);
            }
            boolean times = call.function() == Function.TIMESTAMP || call.function() == Function.START_TIMESTAMP;
            return times && arguments.get(0) instanceof Expr.Selector ? List.of() : arguments;
        }
        return expr instanceof Expr.RangeSelector ? List.of() : SharedVector.children(expr);
    }
}
