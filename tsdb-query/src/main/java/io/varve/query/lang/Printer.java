package io.varve.query.lang;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes a tree as text that parses to an equal tree, with parentheses only where they are needed. */
public final class Printer {

    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    private static final Pattern METRIC = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final int ATOM = 8;

    private Printer() {}

    /** The expression as text. */
    public static String print(Expr expr) {
        if (expr instanceof Expr.NumberLiteral number) {
            return Literals.printNumber(number.value());
        } else if (expr instanceof Expr.StringLiteral string) {
            return Literals.quote(string.value());
        } else if (expr instanceof Expr.Selector selector) {
            return matchers(selector.matchers()) + modifiers(selector);
        } else if (expr instanceof Expr.RangeSelector range) {
            Expr.Selector selector = range.selector();
            String window = "[" + DurationPrinter.whole(range.range()) + "]";
            return matchers(selector.matchers()) + window + modifiers(selector);
        } else if (expr instanceof Expr.Subquery sub) {
            return operand(sub.expr(), ATOM) + window(sub);
        } else if (expr instanceof Expr.Negation negation) {
            return "-" + operand(negation.expr(), BinaryOperator.UNARY_PRECEDENCE + 1);
        } else if (expr instanceof Expr.Plus plus) {
            return "+" + operand(plus.expr(), BinaryOperator.UNARY_PRECEDENCE + 1);
        } else if (expr instanceof Expr.Binary binary) {
            return binary(binary);
        } else if (expr instanceof Expr.Aggregation aggregation) {
            return aggregation(aggregation);
        }
        Expr.Call call = (Expr.Call) expr;
        if (call.function() == Function.INFO && call.arguments().size() > 1) {
            Expr.Selector data = (Expr.Selector) call.arguments().get(1);
            return "info(" + print(call.arguments().get(0)) + ", " + braces(data.matchers()) + ")";
        }
        return call.function().text() + list(call.arguments());
    }

    /** What a part of an expression says itself: all of a leaf, else the text without that of its operands. */
    public static String own(Expr expr) {
        if (expr instanceof Expr.Subquery sub) {
            return window(sub);
        } else if (expr instanceof Expr.Negation) {
            return "-";
        } else if (expr instanceof Expr.Plus) {
            return "+";
        } else if (expr instanceof Expr.Binary binary) {
            return operator(binary);
        } else if (expr instanceof Expr.Aggregation aggregation) {
            return grouped(aggregation).trim();
        }
        return expr instanceof Expr.Call call ? call.function().text() : print(expr);
    }

    private static String window(Expr.Subquery sub) {
        String step = sub.step().equals(DurationExpr.Literal.ZERO) ? "" : DurationPrinter.whole(sub.step());
        return "[" + DurationPrinter.whole(sub.range()) + ":" + step + "]" + timing(sub.timing());
    }

    private static String list(List<Expr> arguments) {
        return arguments.stream().map(Printer::print).collect(Collectors.joining(", ", "(", ")"));
    }

    private static String aggregation(Expr.Aggregation expr) {
        Expr parameter = expr.parameter();
        return grouped(expr) + list(parameter == null ? List.of(expr.expr()) : List.of(parameter, expr.expr()));
    }

    private static String grouped(Expr.Aggregation expr) {
        String grouping = expr.labels().isEmpty() && !expr.without()
                ? ""
                : (expr.without() ? " without " : " by ") + names(expr.labels()) + " ";
        return expr.aggregator().text() + grouping;
    }

    private static String binary(Expr.Binary expr) {
        int own = expr.operator().precedence();
        boolean toTheRight = expr.operator().isRightAssociative();
        return operand(expr.left(), toTheRight ? own + 1 : own)
                + " "
                + operator(expr)
                + " "
                + operand(expr.right(), toTheRight ? own : own + 1);
    }

    private static String operator(Expr.Binary expr) {
        String text = expr.operator().symbol() + (expr.bool() ? " bool" : "");
        Expr.Matching matching = expr.matching();
        if (matching.on() || !matching.labels().isEmpty() || matching.cardinality() != Expr.Cardinality.ONE_TO_ONE) {
            text += (matching.on() ? " on " : " ignoring ") + names(matching.labels());
        }
        if (matching.cardinality() != Expr.Cardinality.ONE_TO_ONE) {
            boolean left = matching.cardinality() == Expr.Cardinality.MANY_TO_ONE;
            text += (left ? " group_left " : " group_right ") + names(matching.include());
        }
        return text + fill(matching);
    }

    private static String fill(Expr.Matching matching) {
        Double left = matching.fillLeft();
        Double right = matching.fillRight();
        if (left != null && left.equals(right)) {
            return " fill (" + Literals.printNumber(left) + ")";
        }
        return (left == null ? "" : " fill_left (" + Literals.printNumber(left) + ")")
                + (right == null ? "" : " fill_right (" + Literals.printNumber(right) + ")");
    }

    private static String operand(Expr expr, int needed) {
        return precedence(expr) < needed ? "(" + print(expr) + ")" : print(expr);
    }

    private static int precedence(Expr expr) {
        if (expr instanceof Expr.Binary binary) {
            return binary.operator().precedence();
        }
        boolean signed = expr instanceof Expr.Negation || expr instanceof Expr.Plus;
        return signed ? BinaryOperator.UNARY_PRECEDENCE : ATOM;
    }

    private static String names(List<String> names) {
        return names.stream().map(Printer::name).collect(Collectors.joining(", ", "(", ")"));
    }

    private static String name(String name) {
        return LABEL.matcher(name).matches() ? name : Literals.quote(name);
    }

    private static String matchers(List<Matcher> matchers) {
        Matcher first = matchers.get(0);
        boolean named = first.name().equals(Labels.NAME)
                && first.type() == Matcher.Type.EQUAL
                && METRIC.matcher(first.value()).matches()
                && !Parser.isReservedName(first.value());
        String rest = braces(matchers.subList(named ? 1 : 0, matchers.size()));
        return !named ? rest : rest.length() == 2 ? first.value() : first.value() + rest;
    }

    private static String braces(List<Matcher> matchers) {
        return matchers.stream()
                .map(m -> name(m.name()) + m.type().operator() + Literals.quote(m.value()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String modifiers(Expr.Selector selector) {
        String edges = selector.edges() == Expr.Edges.PLAIN
                ? ""
                : " " + selector.edges().text();
        return edges + timing(selector.timing());
    }

    private static String timing(Expr.Timing timing) {
        String at =
                switch (timing.anchor()) {
                    case NONE -> "";
                    case LITERAL -> " @ " + Literals.printTime(timing.anchorNanos());
                    case START -> " @ start()";
                    case END -> " @ end()";
                };
        boolean offset = !timing.offset().equals(DurationExpr.Literal.ZERO);
        return at + (offset ? " offset " + DurationPrinter.offset(timing.offset()) : "");
    }
}
