package io.varve.core.index;

import io.varve.core.model.Matcher;
import io.varve.core.storage.ReadBudget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Finds the series that satisfy all of several matchers. As in Prometheus, a label that is absent has the empty value.
 *
 * <p>A matcher that an absent label does not satisfy names series to keep, the union of the postings of its values; any
 * other names series to remove, those that have the label with a value that it does not accept. What keeps the
 * fewest series comes first. Each further matcher is asked of the labels of the series that are left, if they are few,
 * and otherwise its own series are found ({@link MatcherTerm}). ADR 0031.
 */
public final class PostingsSelector {

    private PostingsSelector() {}

    /** As {@link #select(LabelIndex, ReadBudget, Matcher...)} without a bound. */
    public static MutableRoaringBitmap select(LabelIndex index, Matcher... matchers) {
        return select(index, ReadBudget.UNLIMITED, matchers);
    }

    /**
     * The series that satisfy all matchers; all series if there are none.
     *
     * @param budget charged for bitmaps, and asked now and then while values are looked at
     * @return a bitmap of the caller's own
     */
    public static MutableRoaringBitmap select(LabelIndex index, ReadBudget budget, Matcher... matchers) {
        List<MatcherTerm> terms = new ArrayList<>(matchers.length);
        for (Matcher matcher : matchers) {
            MatcherTerm term = new MatcherTerm(index, budget, matcher);
            if (term.isImpossible()) {
                return new MutableRoaringBitmap();
            }
            if (!term.isIdle()) {
                terms.add(term);
            }
        }
        // What keeps the fewest first; what removes last, the least work first.
        terms.sort(Comparator.comparing(MatcherTerm::removes)
                .thenComparingLong(term -> term.removes() ? term.work() : term.weight())
                .thenComparingLong(MatcherTerm::work));
        MutableRoaringBitmap left = null;
        for (MatcherTerm term : terms) {
            if (left == null) {
                left = term.removes()
                        ? index.all().toMutableRoaringBitmap()
                        : term.series().toMutableRoaringBitmap();
                budget.charge(0, left.getSizeInBytes());
                if (!term.removes()) {
                    continue;
                }
            }
            if (left.isEmpty()) {
                break;
            }
            left = term.applyTo(left);
        }
        return left == null ? index.all().toMutableRoaringBitmap() : left;
    }
}
