package io.varve.query.lang;

import io.varve.query.QueryException;
import io.varve.query.lang.Expr.Matching;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses an expression by operator precedence (V. Pratt, "Top down operator precedence", POPL 1973). What it returns
 * is well-typed. Every error is a {@link QueryException} of kind BAD_DATA with line, column and a caret.
 *
 * <p>Hostile input: expressions longer than {@link #MAX_LENGTH} or deeper than {@link #MAX_DEPTH} are refused, so
 * recursion over a tree is safe on any usual stack. On a smaller one the parser says so.
 */
public final class Parser {

    /** Longest expression, UTF-16 units. */
    public static final int MAX_LENGTH = 1 << 20;

    /** Deepest tree and deepest nesting of parentheses. */
    public static final int MAX_DEPTH = 256;

    private static final Set<String> KEYWORDS = Set.of(
            "and",
            "or",
            "unless",
            "atan2",
            "on",
            "ignoring",
            "group_left",
            "group_right",
            "by",
            "without",
            "offset",
            "bool",
            "start",
            "end",
            "inf",
            "nan",
            "anchored",
            "smoothed",
            "fill",
            "fill_left",
            "fill_right");

    private final SourceText source;
    private final TokenStream tokens;
    private final SelectorParser selectors;
    private final MatchingParser matchings;
    private final Dialect dialect;
    private int nesting;

    /** Depth of the tree that was built last. */
    private int depth;

    private Parser(String text, Dialect dialect) {
        this.source = new SourceText(text);
        this.tokens = new TokenStream(Lexer.tokens(text, source), source);
        this.selectors = new SelectorParser(tokens, source, dialect);
        this.matchings = new MatchingParser(tokens, source, selectors, dialect);
        this.dialect = dialect;
    }

    /**
     * Parses and checks an expression without experimental parts.
     *
     * @throws QueryException if it is not one
     */
    public static Expr parse(String text) {
        return parse(text, Dialect.STABLE);
    }

    /**
     * Parses and checks an expression. What {@link Resolver} makes of it can be evaluated.
     *
     * @throws QueryException if it is not one, or has parts that are switched off
     */
    public static Expr parse(String text, Dialect dialect) {
        if (text.length() > MAX_LENGTH) {
            throw new QueryException(
                    QueryException.Kind.BAD_DATA,
                    "expression too long: characters=" + text.length() + ", limit=" + MAX_LENGTH);
        }
        Parser parser = new Parser(text, dialect);
        try {
            return parser.whole();
        } catch (StackOverflowError e) { // nothing but this parser was touched
            throw parser.source.error(
                    parser.tokens.peek().start(), "expression nested too deeply for this thread's stack");
        }
    }

    private Expr whole() {
        if (tokens.peek().kind() == Token.Kind.END) {
            throw source.error(0, "no expression found in input");
        }
        Expr expr = expression(0);
        Token rest = tokens.peek();
        if (rest.kind() != Token.Kind.END) {
            throw source.error(rest.start(), "unexpected " + rest.describe());
        }
        return expr;
    }

    static boolean isReservedName(String name) {
        return KEYWORDS.contains(name.toLowerCase(Locale.ROOT)) || Aggregator.of(name) != null;
    }

    private Expr expression(int minimum) {
        nesting++;
        checkDepth(nesting);
        Expr left = operand();
        int leftDepth = depth;
        while (true) {
            Token token = tokens.peek();
            BinaryOperator operator = BinaryOperator.of(token);
            if (operator == null || operator.precedence() < minimum) {
                break;
            }
            tokens.next();
            boolean bool = tokens.acceptWord("bool");
            Matching matching = matchings.matching();
            Expr right = expression(operator.precedence() + (operator.isRightAssociative() ? 0 : 1));
            deepen(Math.max(leftDepth, depth));
            leftDepth = depth;
            Expr.Binary binary = new Expr.Binary(new Position(token.start()), operator, left, right, bool, matching);
            TypeCheck.binary(binary, source);
            left = binary;
        }
        depth = leftDepth;
        nesting--;
        return left;
    }

    private void deepen(int below) {
        depth = below + 1;
        checkDepth(depth);
    }

    private void checkDepth(int value) {
        if (value > MAX_DEPTH) {
            throw source.error(tokens.peek().start(), "expression nested too deeply: limit=" + MAX_DEPTH);
        }
    }

    /** An operand with its sign before it and its windows and modifiers behind it. */
    private Expr operand() {
        Token sign = tokens.peek();
        if (sign.is("-") || sign.is("+")) {
            tokens.next();
            Expr expr = expression(BinaryOperator.UNARY_PRECEDENCE + 1);
            TypeCheck.signed(expr, source);
            Position at = new Position(sign.start());
            if (sign.is("+") && expr instanceof Expr.NumberLiteral number) {
                return new Expr.NumberLiteral(at, number.value());
            }
            deepen(depth);
            return sign.is("+") ? new Expr.Plus(at, expr) : new Expr.Negation(at, expr);
        }
        Expr expr = primary();
        while (true) {
            Token token = tokens.peek();
            if (token.is("[")) {
                expr = selectors.window(expr);
                deepen(depth);
            } else if (token.is("@") || token.isWord("offset")) {
                expr = selectors.modifier(expr);
            } else if (token.isWord("anchored") || token.isWord("smoothed")) {
                expr = selectors.edges(expr);
            } else {
                return expr;
            }
        }
    }

    private Expr primary() {
        Token token = tokens.peek();
        switch (token.kind()) {
            case NUMBER, DURATION -> {
                tokens.next();
                depth = 1;
                return new Expr.NumberLiteral(new Position(token.start()), Literals.number(token, source));
            }
            case STRING -> {
                tokens.next();
                depth = 1;
                return new Expr.StringLiteral(new Position(token.start()), token.text());
            }
            case IDENTIFIER -> {
                return word(token);
            }
            default -> {
                if (token.is("(")) {
                    tokens.next();
                    Expr inner = expression(0);
                    tokens.expect(")", "to close the parenthesis");
                    return inner;
                }
                if (token.is("{")) {
                    depth = 1;
                    return selectors.selector();
                }
                throw source.error(token.start(), "unexpected " + token.describe());
            }
        }
    }

    private Expr word(Token token) {
        Token after = tokens.peekSecond();
        Aggregator aggregator = Aggregator.of(token.text());
        if (aggregator != null && (after.is("(") || after.isWord("by") || after.isWord("without"))) {
            return aggregation(aggregator);
        }
        if (after.is("(")) {
            return call();
        }
        depth = 1;
        if (token.isWord("inf") || token.isWord("nan")) {
            tokens.next();
            return new Expr.NumberLiteral(new Position(token.start()), Literals.special(token));
        }
        return selectors.selector();
    }

    private Expr aggregation(Aggregator aggregator) {
        Token word = tokens.next();
        if (aggregator.isExperimental()) {
            dialect.require(aggregator.text() + "()", word, source);
        }
        Boolean without = groupingWord();
        List<String> labels = without == null ? List.of() : selectors.labelNames();
        Token open = tokens.peek();
        List<Expr> arguments = arguments();
        if (without == null) {
            without = groupingWord();
            labels = without == null ? List.of() : selectors.labelNames();
        }
        int expected = aggregator.parameter() == null ? 1 : 2;
        if (arguments.size() != expected) {
            throw source.error(
                    open.start(),
                    "wrong number of arguments for aggregate expression provided, expected " + expected + ", got "
                            + arguments.size());
        }
        Expr expr = arguments.get(expected - 1);
        Expr parameter = expected == 1 ? null : arguments.get(0);
        TypeCheck.aggregation(aggregator, expr, parameter, source);
        return new Expr.Aggregation(
                new Position(word.start()), aggregator, expr, parameter, without != null && without, labels);
    }

    private @Nullable Boolean groupingWord() {
        if (tokens.acceptWord("without")) {
            return true;
        }
        return tokens.acceptWord("by") ? false : null;
    }

    private Expr call() {
        Token name = tokens.next();
        Function function = Function.of(name.text());
        if (function == null) {
            throw source.error(
                    name.start(), "unknown function with name \"" + name.text() + "\"" + Function.hint(name.text()));
        }
        if (function.isExperimental()) {
            dialect.require(function.text() + "()", name, source);
        }
        List<Expr> arguments = function == Function.INFO ? infoArguments() : arguments();
        Expr.Call call = new Expr.Call(new Position(name.start()), function, arguments);
        TypeCheck.call(call, source);
        return call;
    }

    /** A vector, and perhaps matchers in braces, which need not refuse the empty value. */
    private List<Expr> infoArguments() {
        tokens.expect("(", "to begin the arguments");
        List<Expr> arguments = new ArrayList<>();
        arguments.add(expression(0));
        int deepest = depth;
        if (tokens.accept(",")) {
            if (!tokens.peek().is("{")) {
                throw source.error(
                        tokens.peek().start(),
                        "unexpected " + tokens.peek().describe() + ", expected label matchers in braces");
            }
            arguments.add(selectors.matchersAlone());
        }
        tokens.expect(")", "to close the arguments");
        deepen(deepest);
        return List.copyOf(arguments);
    }

    private List<Expr> arguments() {
        tokens.expect("(", "to begin the arguments");
        List<Expr> arguments = new ArrayList<>();
        int deepest = 0;
        while (!tokens.peek().is(")")) {
            arguments.add(expression(0));
            deepest = Math.max(deepest, depth);
            Token comma = tokens.peek();
            if (!tokens.accept(",")) {
                break;
            }
            if (tokens.peek().is(")")) {
                throw source.error(comma.start(), "trailing commas not allowed in function call args");
            }
        }
        tokens.expect(")", "to close the arguments");
        deepen(deepest);
        return List.copyOf(arguments);
    }
}
