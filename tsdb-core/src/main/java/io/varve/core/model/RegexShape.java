package io.varve.core.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What can be said of a regular expression, which must match a whole text, without running it: the texts that it
 * matches by themselves ({@code a|b}, {@code cpu_(user|system)}), and patterns of pieces with gaps between them
 * ({@code cpu_.+}, {@code .*error.*}). Every match is one of these texts or fits one of these patterns. What is not
 * understood becomes a gap of a pattern that is not exact: whether a text that fits it matches is left to RE2.
 * Immutable (ADR 0031).
 */
public final class RegexShape {

    private static final RegexShape UNKNOWN = new RegexShape(Set.of(), List.of(GapPattern.ANY_INEXACT));

    private final Set<String> literals;
    private final List<GapPattern> patterns;
    private final boolean exact;
    private final boolean matchesAll;

    private RegexShape(Set<String> literals, List<GapPattern> patterns) {
        this.literals = literals;
        this.patterns = patterns;
        this.exact = patterns.stream().allMatch(GapPattern::exact);
        this.matchesAll = patterns.stream().anyMatch(GapPattern::matchesAll);
    }

    /** The shape of an expression, which need not be valid: of one that is not, nothing is known. */
    public static RegexShape of(String expression) {
        List<RegexBranch> branches = new RegexReader(expression).read();
        if (branches == null) {
            return UNKNOWN;
        }
        Set<String> literals = new LinkedHashSet<>();
        Set<GapPattern> patterns = new LinkedHashSet<>();
        for (RegexBranch branch : branches) {
            GapPattern pattern = branch.pattern();
            if (pattern.isLiteral()) {
                literals.add(pattern.prefix());
            } else {
                patterns.add(pattern);
            }
        }
        return new RegexShape(literals, new ArrayList<>(patterns));
    }

    /** What can be said of a text at once. */
    enum Verdict {
        MATCHES,
        DIFFERS,
        UNKNOWN
    }

    Verdict verdict(String text) {
        if (matchesAll || literals.contains(text)) {
            return Verdict.MATCHES;
        }
        Verdict verdict = Verdict.DIFFERS;
        for (GapPattern pattern : patterns) {
            if (pattern.fits(text)) {
                if (pattern.exact()) {
                    return Verdict.MATCHES;
                }
                verdict = Verdict.UNKNOWN;
            }
        }
        return verdict;
    }

    /** Whether the automaton is never needed. */
    public boolean exact() {
        return exact;
    }

    /** Whether every text matches. */
    public boolean matchesAll() {
        return matchesAll;
    }

    /** Texts that match. */
    public Set<String> literals() {
        return literals;
    }

    /** Whether no other texts match. */
    public boolean isSet() {
        return patterns.isEmpty();
    }

    /**
     * What every other match begins with, one of these: sorted by code point, none of which begins with another. The
     * empty text alone if nothing is known.
     */
    public List<String> prefixes() {
        List<String> sorted = new ArrayList<>();
        patterns.forEach(pattern -> sorted.add(pattern.prefix()));
        sorted.sort(Labels::compareCodePoints);
        List<String> prefixes = new ArrayList<>();
        for (String prefix : sorted) {
            if (prefixes.isEmpty() || !prefix.startsWith(prefixes.get(prefixes.size() - 1))) {
                prefixes.add(prefix);
            }
        }
        return prefixes;
    }
}
