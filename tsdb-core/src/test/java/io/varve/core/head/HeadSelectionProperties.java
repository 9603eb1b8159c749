package io.varve.core.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.index.PostingsSelector;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What matchers select in a head is what a plain filter over the series that live finds. */
final class HeadSelectionProperties {

    private static final List<Matcher.Type> TYPES = List.of(Matcher.Type.values());
    private static final String[] NAMES = {"__name__", "host", "id", "zone", "none"};
    private static final String[] VALUES = {"", "m1", "h_12", "i_77", "z"};
    private static final String[] EXPRESSIONS = {
        "", ".*", ".+", "m1|m2", "(m1|)", "h_1.*", "h_(1|2).", "i_.*7", "i_[0-4]+", "(i_.*3|h_.+|m0)", "z?", "(?i)M.*"
    };

    @Property(tries = 40)
    void agreesWithAPlainFilter(@ForAll long seed) {
        Random random = new Random(seed);
        SeriesRegistry registry = new SeriesRegistry(1, random);
        Map<Integer, Labels> living = new TreeMap<>();
        for (int i = 0; i < 600; i++) {
            Labels labels = Labels.of(
                    "__name__", "m" + random.nextInt(3),
                    "host", random.nextInt(20) == 0 ? "" : "h_" + random.nextInt(100),
                    "id", random.nextInt(3) == 0 ? "" : "i_" + random.nextInt(400),
                    "zone", random.nextInt(50) == 0 ? "z" : "");
            living.put(registry.add(labels), labels);
        }
        int[] dead = living.keySet().stream()
                .filter(number -> random.nextInt(10) == 0)
                .mapToInt(Integer::intValue)
                .toArray();
        registry.unlink(dead, 0, dead.length);
        Arrays.stream(dead).forEach(living::remove);
        for (int i = 0; i < 60; i++) {
            Matcher[] matchers = new Matcher[random.nextInt(4)];
            Arrays.setAll(matchers, at -> matcher(random));
            int[] expected = living.entrySet().stream()
                    .filter(series -> Arrays.stream(matchers)
                            .allMatch(m -> m.matches(series.getValue().get(m.name()))))
                    .mapToInt(Map.Entry::getKey)
                    .toArray();
            assertThat(PostingsSelector.select(registry.index(), matchers).toArray())
                    .as(Arrays.toString(matchers))
                    .isEqualTo(expected);
        }
    }

    private static Matcher matcher(Random random) {
        Matcher.Type type = TYPES.get(random.nextInt(TYPES.size()));
        boolean text = type == Matcher.Type.EQUAL || type == Matcher.Type.NOT_EQUAL;
        String[] from = text ? VALUES : EXPRESSIONS;
        return Matcher.of(type, NAMES[random.nextInt(NAMES.length)], from[random.nextInt(from.length)]);
    }
}
