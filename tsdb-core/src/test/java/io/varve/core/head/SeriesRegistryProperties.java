package io.varve.core.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.index.PostingsSelector;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/** The registry answers as plain maps of labels would, and to readers beside the writer as well. */
class SeriesRegistryProperties {

    @Property(tries = 60)
    void answersLikePlainMaps(@ForAll long seed) {
        Random random = new Random(seed);
        SeriesRegistry registry = new SeriesRegistry(7, random);
        Map<Labels, Integer> model = new HashMap<>();
        List<Labels> all = new ArrayList<>();
        int names = 1 + random.nextInt(8);
        int values = 1 + random.nextInt(200);
        for (int i = 0; i < 1_500; i++) {
            Labels labels = labels(random, names, values);
            long found = registry.find(labels);
            Integer known = model.get(labels);
            assertThat(found).isEqualTo(known == null ? -1 : registry.ref(known));
            int number = registry.add(labels);
            if (known == null) {
                model.put(labels, number);
                all.add(labels);
            }
            assertThat(number).isEqualTo(known == null ? all.size() - 1 : known);
        }
        assertThat(registry.size()).isEqualTo(all.size());
        for (int i = 0; i < all.size(); i++) {
            assertThat(registry.labels(i)).isEqualTo(all.get(i));
            assertThat(registry.number(registry.ref(i))).isEqualTo(i);
        }
        checkIndex(registry, all);
        checkOrder(registry, all, random);
    }

    private static void checkIndex(SeriesRegistry registry, List<Labels> all) {
        Map<String, Map<String, List<Integer>>> expected = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            for (int k = 0; k < all.get(i).size(); k++) {
                expected.computeIfAbsent(all.get(i).name(k), n -> new HashMap<>())
                        .computeIfAbsent(all.get(i).value(k), v -> new ArrayList<>())
                        .add(i);
            }
        }
        HeadIndex index = registry.index();
        assertThat(index.labelNames()).isEqualTo(sorted(expected.keySet()));
        expected.forEach((name, byValue) -> {
            assertThat(index.labelValues(name)).isEqualTo(sorted(byValue.keySet()));
            byValue.forEach((value, numbers) -> {
                ImmutableRoaringBitmap postings = index.postings(name, value);
                assertThat(postings).isNotNull();
                assertThat(postings.toArray())
                        .containsExactly(
                                numbers.stream().mapToInt(Integer::intValue).toArray());
            });
        });
        assertThat(index.postings("absent", "x")).isNull();
        assertThat(index.labelValues("absent")).isEmpty();
        assertThat(index.all().getCardinality()).isEqualTo(all.size());
    }

    private static List<String> sorted(java.util.Set<String> texts) {
        TreeSet<String> set = new TreeSet<>(Labels::compareCodePoints);
        set.addAll(texts);
        return List.copyOf(set);
    }

    private static void checkOrder(SeriesRegistry registry, List<Labels> all, Random random) {
        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (random.nextInt(3) > 0) {
                chosen.add(i);
            }
        }
        Collections.shuffle(chosen, random);
        int[] numbers = chosen.stream().mapToInt(Integer::intValue).toArray();
        int[] sorted = registry.sorted(numbers);
        List<Labels> expected = chosen.stream().map(all::get).sorted().toList();
        assertThat(Arrays.stream(sorted).mapToObj(all::get)).containsExactlyElementsOf(expected);
    }

    /** Labels of one to so many names, with texts of all lengths, some beyond the first plane. */
    private static Labels labels(Random random, int names, int values) {
        int count = 1 + random.nextInt(names);
        Map<String, String> pairs = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int value = random.nextInt(values);
            String text =
                    switch (value % 5) {
                        case 0 -> "v" + value;
                        case 1 -> "\ud83d\ude00" + value;
                        case 2 -> "x".repeat(value * 40) + value;
                        case 3 -> "\uffee" + value;
                        default -> "" + value;
                    };
            pairs.put("name" + random.nextInt(names), text);
        }
        List<String> flat = new ArrayList<>();
        pairs.forEach((name, value) -> flat.addAll(List.of(name, value)));
        return Labels.of(flat.toArray(String[]::new));
    }

    @Example
    void readersSeeWholeSeriesWhileOthersAreAdded() throws InterruptedException {
        SeriesRegistry registry = new SeriesRegistry(1, new Random(3));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        int total = 60_000;
        Thread reader = new Thread(() -> {
            try {
                Random random = new Random(4);
                int size = 0;
                while (size < total) {
                    size = registry.size();
                    if (size == 0) {
                        continue;
                    }
                    int number = random.nextInt(size);
                    Labels labels = added(number);
                    assertThat(registry.labels(number)).isEqualTo(labels);
                    assertThat(PostingsSelector.select(
                                            registry.index(),
                                            Matcher.equal("unique", "u" + number),
                                            Matcher.equal("shared", "s" + number % 300))
                                    .toArray())
                            .containsExactly(number);
                }
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        reader.start();
        for (int i = 0; i < total; i++) {
            registry.add(added(i));
        }
        reader.join();
        assertThat(failure.get()).isNull();
    }

    private static Labels added(int number) {
        return Labels.of("__name__", "m", "shared", "s" + number % 300, "unique", "u" + number);
    }
}
