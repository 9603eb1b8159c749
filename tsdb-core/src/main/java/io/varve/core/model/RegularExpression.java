package io.varve.core.model;

import com.google.re2j.Pattern;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Compiles regular expressions that match whole values. RE2 matches in time that is linear in the text, but takes
 * memory and time for an expression by its size with all repeats multiplied out: {@code ((a{1000}){1000}){1000}} would
 * take all of a process. So that size has a limit, and is reckoned before anything is compiled.
 */
public final class RegularExpression {

    /** Largest size: characters, repeats multiplied out. */
    public static final int MAX_SIZE = 1 << 16;

    /** What a class of Unicode's counts for, which is a table of ranges each time. */
    private static final int CLASS = 50;

    private final String text;
    private int at;

    private RegularExpression(String text) {
        this.text = text;
    }

    /**
     * A pattern that matches whole texts, in which a dot matches a newline too.
     *
     * @throws IllegalArgumentException if the expression is too large
     * @throws com.google.re2j.PatternSyntaxException if it is none
     */
    public static Pattern compile(String expression) {
        long size = new RegularExpression(expression).size();
        if (size > MAX_SIZE) {
            throw new IllegalArgumentException(
                    "regular expression too large: characters, repeats multiplied out=" + size + ", limit=" + MAX_SIZE);
        }
        return Pattern.compile("^(?s:" + expression + ")$");
    }

    /** At least the size, if the expression is one; capped, so that it does not overflow. */
    private long size() {
        Deque<Long> outer = new ArrayDeque<>();
        long group = 0; // of what was read of the innermost group
        long last = 0; // of what a repeat would multiply, which is in it
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '{') {
                int times = times();
                group = Math.min(group + last * (times - 1L), Integer.MAX_VALUE);
                last = Math.min(last * times, Integer.MAX_VALUE);
                continue;
            }
            if (c == '(') {
                outer.push(group);
                group = 0;
                at++;
                last = 0;
            } else if (c == ')' && !outer.isEmpty()) {
                last = group + 1;
                group = Math.min(outer.pop() + last, Integer.MAX_VALUE);
                at++;
            } else {
                last = c == '\\' ? escape() : c == '[' ? set() : one();
                group = Math.min(group + last, Integer.MAX_VALUE);
            }
        }
        while (!outer.isEmpty()) {
            group += outer.pop();
        }
        return group;
    }

    private int one() {
        at++;
        return 1;
    }

    /** How often a repeat repeats at most, which begins here; 1 if it is none or has no end. */
    private int times() {
        int end = text.indexOf('}', at);
        String inner = end < 0 || end - at > 12 ? "" : text.substring(at + 1, end);
        at++;
        if (!inner.matches("[0-9]{1,5}(,[0-9]{0,5})?")) {
            return 1;
        }
        at = end + 1;
        int most = 1;
        for (String number : inner.split(",")) {
            most = Math.max(most, Integer.parseInt(number));
        }
        return most;
    }

    /** An escaped character, a class, or a quoted text. */
    private long escape() {
        char kind = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        if (kind == 'Q') {
            int end = text.indexOf("\\E", at + 2);
            int behind = end < 0 ? text.length() : end + 2;
            int length = behind - at;
            at = behind;
            return length;
        }
        boolean unicode = kind == 'p' || kind == 'P';
        at += 2;
        if ((unicode || kind == 'x') && at < text.length() && text.charAt(at) == '{') {
            int end = text.indexOf('}', at);
            at = end < 0 ? text.length() : end + 1;
        }
        return unicode ? CLASS : 1;
    }

    /** Characters in brackets. */
    private long set() {
        long size = 1;
        at++;
        if (at < text.length() && text.charAt(at) == '^') {
            at++;
        }
        boolean first = true;
        while (at < text.length() && (first || text.charAt(at) != ']')) {
            first = false;
            if (text.startsWith("[:", at) && text.indexOf(":]", at + 2) > 0) {
                at = text.indexOf(":]", at + 2) + 2;
                size++;
            } else {
                size += text.charAt(at) == '\\' ? escape() : one();
            }
        }
        at = Math.min(at + 1, text.length());
        return size;
    }
}
