package io.varve.core.index;

import io.varve.core.storage.ReadBudget;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * An index of which a budget is asked, while values are looked through, whether to go on: a regular expression over a
 * million values ends when its query does.
 */
public final class WatchedIndex implements LabelIndex {

    /** Characters of values between two questions. */
    private static final int CHARACTERS = 1 << 10;

    private final LabelIndex index;
    private final ReadBudget budget;
    private int read;

    /** An index for one thread. */
    public WatchedIndex(LabelIndex index, ReadBudget budget) {
        this.index = index;
        this.budget = budget;
    }

    @Override
    public List<String> labelNames() {
        return index.labelNames();
    }

    @Override
    public List<String> labelValues(String name) {
        return index.labelValues(name);
    }

    @Override
    public @Nullable ImmutableRoaringBitmap postings(String name, String value) {
        return index.postings(name, value);
    }

    @Override
    public void forEachValue(
            String name, String prefix, Predicate<String> wanted, Consumer<ImmutableRoaringBitmap> series) {
        index.forEachValue(name, prefix, value -> goesOn(value) && wanted.test(value), series);
    }

    /** Always true; a budget that is used up ends this by an exception. */
    private boolean goesOn(String value) {
        read += value.length() + 1;
        if (read >= CHARACTERS) {
            read = 0;
            budget.charge(0, 0);
        }
        return true;
    }

    @Override
    public ImmutableRoaringBitmap all() {
        return index.all();
    }
}
