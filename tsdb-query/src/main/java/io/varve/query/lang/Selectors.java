package io.varve.query.lang;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The selectors of an expression, wherever in it they stand. */
public final class Selectors {

    /** Labels by which {@code info} finds what it adds; all others may be added. */
    private static final Passing INFO = new Passing(false, Set.of("instance", "job"));

    private Selectors() {}

    /**
     * A selector of an expression, and which labels of its series are those of the answer.
     *
     * @param matchers of the selector
     * @param passing labels that a series of the answer has with the value that the selected series have
     */
    public record Source(List<Matcher> matchers, Passing passing) {}

    /**
     * Some labels; never the metric's name.
     *
     * @param allBut whether they are all but the ones named
     */
    public record Passing(boolean allBut, Set<String> names) {

        static final Passing ALL = new Passing(true, Set.of());
        static final Passing NONE = new Passing(false, Set.of());

        static Passing allBut(List<String> names) {
            return new Passing(true, Set.copyOf(names));
        }

        static Passing only(List<String> names) {
            return new Passing(false, Set.copyOf(names));
        }

        /** Whether a label is one of them. */
        public boolean has(String label) {
            return names.contains(label) != allBut && !label.equals(Labels.NAME);
        }

        Passing and(Passing other) {
            if (!allBut && other.allBut) {
                return other.and(this);
            }
            Set<String> all = new HashSet<>(other.names);
            if (allBut && other.allBut) {
                all.addAll(names);
            } else if (allBut) {
                all.removeAll(names);
            } else {
                all.retainAll(names);
            }
            return new Passing(other.allBut, Set.copyOf(all));
        }

        /** These and some more. */
        Passing with(List<String> more) {
            Set<String> all = new HashSet<>(names);
            if (allBut) {
                more.forEach(all::remove);
            } else {
                all.addAll(more);
            }
            return new Passing(allBut, Set.copyOf(all));
        }
    }

    /** The matchers of each selector of an expression, from left to right. */
    public static List<List<Matcher>> of(Expr expr) {
        return sources(expr).stream().map(Source::matchers).toList();
    }

    /** The selectors of an expression, from left to right. */
    public static List<Source> sources(Expr expr) {
        List<Source> found = new ArrayList<>();
        collect(expr, Passing.ALL, found);
        return found;
    }

    private static void collect(Expr expr, Passing outer, List<Source> found) {
        Passing passing = expr.type() == ValueType.SCALAR ? Passing.NONE : outer;
        if (expr instanceof Expr.Selector selector) {
            found.add(new Source(selector.matchers(), passing));
        } else if (expr instanceof Expr.RangeSelector range) {
            collect(range.selector(), passing, found);
        } else if (expr instanceof Expr.Subquery subquery) {
            collect(subquery.expr(), passing, found);
        } else if (expr instanceof Expr.Negation negation) {
            collect(negation.expr(), passing, found);
        } else if (expr instanceof Expr.Plus plus) {
            collect(plus.expr(), passing, found);
        } else if (expr instanceof Expr.Binary binary) {
            collect(binary.left(), passing.and(side(binary, true)), found);
            collect(binary.right(), passing.and(side(binary, false)), found);
        } else if (expr instanceof Expr.Aggregation aggregation) {
            Expr parameter = aggregation.parameter();
            if (parameter != null) {
                collect(parameter, Passing.NONE, found);
            }
            collect(aggregation.expr(), passing.and(grouped(aggregation)), found);
        } else if (expr instanceof Expr.Call call) {
            boolean info = call.function() == Function.INFO; // whose second argument selects labels
            Passing through = passing.and(called(call));
            call.arguments().stream()
                    .limit(info ? 1 : Long.MAX_VALUE)
                    .forEach(argument -> collect(argument, through, found));
        }
    }

    /** What a side of an operator gives to its answer. */
    private static Passing side(Expr.Binary binary, boolean left) {
        boolean vectors =
                binary.left().type() != ValueType.SCALAR && binary.right().type() != ValueType.SCALAR;
        if (!vectors || binary.operator() == BinaryOperator.OR) {
            return Passing.ALL;
        }
        Expr.Matching matching = binary.matching();
        Passing matched = matching.on() ? Passing.only(matching.labels()) : Passing.allBut(matching.labels());
        if (binary.operator().isSet()) {
            return left ? Passing.ALL : matched;
        }
        return switch (matching.cardinality()) {
            case ONE_TO_ONE -> matched;
            case MANY_TO_ONE -> left ? Passing.allBut(matching.include()) : matched.with(matching.include());
            case ONE_TO_MANY -> left ? matched.with(matching.include()) : Passing.allBut(matching.include());
        };
    }

    private static Passing grouped(Expr.Aggregation aggregation) {
        if (aggregation.aggregator().selectsSeries()) {
            return Passing.ALL;
        }
        Passing grouped =
                aggregation.without() ? Passing.allBut(aggregation.labels()) : Passing.only(aggregation.labels());
        return aggregation.parameter() instanceof Expr.StringLiteral made // of count_values
                ? grouped.and(Passing.allBut(List.of(made.value())))
                : grouped;
    }

    private static Passing called(Expr.Call call) {
        return switch (call.function()) {
            case INFO -> INFO;
            case LABEL_REPLACE, LABEL_JOIN, HISTOGRAM_QUANTILES ->
                call.arguments().get(1) instanceof Expr.StringLiteral made
                        ? Passing.allBut(List.of(made.value()))
                        : Passing.ALL;
            default -> Passing.ALL;
        };
    }
}
