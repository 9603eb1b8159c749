package io.varve.server.write.text;

/** Text of the exposition formats in which a backslash stands before a quote, a backslash or {@code n}. Stateless. */
public final class QuotedText {

    private QuotedText() {}

    /**
     * Looks for the end of a quoted text.
     *
     * @param from behind the opening quote
     * @return behind the closing quote, or -1 if there is none before {@code to}
     */
    public static int end(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] == '"') {
                return at + 1;
            }
            if (bytes[at] == '\\') {
                at++;
            }
        }
        return -1;
    }

    /** The text that is meant; a backslash before anything else is itself. */
    public static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char next = c == '\\' && i + 1 < text.length() ? text.charAt(i + 1) : 0;
            if (next == 'n' || next == '\\' || next == '"') {
                plain.append(next == 'n' ? '\n' : next);
                i++;
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
