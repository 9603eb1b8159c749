package io.varve.core.model;

import java.util.ArrayList;
import java.util.List;

/**
 * One way through a regular expression: texts, gaps and edges one after the other. Immutable.
 *
 * @param parts each a {@link String} or an {@link Other}; no two texts beside each other
 * @param length characters of the texts, which bounds what branches of branches cost
 */
record RegexBranch(List<Object> parts, int length) {

    /** What is no text. */
    enum Other {
        /** Any text, {@code .*}. */
        GAP,
        /** Any text but the empty one, {@code .+}. */
        FILLED_GAP,
        /** Something that is not understood: a text that may be empty, or a condition. */
        UNKNOWN,
        /** Nothing, at the begin of the whole, {@code ^}. */
        BEGIN,
        /** Nothing, at the end of the whole, {@code $}. */
        END
    }

    static final RegexBranch EMPTY = new RegexBranch(List.of(), 0);

    static RegexBranch of(Other other) {
        return new RegexBranch(List.of(other), 0);
    }

    static RegexBranch of(String text) {
        return new RegexBranch(List.of(text), text.length());
    }

    /** This one and then another. */
    RegexBranch then(RegexBranch other) {
        if (parts.isEmpty() || other.parts.isEmpty()) {
            return parts.isEmpty() ? other : this;
        }
        List<Object> joined = new ArrayList<>(parts.size() + other.parts.size());
        joined.addAll(parts);
        int first = 0;
        int last = joined.size() - 1;
        if (joined.get(last) instanceof String text && other.parts.get(0) instanceof String more) {
            joined.set(last, text + more);
            first = 1;
        }
        joined.addAll(other.parts.subList(first, other.parts.size()));
        return new RegexBranch(joined, length + other.length);
    }

    /** The texts that go this way. */
    GapPattern pattern() {
        List<String> pieces = new ArrayList<>();
        List<Boolean> filled = new ArrayList<>();
        boolean exact = true;
        String piece = "";
        boolean gap = false;
        int end = parts.size();
        for (int i = 0; i < end; i++) {
            Object part = parts.get(i);
            if (part instanceof String text) {
                piece += text; // behind an edge or another text
                gap = false;
                continue;
            }
            if (part == Other.BEGIN && all(parts.subList(0, i), part)
                    || part == Other.END && all(parts.subList(i, end), part)) {
                continue;
            }
            exact &= part == Other.GAP || part == Other.FILLED_GAP;
            if (gap) { // one gap of two; that both are filled is not kept
                int before = filled.size() - 1;
                exact &= !(filled.get(before) && part == Other.FILLED_GAP);
                filled.set(before, filled.get(before) || part == Other.FILLED_GAP);
            } else {
                pieces.add(piece);
                filled.add(part == Other.FILLED_GAP);
                piece = "";
                gap = true;
            }
        }
        pieces.add(piece);
        return new GapPattern(pieces, filled, exact);
    }

    private static boolean all(List<Object> some, Object part) {
        return some.stream().allMatch(part::equals);
    }
}
