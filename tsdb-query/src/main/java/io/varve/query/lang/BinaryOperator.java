package io.varve.query.lang;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Operators between two expressions, with the strength by which they bind. */
public enum BinaryOperator {
    OR("or", 1, Kind.SET),
    AND("and", 2, Kind.SET),
    UNLESS("unless", 2, Kind.SET),
    EQ("==", 3, Kind.COMPARISON),
    NE("!=", 3, Kind.COMPARISON),
    LT("<", 3, Kind.COMPARISON),
    LE("<=", 3, Kind.COMPARISON),
    GT(">", 3, Kind.COMPARISON),
    GE(">=", 3, Kind.COMPARISON),
    TRIM_UPPER("</", 3, Kind.TRIM),
    TRIM_LOWER(">/", 3, Kind.TRIM),
    ADD("+", 4, Kind.ARITHMETIC),
    SUB("-", 4, Kind.ARITHMETIC),
    MUL("*", 5, Kind.ARITHMETIC),
    DIV("/", 5, Kind.ARITHMETIC),
    MOD("%", 5, Kind.ARITHMETIC),
    ATAN2("atan2", 5, Kind.ARITHMETIC),
    POW("^", 7, Kind.ARITHMETIC);

    /** Strength of the unary signs: that of multiplication, so {@code -1 ^ 2} is {@code -(1 ^ 2)}. */
    static final int UNARY_PRECEDENCE = 5;

    private enum Kind {
        SET,
        COMPARISON,
        TRIM,
        ARITHMETIC
    }

    private final String symbol;
    private final int precedence;
    private final Kind kind;

    BinaryOperator(String symbol, int precedence, Kind kind) {
        this.symbol = symbol;
        this.precedence = precedence;
        this.kind = kind;
    }

    /** The operator as written. */
    public String symbol() {
        return symbol;
    }

    /** Binds tighter the greater it is. */
    int precedence() {
        return precedence;
    }

    boolean isRightAssociative() {
        return this == POW;
    }

    /** Whether this is {@code and}, {@code or}, {@code unless}. */
    public boolean isSet() {
        return kind == Kind.SET;
    }

    /** Whether this compares, and so filters unless {@code bool} is given. */
    public boolean isComparison() {
        return kind == Kind.COMPARISON;
    }

    /** Whether this takes the observations beyond a value out of a histogram. */
    public boolean isTrim() {
        return kind == Kind.TRIM;
    }

    /** Whether what this lets through keeps its metric's name. */
    public boolean keepsName(boolean bool) {
        return isTrim() || isComparison() && !bool;
    }

    /** The operator that a token stands for, or null. */
    static @Nullable BinaryOperator of(Token token) {
        if (token.kind() != Token.Kind.OPERATOR && token.kind() != Token.Kind.IDENTIFIER) {
            return null;
        }
        String text = token.text().toLowerCase(Locale.ROOT);
        for (BinaryOperator operator : values()) {
            if (operator.symbol.equals(text)) {
                return operator;
            }
        }
        return null;
    }
}
