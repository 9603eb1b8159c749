package io.varve.query.lang;

import io.varve.query.lang.Expr.Cardinality;
import io.varve.query.lang.Expr.Matching;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The grammar between an operator and its right operand: which series belong together, and what fills gaps. */
final class MatchingParser {

    private final TokenStream tokens;
    private final SourceText source;
    private final SelectorParser selectors;
    private final Dialect dialect;

    MatchingParser(TokenStream tokens, SourceText source, SelectorParser selectors, Dialect dialect) {
        this.tokens = tokens;
        this.source = source;
        this.selectors = selectors;
        this.dialect = dialect;
    }

    /** What stands there, which may be nothing. */
    Matching matching() {
        Matching matching = groups();
        Double left = null;
        Double right = null;
        while (true) {
            Token word = tokens.peek();
            boolean both = word.isWord("fill");
            boolean leftOnly = word.isWord("fill_left");
            if ((!both && !leftOnly && !word.isWord("fill_right"))
                    || !tokens.peekSecond().is("(")) {
                break; // also a metric of that name
            }
            dialect.require(word.text() + "()", word, source);
            tokens.next();
            if ((!leftOnly && right != null) || ((both || leftOnly) && left != null)) {
                throw source.error(word.start(), "a side can be filled once only");
            }
            double value = fillValue();
            left = both || leftOnly ? (Double) value : left;
            right = leftOnly ? right : (Double) value;
        }
        return filled(matching, left, right);
    }

    private static Matching filled(Matching matching, @Nullable Double left, @Nullable Double right) {
        return left == null && right == null
                ? matching
                : new Matching(
                        matching.cardinality(), matching.on(), matching.labels(), matching.include(), left, right);
    }

    private double fillValue() {
        tokens.expect("(", "before the fill value");
        boolean negative = tokens.accept("-");
        if (!negative) {
            tokens.accept("+");
        }
        Token token = tokens.next();
        double value;
        if (token.kind() == Token.Kind.NUMBER || token.kind() == Token.Kind.DURATION) {
            value = Literals.number(token, source);
        } else if (token.isWord("inf") || token.isWord("nan")) {
            value = Literals.special(token);
        } else {
            throw source.error(token.start(), "unexpected " + token.describe() + ", expected a number to fill with");
        }
        tokens.expect(")", "behind the fill value");
        return negative ? -value : value;
    }

    private Matching groups() {
        boolean on = tokens.peek().isWord("on");
        if (!on && !tokens.peek().isWord("ignoring")) {
            return Matching.PLAIN;
        }
        tokens.next();
        List<String> labels = selectors.labelNames();
        boolean left = tokens.peek().isWord("group_left");
        if (!left && !tokens.peek().isWord("group_right")) {
            return new Matching(Cardinality.ONE_TO_ONE, on, labels, List.of(), null, null);
        }
        Token group = tokens.next();
        List<String> include = tokens.peek().is("(") ? selectors.labelNames() : List.of();
        for (String label : include) {
            if (on && labels.contains(label)) {
                throw source.error(
                        group.start(), "label \"" + label + "\" must not occur in ON and GROUP clause at once");
            }
        }
        return new Matching(left ? Cardinality.MANY_TO_ONE : Cardinality.ONE_TO_MANY, on, labels, include, null, null);
    }
}
