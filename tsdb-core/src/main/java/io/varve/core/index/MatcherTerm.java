package io.varve.core.index;

import io.varve.core.model.Matcher;
import io.varve.core.model.RegexShape;
import io.varve.core.storage.ReadBudget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * One matcher of a selection. It lists values, those that are kept or those that are removed, and knows what it costs
 * to find their series. Work is counted in series read from postings; what else there is to do is as good as so many.
 * One thread.
 */
final class MatcherTerm {

    /** Reading a label of one series, beside reading a series of a posting. */
    private static final long LABEL_WORK = 128;

    /** Looking at a value, and asking the automaton of it. */
    private static final long VALUE_WORK = 32;

    private static final long AUTOMATON_WORK = 512;

    /** Finding what is remembered is worth so much more work. */
    private static final long REMEMBERED = 4;

    /** Characters of values between which the budget is asked whether to go on. */
    private static final int CHARACTERS_AT_A_TIME = 1 << 12;

    private static final int MOST_REMEMBERED = 1 << 12;

    private final LabelIndex index;
    private final ReadBudget budget;
    private final Matcher matcher;
    private final boolean removes;
    private final @Nullable LabelValues values;
    private final @Nullable ImmutableRoaringBitmap known;

    /** Numbers of the listed values, where they are known by themselves; then nothing is looked at. */
    private final int @Nullable [] numbers;

    /** What listed values begin with, where they are not known. */
    private final List<String> prefixes;

    private final long weight;
    private final long work;

    /** Work of looking at one value. */
    private final long valueWork;

    private int looked;

    MatcherTerm(LabelIndex index, ReadBudget budget, Matcher matcher) {
        this.index = index;
        this.budget = budget;
        this.matcher = matcher;
        this.removes = matcher.matchesAbsent();
        LabelValues found = isIdle(matcher) ? null : index.values(matcher.name());
        MatcherCache cache = index.cache();
        this.values = found;
        this.known = found == null || cache == null ? null : cache.get(matcher);
        RegexShape shape = matcher.shape();
        boolean listsMatches = removes == (matcher.type() == Matcher.Type.NOT_REGEX);
        this.prefixes = shape != null && listsMatches ? shape.prefixes() : List.of("");
        this.numbers = found == null ? new int[0] : known == null ? numbers(found, matcher, listsMatches) : null;
        valueWork = shape == null || shape.exact() ? VALUE_WORK : AUTOMATON_WORK;
        if (known != null) {
            weight = known.getLongCardinality();
            work = weight;
        } else if (numbers != null) {
            weight = found == null ? 0 : weight(found, numbers);
            work = weight;
        } else {
            LabelValues some = Objects.requireNonNull(found);
            int looks = count(some);
            weight = (long) index.size() * looks / Math.max(1, some.size());
            work = weight + looks * valueWork;
        }
    }

    /** Whether it is satisfied by every value there can be. */
    private static boolean isIdle(Matcher matcher) {
        RegexShape shape = matcher.shape();
        return matcher.type() == Matcher.Type.REGEX && shape != null && shape.matchesAll();
    }

    /** Numbers of listed values that are known by themselves; null if values have to be looked at. */
    private static int @Nullable [] numbers(LabelValues values, Matcher matcher, boolean listsMatches) {
        RegexShape shape = matcher.shape();
        if (shape == null) {
            if (matcher.value().isEmpty()) {
                return null; // every value there is
            }
            int number = values.find(matcher.value());
            return number < 0 ? new int[0] : new int[] {number};
        }
        if (shape.matchesAll() && matcher.type() == Matcher.Type.NOT_REGEX) {
            return new int[0]; // nothing satisfies it
        }
        if (!listsMatches || !shape.isSet()) {
            return null;
        }
        return shape.literals().stream()
                .filter(literal -> !literal.isEmpty())
                .mapToInt(values::find)
                .filter(number -> number >= 0)
                .toArray();
    }

    private static long weight(LabelValues values, int[] numbers) {
        long sum = 0;
        for (int number : numbers) {
            sum += values.weight(number);
        }
        return sum;
    }

    private int count(LabelValues of) {
        long sum = literalsBeside().size();
        for (String prefix : prefixes) {
            sum += prefix.isEmpty() ? of.size() : of.count(prefix);
        }
        return (int) Math.min(of.size(), sum);
    }

    /** Texts that match and need not begin with any prefix. */
    private List<String> literalsBeside() {
        RegexShape shape = matcher.shape();
        if (shape == null || prefixes.contains("")) {
            return List.of();
        }
        return shape.literals().stream()
                .filter(literal -> !literal.isEmpty() && prefixes.stream().noneMatch(literal::startsWith))
                .toList();
    }

    /** Whether it names series to remove, and not those to keep. */
    boolean removes() {
        return removes;
    }

    /** Whether no series satisfies it. */
    boolean isImpossible() {
        return !removes && lists(0);
    }

    /** Whether every series satisfies it. */
    boolean isIdle() {
        return removes && lists(0);
    }

    private boolean lists(int count) {
        return known == null ? numbers != null && numbers.length == count : known.isEmpty();
    }

    /** About how many series it names. */
    long weight() {
        return weight;
    }

    /** What it costs to find them. */
    long work() {
        return work;
    }

    /** The series that it names; not to be changed. They count as postings, also where they were remembered. */
    ImmutableRoaringBitmap series() {
        ImmutableRoaringBitmap named = named();
        long bytes = named.serializedSizeInBytes();
        budget.charge(0, bytes);
        budget.read(bytes);
        return named;
    }

    private ImmutableRoaringBitmap named() {
        if (known != null) {
            return known;
        }
        LabelValues from = Objects.requireNonNull(values);
        List<ImmutableRoaringBitmap> found = new ArrayList<>();
        if (numbers != null) {
            for (int number : numbers) {
                found.add(from.postings(number));
            }
            if (found.size() == 1) {
                return found.get(0); // as cheap to read again as to remember
            }
        } else {
            LabelValues.Visitor visitor = (number, text) -> {
                look(text);
                if (matcher.matches(text) != removes) {
                    found.add(from.postings(number));
                }
            };
            for (String prefix : prefixes) {
                from.forEach(prefix, visitor);
            }
            for (String literal : literalsBeside()) {
                int number = from.find(literal);
                if (number >= 0) {
                    found.add(from.postings(number));
                }
            }
        }
        MutableRoaringBitmap union = ImmutableRoaringBitmap.or(found.iterator());
        MatcherCache cache = index.cache();
        if (cache != null) {
            union.runOptimize();
            cache.put(matcher, union);
        }
        return union;
    }

    /** A budget that is used up ends this by an exception. */
    private void look(String value) {
        looked += value.length() + 1;
        if (looked >= CHARACTERS_AT_A_TIME) {
            looked = 0;
            budget.charge(0, 0);
        }
    }

    /** Those of some series that satisfy the matcher; may change the bitmap. */
    MutableRoaringBitmap applyTo(MutableRoaringBitmap some) {
        if (known == null && filterWork(some.getLongCardinality()) < work) {
            return filtered(some);
        }
        ImmutableRoaringBitmap named = series();
        if (removes) {
            some.andNot(named);
        } else {
            some.and(named);
        }
        return some;
    }

    /** What it costs to read the labels of so many series; more where the other way would be remembered. */
    private long filterWork(long series) {
        long distinct = Math.min(series, values == null ? 0 : values.size());
        long work = series * LABEL_WORK + distinct * valueWork;
        return index.cache() == null || numbers != null ? work : REMEMBERED * work;
    }

    private MutableRoaringBitmap filtered(MutableRoaringBitmap some) {
        MutableRoaringBitmap kept = new MutableRoaringBitmap();
        LabelIndex.LabelOf label = index.labelOf(matcher.name());
        Map<String, Boolean> remembered = new HashMap<>();
        IntIterator series = some.getIntIterator();
        while (series.hasNext()) {
            int number = series.next();
            String value = label.value(number);
            look(value);
            Boolean matches = remembered.get(value);
            if (matches == null) {
                matches = matcher.matches(value);
                if (remembered.size() < MOST_REMEMBERED) {
                    remembered.put(value, matches);
                }
            }
            if (matches) {
                kept.add(number);
            }
        }
        return kept;
    }
}
