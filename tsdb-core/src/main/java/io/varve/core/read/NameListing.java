package io.varve.core.read;

import io.varve.core.compact.Cutoffs;
import io.varve.core.index.LabelIndex;
import io.varve.core.index.LabelValues;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.storage.ReadBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/** Label names and values of the series that a selection would find, sorted by code point. One thread. */
final class NameListing {

    private static final int LOOKS_AT_A_TIME = 1 << 10;

    private final List<ListedPart> parts;
    private final Cutoffs cutoffs;
    private final ReadBudget budget;
    private int looked;

    NameListing(List<ListedPart> parts, Cutoffs cutoffs, ReadBudget budget) {
        this.parts = parts;
        this.cutoffs = cutoffs;
        this.budget = budget;
    }

    List<String> names(Matcher... matchers) {
        Set<String> names = new TreeSet<>(Labels::compareCodePoints);
        for (ListedPart part : parts) {
            ImmutableRoaringBitmap selected = part.selected(cutoffs, budget, matchers);
            if (selected == null) {
                addNames(part, names);
            } else {
                addNames(part, selected, names);
            }
        }
        return List.copyOf(names);
    }

    private void addNames(ListedPart part, Set<String> names) {
        for (String name : part.index().labelNames()) {
            if (!names.contains(name) && (part.present() == null || hasAny(part, name))) {
                names.add(name);
            }
        }
    }

    private boolean hasAny(ListedPart part, String name) {
        for (String value : part.index().labelValues(name)) {
            if (any(part, part.index().postings(name, value), null)) {
                return true;
            }
        }
        return false;
    }

    private void addNames(ListedPart part, ImmutableRoaringBitmap selected, Set<String> names) {
        IntIterator series = selected.getIntIterator();
        while (series.hasNext()) {
            look();
            int number = series.next();
            if (part.has(number)) {
                Labels labels = part.labels().apply(number);
                for (int i = 0; i < labels.size(); i++) {
                    names.add(labels.name(i));
                }
            }
        }
    }

    List<String> values(String name, Matcher... matchers) {
        List<List<String>> found = new ArrayList<>();
        for (ListedPart part : parts) {
            found.add(values(part, name, part.selected(cutoffs, budget, matchers)));
        }
        if (found.size() == 1) {
            return found.get(0);
        }
        Set<String> all = new TreeSet<>(Labels::compareCodePoints);
        found.forEach(all::addAll);
        return List.copyOf(all);
    }

    private List<String> values(ListedPart part, String name, @Nullable ImmutableRoaringBitmap selected) {
        LabelIndex index = part.index();
        LabelValues values = index.values(name);
        if (values == null || selected != null && selected.isEmpty()) {
            return List.of();
        }
        if (selected == null && part.present() == null) {
            return index.labelValues(name);
        }
        if (selected != null && selected.getCardinality() < values.size()) {
            return valuesOf(part, name, selected);
        }
        List<String> found = new ArrayList<>();
        values.forEach("", (number, text) -> {
            look();
            if (any(part, values.postings(number), selected)) {
                found.add(text);
            }
        });
        found.sort(Labels::compareCodePoints); // they mostly are
        return found;
    }

    /** Values of few series, by the series. */
    private List<String> valuesOf(ListedPart part, String name, ImmutableRoaringBitmap selected) {
        LabelIndex.LabelOf label = part.index().labelOf(name);
        Set<String> found = new TreeSet<>(Labels::compareCodePoints);
        IntIterator series = selected.getIntIterator();
        while (series.hasNext()) {
            look();
            int number = series.next();
            String value = label.value(number);
            if (!value.isEmpty() && !found.contains(value) && part.has(number)) {
                found.add(value);
            }
        }
        return List.copyOf(found);
    }

    private void look() {
        if (++looked % LOOKS_AT_A_TIME == 0) {
            budget.charge(0, 0);
        }
    }

    private static boolean any(
            ListedPart part, @Nullable ImmutableRoaringBitmap postings, @Nullable ImmutableRoaringBitmap selected) {
        if (postings == null) {
            return false;
        }
        ImmutableRoaringBitmap wanted = selected == null ? postings : ImmutableRoaringBitmap.and(postings, selected);
        IntIterator series = wanted.getIntIterator();
        while (series.hasNext()) {
            if (part.has(series.next())) {
                return true;
            }
        }
        return false;
    }
}
