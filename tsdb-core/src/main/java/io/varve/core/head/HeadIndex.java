package io.varve.core.head;

import io.varve.core.index.LabelIndex;
import io.varve.core.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.buffer.BufferBitSetUtil;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * The inverted index over the registry: label name → value → numbers of series. Any thread; a reader sees at least the
 * series that the registry had published before.
 */
public final class HeadIndex implements LabelIndex {

    private final SeriesRegistry registry;

    HeadIndex(SeriesRegistry registry) {
        this.registry = registry;
    }

    @Override
    public List<String> labelNames() {
        LabelPairs pairs = registry.current().pairs();
        List<String> names = new ArrayList<>();
        for (int name = 0; name < pairs.names(); name++) {
            names.add(pairs.nameText(name));
        }
        names.sort(Labels::compareCodePoints);
        return names;
    }

    @Override
    public List<String> labelValues(String name) {
        LabelPairs pairs = registry.current().pairs();
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
        SeriesLabels labels = registry.current();
        int pair = labels.pairs().find(name, value);
        ImmutableRoaringBitmap series = pair < 0 ? null : labels.postings(pair, registry::isLiving);
        return series == null || series.isEmpty() ? null : series;
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
        return BufferBitSetUtil.bitmapOf(registry.livingWords());
    }
}
