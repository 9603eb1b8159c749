package io.varve.query.lang;

import io.varve.query.lang.DurationExpr.Clock;
import io.varve.query.lang.DurationExpr.Literal;
import io.varve.query.lang.DurationExpr.Negation;
import io.varve.query.lang.DurationExpr.Operation;
import io.varve.query.lang.DurationExpr.Operator;
import org.jspecify.annotations.Nullable;

/** The grammar of durations in brackets and behind {@code offset} and {@code @}. */
final class DurationParser {

    private final TokenStream tokens;
    private final SourceText source;

    /** Operands and parentheses so far: what bounds these bounds the depth. */
    private int parts;

    DurationParser(TokenStream tokens, SourceText source) {
        this.tokens = tokens;
        this.source = source;
    }

    /** A duration as it stands in brackets. */
    DurationExpr whole() {
        parts = 0;
        return plain(expression(0));
    }

    /** A duration as it stands behind {@code offset}: nothing but a primary, with a sign if need be. */
    DurationExpr offset() {
        parts = 0;
        Token sign = tokens.peek();
        if (sign.is("-") || sign.is("+")) {
            tokens.next();
        }
        DurationExpr primary = primary();
        return plain(sign.is("-") ? negated(primary) : primary);
    }

    /** Nanoseconds as they stand behind {@code @}, where nothing is computed. */
    long literal() {
        boolean negative = tokens.accept("-");
        if (!negative) {
            tokens.accept("+");
        }
        Token token = tokens.next();
        if (token.kind() != Token.Kind.NUMBER && token.kind() != Token.Kind.DURATION) {
            throw source.error(token.start(), "unexpected " + token.describe() + ", expected number or duration");
        }
        long nanos = Literals.nanos(token, source);
        return negative ? -nanos : nanos;
    }

    /** A literal that stands alone is a duration, however it was written. */
    private static DurationExpr plain(DurationExpr duration) {
        return duration instanceof Literal literal ? new Literal(literal.nanos(), false) : duration;
    }

    private static DurationExpr negated(DurationExpr duration) {
        return duration instanceof Literal literal
                ? new Literal(-literal.nanos(), literal.bare())
                : new Negation(duration);
    }

    private DurationExpr expression(int minimum) {
        parts++;
        if (parts > Parser.MAX_DEPTH) {
            throw source.error(
                    tokens.peek().start(), "duration nested too deeply or too long: limit=" + Parser.MAX_DEPTH);
        }
        DurationExpr left = operand();
        while (true) {
            Token token = tokens.peek();
            Operator operator = operator(token);
            if (operator == null || operator.precedence() < minimum) {
                break;
            }
            tokens.next();
            int right = operator == Operator.POW ? operator.precedence() : operator.precedence() + 1;
            left = new Operation(new Position(token.start()), operator, left, expression(right));
        }
        return left;
    }

    private static @Nullable Operator operator(Token token) {
        for (Operator operator : Operator.values()) {
            if (!operator.isFunction() && token.is(operator.text())) {
                return operator;
            }
        }
        return null;
    }

    private DurationExpr operand() {
        Token sign = tokens.peek();
        if (sign.is("-") || sign.is("+")) {
            tokens.next();
            DurationExpr operand = expression(BinaryOperator.UNARY_PRECEDENCE + 1);
            return sign.is("-") ? negated(operand) : operand;
        }
        return primary();
    }

    private DurationExpr primary() {
        Token token = tokens.next();
        if (token.kind() == Token.Kind.NUMBER || token.kind() == Token.Kind.DURATION) {
            return new Literal(Literals.nanos(token, source), token.kind() == Token.Kind.NUMBER);
        }
        if (token.is("(")) {
            DurationExpr inner = expression(0);
            tokens.expect(")", "to close the parenthesis");
            return inner;
        }
        for (Clock clock : Clock.values()) {
            if (token.isWord(clock.text().substring(0, clock.text().length() - 2))) {
                tokens.expect("(", "behind " + token.text());
                tokens.expect(")", "behind " + token.text());
                return clock;
            }
        }
        for (Operator operator : Operator.values()) {
            if (operator.isFunction() && token.isWord(operator.text())) {
                tokens.expect("(", "behind " + token.text());
                DurationExpr left = expression(0);
                tokens.expect(",", "between two durations");
                DurationExpr right = expression(0);
                tokens.expect(")", "to close " + token.text());
                return new Operation(new Position(token.start()), operator, left, right);
            }
        }
        throw source.error(token.start(), "unexpected " + token.describe() + ", expected number or duration");
    }
}
