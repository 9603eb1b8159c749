package io.varve.core.model;

import java.util.List;

/**
 * Samples that are gone: those of all series that satisfy every matcher, in a range of time, that came before a place
 * of the log. What comes behind that place lives, with the same times too.
 *
 * @param position place of the deletion in the log
 * @param matchers at least one, and not all satisfied by a series without labels
 * @param range ticks, both ends included, not empty
 */
public record Deletion(long position, List<Matcher> matchers, TimeRange range) {

    /** Checks and copies. */
    public Deletion {
        matchers = List.copyOf(matchers);
        if (matchers.isEmpty()) {
            throw new IllegalArgumentException("a deletion has at least one matcher: matchers=0");
        }
        if (matchers.stream().allMatch(Matcher::matchesAbsent)) {
            throw new IllegalArgumentException(
                    "a deletion has a matcher that an empty value does not satisfy, or it would delete everything:"
                            + " matchers=" + matchers);
        }
        if (range.isEmpty()) {
            throw new IllegalArgumentException(
                    "a deletion's range does not end before it begins: from=" + range.from() + ", to=" + range.to());
        }
    }

    /** The same deletion at another place of the log. */
    public Deletion at(long place) {
        return new Deletion(place, matchers, range);
    }
}
