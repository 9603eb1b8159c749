package io.varve.core.head;

import io.varve.core.index.LabelIndex;
import io.varve.core.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * The inverted index over the registry: label name → value → numbers of series. Any thread; a reader sees at least the
 * series that the registry had published before.
 */
public final class HeadIndex implements LabelIndex {

    private final SeriesRegistry registry;
    private final LabelPairs pairs;
    private final PostingLists postings;

    HeadIndex(SeriesRegistry registry, LabelPairs pairs, PostingLists postings) {
        this.registry = registry;
        this.pairs = pairs;
        this.postings = postings;
    }

    @Override
    public List<String> labelNames() {
        List<String> names = new ArrayList<>();
        for (int name = 0; name < pairs.names(); name++) {
            names.add(pairs.nameText(name));
        }
        names.sort(Labels::compareCodePoints);
        return names;
    }

    @Override
    public List<String> labelValues(String name) {
        List<String> values = new ArrayList<>();
        int number = pairs.findName(name);
        if (number >= 0) {
            pairs.forEachPair(number, pair -> values.add(pairs.value(pair)));
            values.sort(Labels::compareCodePoints);
        }
        return values;
    }

    @Override
    public @Nullable ImmutableRoaringBitmap postings(String name, String value) {
        int pair = pairs.find(name, value);
        return pair < 0 || postings.isEmpty(pair) ? null : postings.bitmap(pair);
    }

    @Override
    public void forEachValue(
            String name, String prefix, Predicate<String> wanted, Consumer<ImmutableRoaringBitmap> series) {
        for (String value : labelValues(name)) {
            if (value.startsWith(prefix) && wanted.test(value)) {
                ImmutableRoaringBitmap some = postings(name, value);
                if (some != null) {
                    series.accept(some);
                }
            }
        }
    }

    @Override
    public ImmutableRoaringBitmap all() {
        MutableRoaringBitmap all = new MutableRoaringBitmap();
        all.add(0L, registry.size());
        return all;
    }
}
