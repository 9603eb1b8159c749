package io.varve.server.rules.template;

/**
 * A word of an action.
 *
 * @param kind what it is
 * @param text as written; of a string, what it means; of a variable and a field without {@code $} and {@code .}
 * @param at offset in the template
 * @param spaced whether white space stands before it
 */
record Token(Kind kind, String text, int at, boolean spaced) {

    /** Kinds of words. */
    enum Kind {
        WORD,
        VARIABLE,
        FIELD,
        DOT,
        STRING,
        CHARACTER,
        NUMBER,
        OPEN,
        CLOSE,
        PIPE,
        DECLARE,
        ASSIGN,
        COMMA
    }

    boolean is(Kind wanted) {
        return kind == wanted;
    }

    boolean isWord(String wanted) {
        return kind == Kind.WORD && text.equals(wanted);
    }
}
