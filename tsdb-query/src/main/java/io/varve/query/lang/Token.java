package io.varve.query.lang;

/**
 * A word of an expression.
 *
 * @param text as written, but the value of a string
 * @param start offset of its first unit
 * @param end offset behind its last unit
 */
record Token(Kind kind, String text, int start, int end) {

    enum Kind {
        END("end of input"),
        NUMBER("number"),
        DURATION("duration"),
        STRING("string"),
        IDENTIFIER("identifier"),
        OPERATOR("operator"),
        PUNCTUATION("punctuation");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /** Whether this is that sign. */
    boolean is(String sign) {
        return (kind == Kind.OPERATOR || kind == Kind.PUNCTUATION) && text.equals(sign);
    }

    /** Whether this is that word, in whatever case. */
    boolean isWord(String word) {
        return kind == Kind.IDENTIFIER && text.equalsIgnoreCase(word);
    }

    /** The token as error messages name it. */
    String describe() {
        return kind == Kind.END
                ? kind.text
                : kind == Kind.PUNCTUATION ? '"' + text + '"' : kind.text + " \"" + text + '"';
    }
}
