package io.varve.query.lang;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.RegularExpression;
import io.varve.query.lang.Expr.Anchor;
import io.varve.query.lang.Expr.Edges;
import io.varve.query.lang.Expr.Timing;
import java.util.ArrayList;
import java.util.List;

/** The part of the grammar inside braces and brackets, with the modifiers behind them. */
final class SelectorParser {

    /** Largest regular expressions of one query together, characters. */
    private static final int MAX_PATTERNS = 2 * RegularExpression.MAX_SIZE;

    private final TokenStream tokens;
    private final SourceText source;
    private final Dialect dialect;
    private final DurationParser durations;

    /** Characters of regular expressions so far, which take a while to compile. */
    private int patterns;

    SelectorParser(TokenStream tokens, SourceText source, Dialect dialect) {
        this.tokens = tokens;
        this.source = source;
        this.dialect = dialect;
        this.durations = new DurationParser(tokens, source);
    }

    /** A name, matchers in braces, or both. */
    Expr.Selector selector() {
        Expr.Selector selector = matchersAlone();
        if (selector.matchers().stream().allMatch(Matcher::matchesAbsent)) {
            throw source.error(selector.at().offset(), "vector selector must contain at least one non-empty matcher");
        }
        return selector;
    }

    /** The same, but the matchers may all accept the empty value, and there may be none. */
    Expr.Selector matchersAlone() {
        Token first = tokens.peek();
        String name = "";
        if (first.kind() == Token.Kind.IDENTIFIER) {
            name = tokens.next().text();
        }
        List<Matcher> matchers = new ArrayList<>();
        if (tokens.accept("{")) {
            while (!tokens.peek().is("}")) {
                Token label = tokens.peek();
                if (label.kind() == Token.Kind.STRING && !isMatcherSign(tokens.peekSecond())) {
                    checkSecondName(name, label.text(), label);
                    name = label.text();
                    tokens.next();
                } else {
                    matchers.add(matcher());
                }
                if (!tokens.accept(",")) {
                    break;
                }
            }
            tokens.expect("}", "to close the matchers");
        }
        if (!name.isEmpty()) {
            for (Matcher matcher : matchers) {
                if (matcher.name().equals(Labels.NAME)) {
                    checkSecondName(name, matcher.value(), first);
                }
            }
            matchers.add(0, Matcher.equal(Labels.NAME, name));
        }
        return new Expr.Selector(new Position(first.start()), List.copyOf(matchers), Timing.PLAIN, Edges.PLAIN);
    }

    private void checkSecondName(String name, String second, Token at) {
        if (second.isEmpty()) {
            throw source.error(at.start(), "metric names are not empty");
        }
        if (!name.isEmpty()) {
            throw source.error(at.start(), "metric name must not be set twice: \"" + name + "\" or \"" + second + "\"");
        }
    }

    private static boolean isMatcherSign(Token token) {
        return token.is("=") || token.is("!=") || token.is("=~") || token.is("!~");
    }

    private Matcher matcher() {
        String name = labelName();
        Token sign = tokens.next();
        if (!isMatcherSign(sign)) {
            throw source.error(
                    sign.start(), "unexpected " + sign.describe() + ", expected one of \"=\", \"!=\", \"=~\", \"!~\"");
        }
        Token value = tokens.next();
        if (value.kind() != Token.Kind.STRING) {
            throw source.error(value.start(), "unexpected " + value.describe() + ", expected a string");
        }
        for (Matcher.Type type : Matcher.Type.values()) {
            if (type.operator().equals(sign.text())) {
                checkPatterns(type, value);
                try {
                    return Matcher.of(type, name, value.text());
                } catch (IllegalArgumentException | StackOverflowError e) { // RE2 parses nested groups recursively
                    throw source.error(value.start(), "bad regular expression: " + e.getMessage());
                }
            }
        }
        throw new AssertionError("BUG: a matcher's sign without a type: " + sign);
    }

    private void checkPatterns(Matcher.Type type, Token value) {
        boolean isPattern = type == Matcher.Type.REGEX || type == Matcher.Type.NOT_REGEX;
        patterns += isPattern ? value.text().length() : 0;
        if (patterns > MAX_PATTERNS) {
            throw source.error(
                    value.start(),
                    "regular expressions too large together: characters=" + patterns + ", limit=" + MAX_PATTERNS);
        }
    }

    private String labelName() {
        Token token = tokens.next();
        boolean quoted = token.kind() == Token.Kind.STRING && !token.text().isEmpty();
        boolean word = token.kind() == Token.Kind.IDENTIFIER && token.text().indexOf(':') < 0;
        if (!quoted && !word) {
            throw source.error(token.start(), "unexpected " + token.describe() + ", expected a label name");
        }
        return token.text();
    }

    /** Names in parentheses, as behind {@code by} and {@code on}. */
    List<String> labelNames() {
        tokens.expect("(", "to begin the label names");
        List<String> names = new ArrayList<>();
        while (!tokens.peek().is(")")) {
            names.add(labelName());
            if (!tokens.accept(",")) {
                break;
            }
        }
        tokens.expect(")", "to close the label names");
        return List.copyOf(names);
    }

    /** A range or a subquery behind an expression; the opening bracket is next. */
    Expr window(Expr expr) {
        Token open = tokens.next();
        DurationExpr range = positive(durations.whole(), open, "range");
        if (!tokens.accept(":")) {
            tokens.expect("]", "to close the range");
            if (!(expr instanceof Expr.Selector selector)) {
                throw source.error(open.start(), "ranges only allowed for vector selectors");
            }
            if (!selector.timing().equals(Timing.PLAIN)) {
                throw source.error(open.start(), "no offset or @ modifiers allowed before range");
            }
            if (selector.edges() != Edges.PLAIN) {
                throw source.error(open.start(), "no " + selector.edges().text() + " modifier allowed before range");
            }
            return new Expr.RangeSelector(selector.at(), selector, range);
        }
        DurationExpr step =
                tokens.peek().is("]") ? DurationExpr.Literal.ZERO : positive(durations.whole(), open, "step");
        tokens.expect("]", "to close the subquery");
        if (expr.type() != ValueType.VECTOR) {
            throw source.error(
                    open.start(),
                    "subquery is only allowed on instant vector, got "
                            + expr.type().text());
        }
        return new Expr.Subquery(expr.at(), expr, range, step, Timing.PLAIN);
    }

    /** Refuses what can be seen to be no length; what is computed shows later. */
    private DurationExpr positive(DurationExpr duration, Token at, String what) {
        if (duration instanceof DurationExpr.Literal literal && literal.nanos() <= 0) {
            throw source.error(at.start(), what + " must be greater than 0");
        }
        return duration;
    }

    /** {@code offset} or {@code @} behind an expression. */
    Expr modifier(Expr expr) {
        Token word = tokens.next();
        Timing old = timingOf(expr, word);
        Timing timing;
        if (word.is("@")) {
            if (old.anchor() != Anchor.NONE) {
                throw source.error(word.start(), "@ <timestamp> may not be set multiple times");
            }
            timing = anchored(old);
        } else {
            if (!old.offset().equals(DurationExpr.Literal.ZERO)) {
                throw source.error(word.start(), "offset may not be set multiple times");
            }
            timing = new Timing(old.anchor(), old.anchorNanos(), durations.offset());
        }
        if (expr instanceof Expr.Selector s) {
            return new Expr.Selector(s.at(), s.matchers(), timing, s.edges());
        } else if (expr instanceof Expr.RangeSelector r) {
            Expr.Selector s = r.selector();
            return new Expr.RangeSelector(
                    r.at(), new Expr.Selector(s.at(), s.matchers(), timing, s.edges()), r.range());
        }
        Expr.Subquery q = (Expr.Subquery) expr;
        return new Expr.Subquery(q.at(), q.expr(), q.range(), q.step(), timing);
    }

    /** {@code anchored} or {@code smoothed} behind an expression. */
    Expr edges(Expr expr) {
        Token word = tokens.next();
        Edges edges = word.isWord("anchored") ? Edges.ANCHORED : Edges.SMOOTHED;
        dialect.require("the " + edges.text() + " modifier", word, source);
        Expr.RangeSelector range = expr instanceof Expr.RangeSelector r ? r : null;
        Expr.Selector selector = range != null ? range.selector() : expr instanceof Expr.Selector s ? s : null;
        if (selector == null) {
            throw source.error(
                    word.start(),
                    edges.text() + " modifier must be preceded by an instant vector selector or range vector selector");
        }
        if (selector.edges() != Edges.PLAIN) {
            throw source.error(word.start(), "anchored and smoothed modifiers may be set once only");
        }
        if (edges == Edges.ANCHORED && range == null) {
            throw source.error(word.start(), "anchored modifier can only be used with a range vector selector");
        }
        Expr.Selector with = new Expr.Selector(selector.at(), selector.matchers(), selector.timing(), edges);
        return range == null ? with : new Expr.RangeSelector(range.at(), with, range.range());
    }

    private Timing anchored(Timing old) {
        Token token = tokens.peek();
        if (token.isWord("start") || token.isWord("end")) {
            tokens.next();
            tokens.expect("(", "behind @ start and @ end");
            tokens.expect(")", "behind @ start and @ end");
            return new Timing(token.isWord("start") ? Anchor.START : Anchor.END, 0, old.offset());
        }
        return new Timing(Anchor.LITERAL, durations.literal(), old.offset());
    }

    private Timing timingOf(Expr expr, Token word) {
        if (expr instanceof Expr.Selector s) {
            return s.timing();
        } else if (expr instanceof Expr.RangeSelector r) {
            return r.selector().timing();
        } else if (expr instanceof Expr.Subquery q) {
            return q.timing();
        }
        throw source.error(
                word.start(),
                word.text() + " modifier must be preceded by an instant vector selector or range vector selector or a"
                        + " subquery");
    }
}
