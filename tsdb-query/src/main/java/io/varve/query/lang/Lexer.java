package io.varve.query.lang;

import java.util.ArrayList;
import java.util.List;

/** Cuts an expression into tokens, skipping space and comments. */
final class Lexer {

    private static final String[] TWO_SIGNS = {"==", "!=", "<=", ">=", "=~", "!~", "</", ">/"};

    private final String text;
    private final SourceText source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int brackets;

    private Lexer(String text, SourceText source) {
        this.text = text;
        this.source = source;
    }

    /** The tokens of a text, the last of kind END. */
    static List<Token> tokens(String text, SourceText source) {
        Lexer lexer = new Lexer(text, source);
        while (lexer.at < text.length()) {
            lexer.token();
        }
        lexer.tokens.add(new Token(Token.Kind.END, "", text.length(), text.length()));
        return lexer.tokens;
    }

    private void token() {
        char c = text.charAt(at);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            at++;
        } else if (c == '#') {
            int end = text.indexOf('\n', at);
            at = end < 0 ? text.length() : end;
        } else if (isDigit(c) || (c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
            number();
        } else if (c == '"' || c == '\'' || c == '`') {
            string();
        } else if (isLetter(c) || (c == ':' && brackets == 0)) {
            word();
        } else {
            sign(c);
        }
    }

    private void number() {
        int start = at;
        if (text.startsWith("0x", at) || text.startsWith("0X", at)) {
            at += 2;
            skipWordCharacters();
            add(Token.Kind.NUMBER, start);
            return;
        }
        boolean duration = false;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean exponentSign = (c == '+' || c == '-') && (text.charAt(at - 1) | 0x20) == 'e' && !duration;
            if (!isDigit(c) && !isLetter(c) && c != '.' && !exponentSign) {
                break;
            }
            duration |= isLetter(c) && c != '_' && c != 'e' && c != 'E';
            at++;
        }
        add(duration ? Token.Kind.DURATION : Token.Kind.NUMBER, start);
    }

    private void string() {
        int start = at;
        char quote = text.charAt(at);
        at++;
        while (at < text.length() && text.charAt(at) != quote) {
            if (quote != '`' && text.charAt(at) == '\n') {
                throw source.error(start, "a quoted string ends on its line");
            }
            at += quote != '`' && text.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= text.length()) {
            at = text.length();
            throw source.error(start, "unterminated quoted string");
        }
        String raw = text.substring(start + 1, at);
        at++;
        String value = quote == '`' ? raw : Literals.unescape(raw, start + 1, source);
        tokens.add(new Token(Token.Kind.STRING, value, start, at));
    }

    private void word() {
        int start = at;
        at++;
        skipWordCharacters();
        add(Token.Kind.IDENTIFIER, start);
    }

    private void skipWordCharacters() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (!isLetter(c) && !isDigit(c) && !(c == ':' && brackets == 0)) {
                break;
            }
            at++;
        }
    }

    private void sign(char c) {
        int start = at;
        for (String two : TWO_SIGNS) {
            if (text.startsWith(two, at)) {
                at += 2;
                add(Token.Kind.OPERATOR, start);
                return;
            }
        }
        if ("+-*/%^=<>@".indexOf(c) >= 0) {
            at++;
            add(Token.Kind.OPERATOR, start);
        } else if ("(){}[],:".indexOf(c) >= 0) {
            brackets += c == '[' ? 1 : c == ']' && brackets > 0 ? -1 : 0;
            at++;
            add(Token.Kind.PUNCTUATION, start);
        } else {
            throw source.error(start, "unexpected character: '" + Character.toString(text.codePointAt(at)) + "'");
        }
    }

    private void add(Token.Kind kind, int start) {
        tokens.add(new Token(kind, text.substring(start, at), start, at));
    }

    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
