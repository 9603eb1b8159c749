package io.varve.core.index;

import io.varve.core.model.Labels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** An index of plain maps that counts what is read of it. */
final class CountedIndex implements LabelIndex {

    private final List<Labels> series;
    private final @Nullable MatcherCache cache;
    private final SortedMap<String, SortedMap<String, MutableRoaringBitmap>> all =
            new TreeMap<>(Labels::compareCodePoints);

    int postingsRead;
    int seriesRead;
    int labelsRead;
    int valuesLookedAt;

    CountedIndex(List<Labels> series, @Nullable MatcherCache cache) {
        this.series = series;
        this.cache = cache;
        for (int i = 0; i < series.size(); i++) {
            Labels labels = series.get(i);
            for (int label = 0; label < labels.size(); label++) {
                all.computeIfAbsent(labels.name(label), name -> new TreeMap<>(Labels::compareCodePoints))
                        .computeIfAbsent(labels.value(label), value -> new MutableRoaringBitmap())
                        .add(i);
            }
        }
    }

    void forget() {
        postingsRead = 0;
        seriesRead = 0;
        labelsRead = 0;
        valuesLookedAt = 0;
    }

    int read() {
        return postingsRead + seriesRead + labelsRead + valuesLookedAt;
    }

    @Override
    public List<String> labelNames() {
        return List.copyOf(all.keySet());
    }

    @Override
    public List<String> labelValues(String name) {
        return List.copyOf(all.getOrDefault(name, new TreeMap<>()).keySet());
    }

    @Override
    public @Nullable LabelValues values(String name) {
        SortedMap<String, MutableRoaringBitmap> values = all.get(name);
        return values == null ? null : new Values(values);
    }

    @Override
    public LabelOf labelOf(String name) {
        return number -> {
            labelsRead++;
            return series.get(number).get(name);
        };
    }

    @Override
    public ImmutableRoaringBitmap all() {
        MutableRoaringBitmap bitmap = new MutableRoaringBitmap();
        bitmap.add(0L, series.size());
        return bitmap;
    }

    @Override
    public int size() {
        return series.size();
    }

    @Override
    public @Nullable MatcherCache cache() {
        return cache;
    }

    private final class Values implements LabelValues {
        private final SortedMap<String, MutableRoaringBitmap> values;
        private final List<String> texts;

        Values(SortedMap<String, MutableRoaringBitmap> values) {
            this.values = values;
            this.texts = new ArrayList<>(values.keySet());
        }

        private SortedMap<String, MutableRoaringBitmap> from(String prefix) {
            return values.subMap(prefix, prefix + "\udbff\udfff");
        }

        @Override
        public int size() {
            return values.size();
        }

        @Override
        public int find(String value) {
            return Collections.binarySearch(texts, value, Labels::compareCodePoints);
        }

        @Override
        public int count(String prefix) {
            return from(prefix).size();
        }

        @Override
        public void forEach(String prefix, Visitor visitor) {
            Map<String, MutableRoaringBitmap> some = prefix.isEmpty() ? values : from(prefix);
            for (String text : some.keySet()) {
                valuesLookedAt++;
                visitor.value(find(text), text);
            }
        }

        private ImmutableRoaringBitmap at(int number) {
            ImmutableRoaringBitmap found = values.get(texts.get(number));
            if (found == null) {
                throw new AssertionError("BUG: no value " + number);
            }
            return found;
        }

        @Override
        public int weight(int number) {
            return at(number).getCardinality();
        }

        @Override
        public ImmutableRoaringBitmap postings(int number) {
            postingsRead++;
            seriesRead += at(number).getCardinality();
            return at(number);
        }
    }
}
