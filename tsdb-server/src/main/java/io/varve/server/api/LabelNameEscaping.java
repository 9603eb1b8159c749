package io.varve.server.api;

/**
 * Label names in paths. A name that does not fit into a URL's path is sent as {@code U__} and then its characters,
 * where {@code __} stands for an underscore and {@code _HEX_} for the code point of that number.
 */
final class LabelNameEscaping {

    private static final String PREFIX = "U__";
    private static final int LONGEST_CODE = 6;

    private LabelNameEscaping() {}

    /** The name that was meant; a text that is not well escaped stands for itself. */
    static String unescape(String text) {
        if (!text.startsWith(PREFIX)) {
            return text;
        }
        StringBuilder name = new StringBuilder(text.length());
        int i = PREFIX.length();
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '_') {
                name.append(c);
                i++;
                continue;
            }
            int end = text.indexOf('_', i + 1);
            if (end < 0 || end - i - 1 > LONGEST_CODE) {
                return text;
            }
            if (end == i + 1) {
                name.append('_');
            } else {
                int code = codePoint(text, i + 1, end);
                if (code < 0) {
                    return text;
                }
                name.appendCodePoint(code);
            }
            i = end + 1;
        }
        return name.toString();
    }

    private static int codePoint(String text, int from, int to) {
        int code = 0;
        for (int i = from; i < to; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            code = code << 4 | digit;
        }
        boolean surrogate = code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
        return Character.isValidCodePoint(code) && !surrogate ? code : -1;
    }
}
