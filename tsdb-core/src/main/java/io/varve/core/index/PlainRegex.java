package io.varve.core.index;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a regular expression without running it: that it is a plain set of texts ({@code a|b|c}), or that
 * every match begins with a text ({@code node_.*}). Everything that is not certainly simple is left to RE2: a set
 * that is null and an empty prefix say nothing.
 *
 * @param literals the texts that it matches, and no others; null if not known
 * @param prefix what every match begins with
 */
record PlainRegex(@Nullable Set<String> literals, String prefix) {

    private static final String SPECIAL = "\\.+*?()[]{}^$|";
    private static final int MAX_LITERALS = 10_000;

    static PlainRegex of(String expression) {
        String body = withoutGroup(expression);
        Set<String> literals = literals(body);
        return literals == null ? new PlainRegex(null, prefix(expression)) : new PlainRegex(literals, "");
    }

    /** {@code (a|b)} and {@code (?:a|b)} are as good as {@code a|b}, if there is no other bracket. */
    private static String withoutGroup(String expression) {
        if (expression.length() >= 2
                && expression.startsWith("(")
                && expression.endsWith(")")
                && !expression.endsWith("\\)")) {
            String inner = expression.substring(expression.startsWith("(?:") ? 3 : 1, expression.length() - 1);
            if (inner.indexOf('(') < 0 && inner.indexOf(')') < 0) {
                return inner;
            }
        }
        return expression;
    }

    private static @Nullable Set<String> literals(String body) {
        Set<String> literals = new LinkedHashSet<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c == '|') {
                literals.add(text.toString());
                text.setLength(0);
            } else if (isEscaped(body, i)) {
                text.append(body.charAt(++i));
            } else if (SPECIAL.indexOf(c) >= 0) {
                return null;
            } else {
                text.append(c);
            }
        }
        literals.add(text.toString());
        return literals.size() > MAX_LITERALS ? null : literals;
    }

    /** A backslash before a special character stands for that character; before a letter it may mean anything. */
    private static boolean isEscaped(String body, int at) {
        return body.charAt(at) == '\\' && at + 1 < body.length() && SPECIAL.indexOf(body.charAt(at + 1)) >= 0;
    }

    private static String prefix(String expression) {
        if (expression.indexOf('|') >= 0) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < expression.length()) {
            boolean escaped = isEscaped(expression, i);
            if (!escaped && SPECIAL.indexOf(expression.charAt(i)) >= 0) {
                break;
            }
            text.append(expression.charAt(escaped ? i + 1 : i));
            i += escaped ? 2 : 1;
        }
        // A quantifier belongs to the last character, which then may be missing.
        if (i < expression.length() && "*?{+".indexOf(expression.charAt(i)) >= 0 && text.length() > 0) {
            boolean pair = text.length() > 1 && Character.isLowSurrogate(text.charAt(text.length() - 1));
            text.setLength(text.length() - (pair ? 2 : 1));
        }
        return text.toString();
    }
}
