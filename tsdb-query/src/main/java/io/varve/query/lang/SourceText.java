package io.varve.query.lang;

import io.varve.query.QueryException;

/** An expression's text, for messages that show a place in it. */
public final class SourceText {

    /** Units of the line shown on either side of the caret. */
    private static final int CONTEXT = 60;

    private final String text;

    /** The text of an expression. */
    public SourceText(String text) {
        this.text = text;
    }

    /** Line and column, both from 1, columns counted in code points: {@code 1:17}. */
    public String lineAndColumn(int offset) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < offset && i < text.length(); i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        int column = text.codePointCount(lineStart, Math.min(Math.max(offset, lineStart), text.length())) + 1;
        return line + ":" + column;
    }

    /** An error at a place, shown with a caret below its line. */
    QueryException error(int offset, String message) {
        int at = Math.min(offset, text.length());
        int from = text.lastIndexOf('\n', at - 1) + 1;
        int lineEnd = text.indexOf('\n', at);
        int to = lineEnd < 0 ? text.length() : lineEnd;
        from = Math.max(from, at - CONTEXT);
        to = Math.min(to, at + CONTEXT);
        String before = text.substring(from, at);
        String caret = " ".repeat(before.codePointCount(0, before.length())) + "^";
        String shown = text.substring(from, to).replace('\t', ' ');
        return new QueryException(
                QueryException.Kind.BAD_DATA,
                lineAndColumn(at) + ": parse error: " + message + "\n  " + shown + "\n  " + caret,
                at);
    }
}
