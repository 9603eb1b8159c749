package io.varve.core.head;

import io.varve.core.index.LabelIndex;
import io.varve.core.model.Labels;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * The inverted index over the registry: label name → value → numbers of series, ascending. Written by the agent, read
 * by any thread; a reader sees at least the series that the registry had published before.
 */
public final class HeadIndex implements LabelIndex {

    private final SeriesRegistry registry;
    private final ConcurrentHashMap<String, ConcurrentHashMap<String, Numbers>> names = new ConcurrentHashMap<>();

    HeadIndex(SeriesRegistry registry) {
        this.registry = registry;
    }

    void add(int number, Labels labels) {
        for (int i = 0; i < labels.size(); i++) {
            names.computeIfAbsent(labels.name(i), name -> new ConcurrentHashMap<>())
                    .computeIfAbsent(labels.value(i), value -> new Numbers())
                    .append(number);
        }
    }

    @Override
    public List<String> labelNames() {
        return names.keySet().stream().sorted(Labels::compareCodePoints).toList();
    }

    @Override
    public List<String> labelValues(String name) {
        ConcurrentHashMap<String, Numbers> values = names.get(name);
        return values == null
                ? List.of()
                : values.keySet().stream().sorted(Labels::compareCodePoints).toList();
    }

    @Override
    public @Nullable ImmutableRoaringBitmap postings(String name, String value) {
        ConcurrentHashMap<String, Numbers> values = names.get(name);
        Numbers numbers = values == null ? null : values.get(value);
        return numbers == null ? null : numbers.bitmap();
    }

    @Override
    public void forEachValue(
            String name, String prefix, Predicate<String> wanted, Consumer<ImmutableRoaringBitmap> series) {
        for (String value : labelValues(name)) {
            if (value.startsWith(prefix) && wanted.test(value)) {
                ImmutableRoaringBitmap postings = postings(name, value);
                if (postings != null) {
                    series.accept(postings);
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

    /** Ascending numbers; appended to by the agent, read as an array with its published length. */
    private static final class Numbers {

        private volatile int[] published = new int[0];
        private int[] numbers = new int[2];
        private int size;
        private volatile int count;

        void append(int number) {
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, size * 2);
            }
            numbers[size++] = number;
            published = numbers;
            count = size;
        }

        ImmutableRoaringBitmap bitmap() {
            int length = count;
            int[] array = published;
            MutableRoaringBitmap bitmap = new MutableRoaringBitmap();
            bitmap.addN(array, 0, length);
            return bitmap;
        }
    }
}
