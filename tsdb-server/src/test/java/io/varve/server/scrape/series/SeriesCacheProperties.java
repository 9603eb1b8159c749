package io.varve.server.scrape.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.index.KeyedHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The cache against a map, over scrapes that tell other series in other orders. */
class SeriesCacheProperties {

    @Property(tries = 60)
    void aKeyIsFoundIfAndOnlyIfItWasAddedAndNotLetGo(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int keys) {
        Random random = new Random(seed);
        SeriesCache cache = new SeriesCache(KeyedHash.withSecret(new Random(seed)));
        Map<String, Integer> values = new HashMap<>();
        int next = 1;
        for (int scrape = 1; scrape <= 8; scrape++) {
            cache.rewind();
            List<String> told = new ArrayList<>();
            for (int i = 0; i < keys; i++) {
                told.add("m" + random.nextInt(2 * keys) + (random.nextBoolean() ? "{a=\"b\"}" : ""));
            }
            for (String key : told) {
                byte[] bytes = ("  " + key + " 1").getBytes(StandardCharsets.UTF_8);
                int end = cache.expected(bytes, 2, bytes.length);
                assertThat(end == -1 || end == bytes.length - 2).isTrue();
                int slot = cache.find(bytes, 2, bytes.length - 2);
                assertThat(slot >= 0).isEqualTo(values.containsKey(key));
                if (slot < 0) {
                    slot = cache.add(bytes, 2, bytes.length - 2, SeriesCache.KEPT);
                    cache.ref(slot, next);
                    values.put(key, next++);
                }
                assertThat(cache.ref(slot)).isEqualTo((long) values.getOrDefault(key, 0));
                cache.seen(slot, scrape);
            }
            if (random.nextBoolean()) {
                cache.keep(scrape);
                values.keySet().retainAll(told);
                assertThat(cache.size()).isEqualTo(values.size());
            }
        }
    }

    @Property(tries = 100)
    void aKeyThatIsThePrefixOfALineIsNotTakenForItsSeries(@ForAll @IntRange(min = 0, max = 3) int blanks) {
        SeriesCache cache = new SeriesCache(KeyedHash.withSecret(new Random(1)));
        byte[] name = "a".getBytes(StandardCharsets.UTF_8);
        cache.add(name, 0, 1, SeriesCache.KEPT);
        cache.rewind();
        byte[] line = ("a" + " ".repeat(blanks) + "{x=\"1\"} 2").getBytes(StandardCharsets.UTF_8);
        assertThat(cache.expected(line, 0, line.length)).isEqualTo(-1);
        byte[] own = "a 2".getBytes(StandardCharsets.UTF_8);
        assertThat(cache.expected(own, 0, own.length)).isEqualTo(1);
    }
}
