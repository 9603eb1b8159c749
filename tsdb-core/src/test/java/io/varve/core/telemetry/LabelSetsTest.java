package io.varve.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelSetsTest {

    @Test
    void what_is_kept_is_that_of_a_plain_map() {
        LabelSets<Integer> sets = new LabelSets<>();
        Map<List<String>, Integer> plain = new HashMap<>();
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            String[] values = {"a".repeat(random.nextInt(4)), "b" + random.nextInt(30), random.nextInt(3) + "\u20ac"};
            List<String> key = List.of(values);
            switch (random.nextInt(4)) {
                case 0 -> {
                    Integer kept = plain.get(key);
                    if (kept != null) {
                        sets.remove(kept, values);
                        plain.remove(key);
                    }
                }
                case 1 -> {
                    Integer fresh = i + 1_000;
                    boolean room = plain.containsKey(key) || plain.size() < 200;
                    assertThat(sets.replace(200, fresh, values)).isEqualTo(room);
                    if (room) {
                        plain.put(key, fresh);
                    }
                }
                default -> {
                    Integer fresh = i + 1_000;
                    Integer made = sets.getOrMake(200, () -> fresh, values);
                    if (plain.containsKey(key) || plain.size() < 200) {
                        plain.putIfAbsent(key, fresh);
                    }
                    assertThat(made).isEqualTo(plain.get(key));
                }
            }
            assertThat(sets.get(values)).isEqualTo(plain.get(key));
            assertThat(sets.size()).isEqualTo(plain.size());
        }
        Map<List<String>, Integer> found = new HashMap<>();
        sets.entries().forEach(entry -> found.put(entry.values(), entry.kept()));
        assertThat(found).isEqualTo(plain);
    }

    @Test
    void values_that_run_into_each_other_are_kept_apart() {
        LabelSets<String> sets = new LabelSets<>();
        List<String[]> all = List.of(
                new String[] {"ab", "c"}, new String[] {"a", "bc"}, new String[] {"", "abc"}, new String[] {"abc", ""});
        for (String[] values : all) {
            assertThat(sets.getOrMake(10, () -> String.join("|", values), values))
                    .isEqualTo(String.join("|", values));
        }
        assertThat(sets.size()).isEqualTo(4);
    }

    @Test
    void values_of_any_length_are_told_apart() {
        LabelSets<Integer> sets = new LabelSets<>();
        int[] lengths = {0, 1, 255, 256, 65_534, 65_535, 65_536, 131_070, 131_071, 200_000};
        for (int length : lengths) {
            assertThat(sets.getOrMake(100, () -> length, "a".repeat(length), "b"))
                    .isEqualTo(length);
        }
        assertThat(sets.entries())
                .hasSize(lengths.length)
                .allSatisfy(entry -> assertThat(entry.values().get(0)).hasSize(entry.kept()));
    }

    @Test
    void a_set_takes_at_most_64_bytes_beyond_its_characters() {
        LabelSets<Integer> sets = new LabelSets<>();
        int count = 100_000;
        List<String> characters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sets.getOrMake(count, () -> 1, "/api/v1/path/" + i, "200");
            characters.add("/api/v1/path/" + i + "200");
        }
        long own = characters.stream().mapToLong(String::length).sum();
        assertThat((sets.bytes() - own) / (double) count).isLessThanOrEqualTo(64);
    }
}
