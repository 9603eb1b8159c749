package io.varve.server.relabel;

import com.google.re2j.Matcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A text in which {@code $1}, {@code ${1}}, {@code $name} and {@code ${name}} stand for groups of an expression and
 * {@code $$} for a dollar sign. A name is as long as letters, digits and underscores go on, so {@code $1x} is the group
 * {@code 1x}; a group that is not there is empty. A dollar sign before anything else stands for itself.
 */
final class RelabelTemplate {

    /**
     * A piece of the text.
     *
     * @param group whether {@code text} names a group
     */
    private record Part(boolean group, String text) {}

    private final List<Part> parts = new ArrayList<>();

    RelabelTemplate(String text) {
        StringBuilder plain = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '$') {
                plain.append(c);
                at++;
                continue;
            }
            if (text.startsWith("$$", at)) {
                plain.append('$');
                at += 2;
                continue;
            }
            boolean braced = text.startsWith("${", at);
            int from = at + (braced ? 2 : 1);
            int to = from;
            while (to < text.length() && isWord(text.charAt(to))) {
                to++;
            }
            boolean closed = !braced || (to < text.length() && text.charAt(to) == '}');
            if (to == from || !closed) {
                plain.append('$');
                at++;
                continue;
            }
            flush(plain);
            parts.add(new Part(true, text.substring(from, to)));
            at = braced ? to + 1 : to;
        }
        flush(plain);
    }

    private static boolean isWord(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private void flush(StringBuilder plain) {
        if (!plain.isEmpty()) {
            parts.add(new Part(false, plain.toString()));
            plain.setLength(0);
        }
    }

    /** The text with the groups of a match. */
    String expand(Matcher match, Map<String, Integer> names) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(part.group ? group(match, names, part.text) : part.text);
        }
        return text.toString();
    }

    private static String group(Matcher match, Map<String, Integer> names, String name) {
        int number;
        if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            number = name.length() > 6 ? Integer.MAX_VALUE : Integer.parseInt(name);
        } else {
            number = names.getOrDefault(name, Integer.MAX_VALUE);
        }
        String found = number > match.groupCount() ? null : match.group(number);
        return found == null ? "" : found;
    }
}
