package io.varve.query.lang;

import java.util.List;

/** Tokens, read from left to right. */
final class TokenStream {

    private final List<Token> tokens;
    private final SourceText source;
    private int at;

    TokenStream(List<Token> tokens, SourceText source) {
        this.tokens = tokens;
        this.source = source;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token peekSecond() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = peek();
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    boolean accept(String sign) {
        boolean there = peek().is(sign);
        if (there) {
            next();
        }
        return there;
    }

    boolean acceptWord(String word) {
        boolean there = peek().isWord(word);
        if (there) {
            next();
        }
        return there;
    }

    void expect(String sign, String purpose) {
        if (!accept(sign)) {
            throw source.error(
                    peek().start(), "unexpected " + peek().describe() + ", expected \"" + sign + "\" " + purpose);
        }
    }
}
