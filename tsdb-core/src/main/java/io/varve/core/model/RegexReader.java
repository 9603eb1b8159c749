package io.varve.core.model;

import io.varve.core.model.RegexBranch.Other;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the plain part of RE2's syntax into the ways that lead through an expression. It understands texts, escaped
 * punctuation, groups, alternatives, dots, small classes and quantifiers; it gives up on flags, on what is not plain
 * and on what becomes too large, so that the work is bounded whatever the expression. One use.
 */
final class RegexReader {

    private static final int MOST_BRANCHES = 10_000;
    private static final int MOST_PARTS = 64;
    private static final int MOST_NESTED = 100;

    /** Characters and branches that may be handled. */
    private static final int MOST_WORK = 1 << 22;

    private static final String SPECIAL = "\\.+*?()[]{}^$|";
    private static final String QUANTIFIERS = "*+?{";

    private final String text;
    private int at;
    private int nested;
    private long work;

    RegexReader(String text) {
        this.text = text;
    }

    /** Says that nothing can be said. */
    private static final class GivenUp extends Exception {
        private static final long serialVersionUID = 1;

        GivenUp() {
            super("not plain", null, false, false);
        }
    }

    /** All ways through the expression; null if they are not known. */
    @Nullable
    List<RegexBranch> read() {
        try {
            List<RegexBranch> branches = alternatives();
            return at == text.length() ? branches : null;
        } catch (GivenUp e) {
            return null;
        }
    }

    private List<RegexBranch> alternatives() throws GivenUp {
        List<RegexBranch> all = new ArrayList<>(sequence());
        while (at < text.length() && text.charAt(at) == '|') {
            at++;
            all.addAll(sequence());
            if (all.size() > MOST_BRANCHES) {
                throw new GivenUp();
            }
        }
        return all;
    }

    private List<RegexBranch> sequence() throws GivenUp {
        List<RegexBranch> all = List.of(RegexBranch.EMPTY);
        while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
            all = product(all, quantified());
        }
        return all;
    }

    private List<RegexBranch> product(List<RegexBranch> left, List<RegexBranch> right) throws GivenUp {
        boolean tooMany = (long) left.size() * right.size() > MOST_BRANCHES;
        List<RegexBranch> second = tooMany ? List.of(RegexBranch.of(Other.UNKNOWN)) : right;
        List<RegexBranch> all = new ArrayList<>(left.size() * second.size());
        for (RegexBranch a : left) {
            for (RegexBranch b : second) {
                work += 1L + a.length() + b.length() + a.parts().size();
                if (work > MOST_WORK) {
                    throw new GivenUp();
                }
                all.add(a.parts().size() < MOST_PARTS ? a.then(b) : cut(a));
            }
        }
        return all;
    }

    /** A branch that says no more of what follows. */
    private static RegexBranch cut(RegexBranch branch) {
        Object last = branch.parts().get(branch.parts().size() - 1);
        return last == Other.UNKNOWN ? branch : branch.then(RegexBranch.of(Other.UNKNOWN));
    }

    private List<RegexBranch> quantified() throws GivenUp {
        String plain = plainText();
        if (!plain.isEmpty()) {
            return List.of(RegexBranch.of(plain));
        }
        boolean dot = text.charAt(at) == '.';
        boolean edge = text.charAt(at) == '^' || text.charAt(at) == '$';
        List<RegexBranch> atom = atom();
        if (at == text.length() || QUANTIFIERS.indexOf(text.charAt(at)) < 0) {
            return atom;
        }
        if (edge) {
            throw new GivenUp();
        }
        char quantifier = text.charAt(at++);
        if (quantifier == '{') {
            repetition();
        }
        if (at < text.length() && text.charAt(at) == '?') { // as few as possible: of a whole match that says nothing
            at++;
        }
        if (at < text.length() && QUANTIFIERS.indexOf(text.charAt(at)) >= 0) {
            throw new GivenUp();
        }
        return switch (quantifier) {
            case '?' -> withEmpty(atom);
            case '*' -> List.of(RegexBranch.of(dot ? Other.GAP : Other.UNKNOWN));
            case '+' ->
                dot ? List.of(RegexBranch.of(Other.FILLED_GAP)) : product(atom, List.of(RegexBranch.of(Other.UNKNOWN)));
            default -> List.of(RegexBranch.of(Other.UNKNOWN));
        };
    }

    private static List<RegexBranch> withEmpty(List<RegexBranch> atom) {
        List<RegexBranch> all = new ArrayList<>(atom);
        all.add(RegexBranch.EMPTY);
        return all;
    }

    /** The rest of a quantifier in braces. */
    private void repetition() throws GivenUp {
        int end = text.indexOf('}', at);
        if (end < 0 || !text.substring(at, end).matches("[0-9]{1,4}(,[0-9]{0,4})?")) {
            throw new GivenUp(); // the brace stands for itself then
        }
        at = end + 1;
    }

    /** Characters that stand for themselves, without the last of several if a quantifier belongs to it. */
    private String plainText() {
        StringBuilder plain = new StringBuilder();
        while (at < text.length()) {
            int from = at;
            if (text.charAt(at) == '\\') {
                if (at + 1 == text.length() || !isPunctuation(text.charAt(at + 1))) {
                    break;
                }
                at++;
            } else if (SPECIAL.indexOf(text.charAt(at)) >= 0) {
                break;
            }
            int character = text.codePointAt(at);
            int next = at + Character.charCount(character);
            if (next < text.length() && QUANTIFIERS.indexOf(text.charAt(next)) >= 0) {
                at = from;
                break; // it is an atom of its own
            }
            plain.appendCodePoint(character);
            at = next;
        }
        return plain.toString();
    }

    private static boolean isPunctuation(char c) {
        return c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c);
    }

    private List<RegexBranch> atom() throws GivenUp {
        char c = text.charAt(at);
        return switch (c) {
            case '(' -> group();
            case '[' -> characterClass();
            case '\\' -> escaped();
            case '.', '^', '$' -> {
                at++;
                yield c == '.' ? any() : List.of(RegexBranch.of(c == '^' ? Other.BEGIN : Other.END));
            }
            case '*', '+', '?', '{', ']', '}' -> throw new GivenUp();
            default -> {
                int character = text.codePointAt(at);
                at += Character.charCount(character);
                yield List.of(RegexBranch.of(Character.toString(character)));
            }
        };
    }

    /** One code point, whichever. */
    private static List<RegexBranch> any() {
        return List.of(RegexBranch.of(Other.FILLED_GAP).then(RegexBranch.of(Other.UNKNOWN)));
    }

    private List<RegexBranch> escaped() throws GivenUp {
        if (at + 1 == text.length()) {
            throw new GivenUp();
        }
        char c = text.charAt(at + 1);
        at += 2;
        if (isPunctuation(c)) {
            return List.of(RegexBranch.of(Character.toString(c)));
        }
        if ("dDsSwW".indexOf(c) >= 0) {
            return any();
        }
        throw new GivenUp();
    }

    private List<RegexBranch> group() throws GivenUp {
        at++;
        if (text.startsWith("?:", at)) {
            at += 2;
        } else if (text.startsWith("?", at)) {
            throw new GivenUp(); // a flag or a name
        }
        if (++nested > MOST_NESTED) {
            throw new GivenUp();
        }
        List<RegexBranch> inner = alternatives();
        nested--;
        if (at == text.length()) {
            throw new GivenUp();
        }
        at++;
        return inner;
    }

    /** A class of single characters is one of these; any other is one code point. */
    private List<RegexBranch> characterClass() throws GivenUp {
        int from = ++at;
        boolean plain = true;
        if (text.startsWith("^", at)) {
            plain = false;
            at++;
        }
        int first = at;
        while (at < text.length() && (text.charAt(at) != ']' || at == first)) {
            char c = text.charAt(at);
            if (c == '[' || Character.isSurrogate(c)) {
                throw new GivenUp();
            }
            if (c == '\\') {
                if (at + 1 == text.length()
                        || "dDsSwW".indexOf(text.charAt(at + 1)) < 0 && !isPunctuation(text.charAt(at + 1))) {
                    throw new GivenUp();
                }
                at++;
            }
            plain &= c != '\\' && c != '-' && c != ']';
            at++;
        }
        if (at >= text.length()) {
            throw new GivenUp();
        }
        String characters = text.substring(from, at);
        at++;
        if (!plain) {
            return any();
        }
        List<RegexBranch> all = new ArrayList<>();
        for (int i = 0; i < characters.length(); i++) {
            all.add(RegexBranch.of(characters.substring(i, i + 1)));
        }
        return all;
    }
}
