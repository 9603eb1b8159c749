package io.varve.core.index;

import io.varve.core.model.Matcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Finds the series that satisfy all of several matchers. As in Prometheus, a label that is absent has the empty value.
 *
 * <p>A matcher that an absent label does not satisfy names series to keep, the union of the postings of its values; any
 * other names series to remove, those that have the label with a value that it does not accept. A regular expression is
 * tested once per distinct value, and not at all where it is a plain set of texts.
 */
public final class PostingsSelector {

    private PostingsSelector() {}

    /**
     * The series that satisfy all matchers; all series if there are none.
     *
     * @return a bitmap of the caller's own
     */
    public static MutableRoaringBitmap select(LabelIndex index, Matcher... matchers) {
        List<ImmutableRoaringBitmap> kept = new ArrayList<>();
        List<Matcher> removing = new ArrayList<>();
        for (Matcher matcher : matchers) {
            if (matcher.matchesAbsent()) {
                removing.add(matcher);
            } else {
                ImmutableRoaringBitmap some = keeping(index, matcher);
                if (some.isEmpty()) {
                    return new MutableRoaringBitmap();
                }
                kept.add(some);
            }
        }
        kept.sort(Comparator.comparingInt(ImmutableRoaringBitmap::getCardinality));
        MutableRoaringBitmap result = (kept.isEmpty() ? index.all() : kept.get(0)).toMutableRoaringBitmap();
        for (int i = 1; i < kept.size(); i++) {
            result.and(kept.get(i));
        }
        for (Matcher matcher : removing) {
            if (!result.isEmpty()) {
                result.andNot(removed(index, matcher));
            }
        }
        return result;
    }

    private static ImmutableRoaringBitmap keeping(LabelIndex index, Matcher matcher) {
        return switch (matcher.type()) {
            case EQUAL -> orEmpty(index.postings(matcher.name(), matcher.value()));
            case REGEX -> matching(index, matcher, PlainRegex.of(matcher.value()));
            case NOT_EQUAL, NOT_REGEX -> union(index, matcher.name(), "", matcher::matches);
        };
    }

    /** Series with a value that the matcher, satisfied by an absent label, does not accept. */
    private static ImmutableRoaringBitmap removed(LabelIndex index, Matcher matcher) {
        return switch (matcher.type()) {
            case NOT_EQUAL -> orEmpty(index.postings(matcher.name(), matcher.value()));
            case NOT_REGEX ->
                matching(index, Matcher.regex(matcher.name(), matcher.value()), PlainRegex.of(matcher.value()));
            case EQUAL, REGEX -> union(index, matcher.name(), "", value -> !matcher.matches(value));
        };
    }

    private static ImmutableRoaringBitmap matching(LabelIndex index, Matcher regex, PlainRegex plain) {
        Set<String> literals = plain.literals();
        if (literals == null) {
            return union(index, regex.name(), plain.prefix(), regex::matches);
        }
        List<ImmutableRoaringBitmap> found = new ArrayList<>();
        for (String literal : literals) {
            ImmutableRoaringBitmap some = literal.isEmpty() ? null : index.postings(regex.name(), literal);
            if (some != null) {
                found.add(some);
            }
        }
        return union(found);
    }

    private static ImmutableRoaringBitmap union(
            LabelIndex index, String name, String prefix, Predicate<String> wanted) {
        List<ImmutableRoaringBitmap> found = new ArrayList<>();
        index.forEachValue(name, prefix, wanted, found::add);
        return union(found);
    }

    private static ImmutableRoaringBitmap union(List<ImmutableRoaringBitmap> found) {
        return found.size() == 1 ? found.get(0) : ImmutableRoaringBitmap.or(found.iterator());
    }

    private static ImmutableRoaringBitmap orEmpty(@Nullable ImmutableRoaringBitmap some) {
        return some == null ? new MutableRoaringBitmap() : some;
    }
}
