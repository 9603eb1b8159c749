package io.varve.core.model;

import java.util.List;

/**
 * Pieces of text with gaps between them: a text fits if it begins with the first piece, ends with the last, and has the
 * others in order between. Immutable.
 *
 * @param pieces at least one; the first and the last may be empty, others are not; one alone has no gap
 * @param filled by gap, behind the piece of the same index: whether it holds at least one code point
 * @param exact whether every text that fits is a match, not only every match a text that fits
 */
record GapPattern(List<String> pieces, List<Boolean> filled, boolean exact) {

    /** Fits everything, and so says nothing. */
    static final GapPattern ANY_INEXACT = new GapPattern(List.of("", ""), List.of(false), false);

    boolean isLiteral() {
        return exact && pieces.size() == 1;
    }

    boolean matchesAll() {
        return exact
                && pieces.size() == 2
                && pieces.get(0).isEmpty()
                && pieces.get(1).isEmpty()
                && !filled.get(0);
    }

    String prefix() {
        return pieces.get(0);
    }

    /** Takes each piece where it comes first: if any places fit, these do. */
    boolean fits(String text) {
        if (!text.startsWith(pieces.get(0))) {
            return false;
        }
        int last = pieces.size() - 1;
        int at = pieces.get(0).length();
        for (int i = 1; i <= last; i++) {
            if (filled.get(i - 1)) {
                if (at == text.length()) {
                    return false;
                }
                at += Character.charCount(text.codePointAt(at));
            }
            String piece = pieces.get(i);
            if (i == last) {
                return text.length() - piece.length() >= at && text.endsWith(piece);
            }
            int found = text.indexOf(piece, at);
            if (found < 0) {
                return false;
            }
            at = found + piece.length();
        }
        return at == text.length();
    }
}
