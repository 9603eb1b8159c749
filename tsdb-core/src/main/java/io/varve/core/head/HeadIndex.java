package io.varve.core.head;

import io.varve.core.index.LabelIndex;
import io.varve.core.index.LabelValues;
import io.varve.core.model.Labels;
import java.util.ArrayList;
import java.util.List;
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
    public @Nullable LabelValues values(String name) {
        SeriesLabels labels = registry.current();
        int number = labels.pairs().findName(name);
        return number < 0 ? null : new Values(labels, number);
    }

    /** Values by the numbers of their pairs. */
    private final class Values implements LabelValues {

        private final SeriesLabels labels;
        private final LabelPairs pairs;
        private final int name;

        Values(SeriesLabels labels, int name) {
            this.labels = labels;
            this.pairs = labels.pairs();
            this.name = name;
        }

        @Override
        public int size() {
            return pairs.sizeOf(name);
        }

        @Override
        public int find(String value) {
            return pairs.find(name, value);
        }

        @Override
        public int count(String prefix) {
            return size();
        }

        @Override
        public void forEach(String prefix, Visitor visitor) {
            pairs.forEachPair(name, pair -> {
                String value = pairs.value(pair);
                if (value.startsWith(prefix)) {
                    visitor.value(pair, value);
                }
            });
        }

        @Override
        public int weight(int number) {
            return labels.weight(number);
        }

        @Override
        public ImmutableRoaringBitmap postings(int number) {
            return labels.postings(number, registry::isLiving);
        }
    }

    @Override
    public LabelOf labelOf(String name) {
        SeriesLabels labels = registry.current();
        int number = labels.pairs().findName(name);
        return number < 0 ? series -> "" : series -> labels.value(series, number);
    }

    @Override
    public int size() {
        return registry.size();
    }

    @Override
    public ImmutableRoaringBitmap all() {
        return BufferBitSetUtil.bitmapOf(registry.livingWords());
    }
}
