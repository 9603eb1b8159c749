package io.varve.server.rules.template;

import io.varve.server.rules.template.Node.Command;
import io.varve.server.rules.template.Node.Pipe;
import io.varve.server.rules.template.Node.Term;
import io.varve.server.rules.template.Token.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes statements of the parts of a template. */
final class Parser {

    /** How deep blocks and parentheses may stand in each other. */
    private static final int MAX_DEPTH = 50;

    private static final Set<String> KEYWORDS =
            Set.of("if", "else", "end", "range", "with", "define", "template", "block", "break", "continue");

    private final List<Part> parts;
    private final Map<String, List<Node>> templates = new HashMap<>();

    /** Names of variables that can be seen, the newest last. */
    private final List<String> variables;

    private int next;
    private int depth;
    private int loops;
    private List<Token> tokens = List.of();
    private int token;
    private int actionAt;

    private Parser(List<Part> parts, Set<String> variables) {
        this.parts = parts;
        this.variables = new ArrayList<>(variables);
        this.variables.add("");
    }

    /** What a template says: its own statements, and those of templates that it defines, by name. */
    record Parsed(List<Node> body, Map<String, List<Node>> templates) {}

    /** @param variables names that are known from the start */
    static Parsed parse(String text, Set<String> variables) {
        Parser parser = new Parser(Scanner.scan(text), variables);
        List<Node> body = parser.body("", false);
        return new Parsed(body, parser.templates);
    }

    /** Statements up to {@code end} (or {@code else}, if it may stand there), which is left as the current action. */
    private List<Node> body(String opener, boolean mayElse) {
        if (++depth > MAX_DEPTH) {
            throw new Fault(actionAt, "nested too deeply: more than " + MAX_DEPTH + " levels");
        }
        int openedAt = actionAt;
        int known = variables.size();
        List<Node> nodes = new ArrayList<>();
        while (next < parts.size()) {
            Part part = parts.get(next++);
            if (part instanceof Part.Plain plain) {
                nodes.add(new Node.Plain(plain.text()));
                continue;
            }
            begin((Part.Action) part);
            if (isWord("end") || isWord("else")) {
                if (opener.isEmpty() || isWord("else") && !mayElse) {
                    throw new Fault(actionAt, "unexpected {{" + tokens.get(0).text() + "}}");
                }
                closeScope(known);
                return nodes;
            }
            Node node = statement();
            if (node != null) {
                nodes.add(node);
            }
        }
        if (!opener.isEmpty()) {
            throw new Fault(openedAt, "unclosed {{" + opener + "}}: {{end}} is missing");
        }
        closeScope(known);
        return nodes;
    }

    private void closeScope(int known) {
        variables.subList(known, variables.size()).clear();
        depth--;
    }

    private void begin(Part.Action action) {
        tokens = action.tokens();
        token = 0;
        actionAt = action.at();
        if (tokens.isEmpty()) {
            throw new Fault(actionAt, "missing value for command: the action is empty");
        }
    }

    private boolean isWord(String word) {
        return token < tokens.size() && tokens.get(token).isWord(word);
    }

    private @Nullable Node statement() {
        Token first = tokens.get(0);
        if (!first.is(Kind.WORD) || !KEYWORDS.contains(first.text())) {
            return new Node.Print(whole(pipe(true)));
        }
        token = 1;
        return switch (first.text()) {
            case "if", "with", "range" -> block(first.text());
            case "define" -> {
                define(name());
                yield null;
            }
            case "block" -> {
                int at = actionAt;
                String name = name();
                Pipe pipe = whole(pipe(true));
                define(name);
                yield new Node.Invoke(name, pipe, at);
            }
            case "template" -> {
                int at = actionAt;
                String name = name();
                yield new Node.Invoke(name, token == tokens.size() ? null : whole(pipe(true)), at);
            }
            default -> leave(first);
        };
    }

    private Node leave(Token first) {
        if (token < tokens.size()) {
            throw new Fault(actionAt, "unexpected words behind " + first.text());
        }
        if (loops == 0) {
            throw new Fault(actionAt, "{{" + first.text() + "}} outside {{range}}");
        }
        return new Node.Leave(first.isWord("continue"));
    }

    private String name() {
        if (token == tokens.size() || !tokens.get(token).is(Kind.STRING)) {
            throw new Fault(actionAt, "the name of a template is missing: write it in quotes");
        }
        return tokens.get(token++).text();
    }

    private void define(String name) {
        List<String> outer = List.copyOf(variables);
        int outerLoops = loops;
        variables.retainAll(Set.of(""));
        loops = 0;
        templates.put(name, body("define", false));
        loops = outerLoops;
        variables.clear();
        variables.addAll(outer);
    }

    /** {@code if}, {@code with} and {@code range} with all that belongs to them. */
    private Node block(String keyword) {
        int known = variables.size();
        Pipe pipe = whole(pipe(true));
        if (pipe.variables().size() > 1 && !keyword.equals("range")) {
            throw new Fault(pipe.at(), "more than one variable in {{" + keyword + "}}");
        }
        int ranged = keyword.equals("range") ? 1 : 0;
        loops += ranged;
        List<Node> body = body(keyword, true);
        loops -= ranged;
        List<Node> otherwise = List.of();
        if (isWord("else")) {
            token = 1;
            if (token == tokens.size()) {
                otherwise = body(keyword, false);
            } else if (isWord(keyword) && !keyword.equals("range")) {
                token = 2;
                otherwise = List.of(block(keyword));
            } else {
                throw new Fault(actionAt, "unexpected words behind else");
            }
        }
        if (isWord("end") && tokens.size() > 1) {
            throw new Fault(actionAt, "unexpected words behind end");
        }
        variables.subList(known, variables.size()).clear();
        return switch (keyword) {
            case "if" -> new Node.If(pipe, body, otherwise);
            case "with" -> new Node.With(pipe, body, otherwise);
            default -> new Node.Range(pipe, body, otherwise);
        };
    }

    private Pipe whole(Pipe pipe) {
        if (token < tokens.size()) {
            throw unexpected();
        }
        return pipe;
    }

    private Fault unexpected() {
        Token found = tokens.get(token);
        return new Fault(found.at(), "unexpected \"" + found.text() + "\"");
    }

    /** @param mayDeclare whether variables may be given the value */
    private Pipe pipe(boolean mayDeclare) {
        if (++depth > MAX_DEPTH) {
            throw new Fault(actionAt, "nested too deeply: more than " + MAX_DEPTH + " levels");
        }
        int at = token < tokens.size() ? tokens.get(token).at() : actionAt;
        List<String> names = List.of();
        boolean declares = false;
        if (mayDeclare) {
            int ahead = assignment();
            if (ahead > 0) {
                declares = tokens.get(token + ahead).is(Kind.DECLARE);
                names = ahead == 1
                        ? List.of(tokens.get(token).text())
                        : List.of(
                                tokens.get(token).text(), tokens.get(token + 2).text());
                token += ahead + 1;
            }
        }
        List<Command> commands = new ArrayList<>();
        commands.add(command());
        while (token < tokens.size() && tokens.get(token).is(Kind.PIPE)) {
            token++;
            commands.add(command());
        }
        for (String name : names) {
            if (declares) {
                variables.add(name);
            } else if (!variables.contains(name)) {
                throw new Fault(at, "undefined variable: $" + name);
            }
        }
        depth--;
        return new Pipe(names, declares, commands, at);
    }

    /** How many words stand before {@code :=} or {@code =}, 0 if there is none. */
    private int assignment() {
        for (int ahead = 1; ahead <= 3; ahead += 2) {
            int mark = token + ahead;
            boolean named = mark < tokens.size() && tokens.get(mark - 1).is(Kind.VARIABLE);
            if (!named) {
                return 0;
            }
            if (tokens.get(mark).is(Kind.DECLARE) || tokens.get(mark).is(Kind.ASSIGN)) {
                return ahead;
            }
            if (!tokens.get(mark).is(Kind.COMMA)) {
                return 0;
            }
        }
        return 0;
    }

    private Command command() {
        int at = token < tokens.size() ? tokens.get(token).at() : actionAt;
        List<Term> terms = new ArrayList<>();
        while (token < tokens.size()
                && !tokens.get(token).is(Kind.PIPE)
                && !tokens.get(token).is(Kind.CLOSE)) {
            if (!terms.isEmpty() && !tokens.get(token).spaced()) {
                throw unexpected();
            }
            terms.add(operand());
        }
        if (terms.isEmpty()) {
            throw new Fault(at, "missing value for command");
        }
        return new Command(terms, at);
    }

    private Term operand() {
        Token first = tokens.get(token);
        Term term = term();
        List<String> fields = new ArrayList<>();
        while (token < tokens.size()
                && tokens.get(token).is(Kind.FIELD)
                && !tokens.get(token).spaced()) {
            fields.add(tokens.get(token++).text());
        }
        if (fields.isEmpty()) {
            return term;
        }
        if (term instanceof Term.Constant) {
            throw new Fault(first.at(), "a constant has no fields");
        }
        return new Term.Fields(term, fields, first.at());
    }

    private Term term() {
        Token first = tokens.get(token++);
        return switch (first.kind()) {
            case DOT -> new Term.Dot();
            case FIELD -> new Term.Fields(new Term.Dot(), List.of(first.text()), first.at());
            case VARIABLE -> variable(first);
            case STRING -> new Term.Constant(first.text());
            case CHARACTER -> new Term.Constant((long) first.text().codePointAt(0));
            case NUMBER -> new Term.Constant(number(first));
            case WORD -> word(first);
            case OPEN -> {
                Pipe pipe = pipe(false);
                if (token == tokens.size() || !tokens.get(token).is(Kind.CLOSE)) {
                    throw new Fault(first.at(), "unclosed parenthesis");
                }
                token++;
                yield new Term.Nested(pipe);
            }
            default -> throw new Fault(first.at(), "unexpected \"" + first.text() + "\"");
        };
    }

    private Term variable(Token named) {
        if (!variables.contains(named.text())) {
            throw new Fault(named.at(), "undefined variable: $" + named.text());
        }
        return new Term.Variable(named.text(), named.at());
    }

    private static Term word(Token word) {
        return switch (word.text()) {
            case "true" -> new Term.Constant(true);
            case "false" -> new Term.Constant(false);
            case "nil" -> new Term.Constant(null);
            default -> {
                if (!Functions.isKnown(word.text())) {
                    throw new Fault(word.at(), "function not defined: " + word.text());
                }
                yield new Term.Name(word.text(), word.at());
            }
        };
    }

    private static Object number(Token token) {
        String text = token.text().replace("_", "");
        boolean hexadecimal = text.matches("[+-]?0[xX][0-9a-fA-F]+");
        try {
            if (hexadecimal || text.matches("[+-]?[0-9]+")) {
                return Long.decode(hexadecimal ? text : text.replaceFirst("^([+-]?)0+(?=[0-9])", "$1"));
            }
            if (text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?")) {
                return Double.parseDouble(text);
            }
        } catch (NumberFormatException e) {
            throw new Fault(token.at(), "number is too large: " + token.text());
        }
        throw new Fault(token.at(), "bad number: " + token.text());
    }
}
