package io.varve.server.rules.template;

import io.varve.server.rules.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Cuts a template into text and actions, and actions into words. */
final class Scanner {

    private static final String LEFT = "{{";
    private static final String RIGHT = "}}";

    private final String text;
    private final List<Part> parts = new ArrayList<>();
    private int at;

    private Scanner(String text) {
        this.text = text;
    }

    static List<Part> scan(String text) {
        Scanner scanner = new Scanner(text);
        scanner.all();
        return scanner.parts;
    }

    private void all() {
        boolean trim = false;
        while (true) {
            int open = text.indexOf(LEFT, at);
            int end = open < 0 ? text.length() : open;
            boolean trimEnd = open >= 0 && isTrimMark(open + 2, 1);
            plain(at, end, trim, trimEnd);
            if (open < 0) {
                return;
            }
            at = open + 2 + (trimEnd ? 1 : 0);
            trim = action(at);
        }
    }

    /** Whether a minus with white space on its inner side stands at an offset. */
    private boolean isTrimMark(int offset, int inner) {
        int space = offset + inner;
        return offset < text.length()
                && text.charAt(offset) == '-'
                && space >= 0
                && space < text.length()
                && isSpace(text.charAt(space));
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private void plain(int from, int to, boolean trimStart, boolean trimEnd) {
        int start = from;
        int end = to;
        while (trimStart && start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (trimEnd && end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        if (end > start) {
            parts.add(new Part.Plain(text.substring(start, end)));
        }
    }

    /** Reads an action up to behind its closing braces; true if the text behind it is trimmed. */
    private boolean action(int start) {
        int inner = start;
        while (inner < text.length() && isSpace(text.charAt(inner))) {
            inner++;
        }
        if (text.startsWith("/*", inner)) {
            return comment(inner);
        }
        List<Token> tokens = new ArrayList<>();
        while (true) {
            boolean spaced = skipSpaces();
            if (at >= text.length()) {
                throw new Fault(start, "unclosed action: }} is missing");
            }
            if (text.startsWith(RIGHT, at)) {
                at += 2;
                parts.add(new Part.Action(start, tokens));
                return false;
            }
            if (spaced && text.startsWith("-}}", at)) {
                at += 3;
                parts.add(new Part.Action(start, tokens));
                return true;
            }
            tokens.add(token(spaced));
        }
    }

    private boolean comment(int open) {
        int close = text.indexOf("*/", open + 2);
        if (close < 0) {
            throw new Fault(open, "unclosed comment: */ is missing");
        }
        at = close + 2;
        boolean trim = skipSpaces() && text.startsWith("-}}", at);
        if (!trim && !text.startsWith(RIGHT, at)) {
            throw new Fault(at, "a comment ends its action: }} is missing behind */");
        }
        at += trim ? 3 : 2;
        return trim;
    }

    private boolean skipSpaces() {
        int before = at;
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        return at > before;
    }

    private Token token(boolean spaced) {
        int start = at;
        char c = text.charAt(at);
        Kind mark =
                switch (c) {
                    case '(' -> Kind.OPEN;
                    case ')' -> Kind.CLOSE;
                    case '|' -> Kind.PIPE;
                    case ',' -> Kind.COMMA;
                    case '=' -> Kind.ASSIGN;
                    default -> null;
                };
        if (mark != null) {
            return mark(mark, 1, spaced);
        }
        if (c == '"' || c == '\'' || c == '`') {
            return quoted(c, spaced);
        }
        if (text.startsWith(":=", at)) {
            return mark(Kind.DECLARE, 2, spaced);
        }
        if (c == '$') {
            at++;
            return new Token(Kind.VARIABLE, word(), start, spaced);
        }
        boolean digitNext = at + 1 < text.length() && isDigit(text.charAt(at + 1));
        if (c == '.' && !digitNext) {
            at++;
            String name = word();
            return new Token(name.isEmpty() ? Kind.DOT : Kind.FIELD, name, start, spaced);
        }
        if (isDigit(c) || digitNext && (c == '.' || c == '-' || c == '+')) {
            return number(spaced);
        }
        String word = word();
        if (word.isEmpty()) {
            throw new Fault(at, "unexpected character: \"" + Character.toString(text.codePointAt(at)) + "\"");
        }
        return new Token(Kind.WORD, word, start, spaced);
    }

    private Token mark(Kind kind, int length, boolean spaced) {
        int start = at;
        at += length;
        return new Token(kind, text.substring(start, at), start, spaced);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private String word() {
        int start = at;
        while (at < text.length() && (text.charAt(at) == '_' || Character.isLetterOrDigit(text.charAt(at)))) {
            at++;
        }
        return text.substring(start, at);
    }

    private Token number(boolean spaced) {
        int start = at++;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean sign = (c == '-' || c == '+') && "eEpP".indexOf(text.charAt(at - 1)) >= 0;
            if (!sign && c != '.' && c != '_' && !Character.isLetterOrDigit(c)) {
                break;
            }
            at++;
        }
        return new Token(Kind.NUMBER, text.substring(start, at), start, spaced);
    }

    private Token quoted(char quote, boolean spaced) {
        int start = at++;
        StringBuilder value = new StringBuilder();
        while (true) {
            if (at >= text.length() || quote != '`' && text.charAt(at) == '\n') {
                throw new Fault(start, "unterminated string");
            }
            char c = text.charAt(at++);
            if (c == quote) {
                break;
            }
            if (c == '\\' && quote != '`') {
                escape(start, value);
            } else {
                value.append(c);
            }
        }
        if (quote != '\'') {
            return new Token(Kind.STRING, value.toString(), start, spaced);
        }
        if (value.codePointCount(0, value.length()) != 1) {
            throw new Fault(start, "a character constant has one character");
        }
        return new Token(Kind.CHARACTER, value.toString(), start, spaced);
    }

    /** An escape of Go's strings, behind its backslash. */
    private void escape(int start, StringBuilder value) {
        char c = at < text.length() ? text.charAt(at++) : ' ';
        int simple = "abfnrtv\\\"'".indexOf(c);
        if (simple >= 0) {
            value.append("\u0007\b\f\n\r\t\u000b\\\"'".charAt(simple));
        } else if (c == 'x' || c == 'u' || c == 'U') {
            value.appendCodePoint(digits(start, c == 'x' ? 2 : c == 'u' ? 4 : 8, 16));
        } else if (c >= '0' && c <= '7') {
            at--;
            value.appendCodePoint(digits(start, 3, 8));
        } else {
            throw new Fault(start, "unknown escape in a string: \\" + c);
        }
    }

    private int digits(int start, int count, int radix) {
        try {
            int code = Integer.parseInt(text.substring(at, Math.min(text.length(), at + count)), radix);
            if (code < 0 || code > Character.MAX_CODE_POINT) {
                throw new Fault(start, "escape beyond the last character of Unicode");
            }
            at += count;
            return code;
        } catch (NumberFormatException e) {
            throw new Fault(start, "malformed escape in a string");
        }
    }
}
