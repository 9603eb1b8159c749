package io.varve.core.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A selection is what a plain filter over all series finds, whichever way costs less. */
final class PostingsSelectorProperties {

    private static final List<Matcher.Type> TYPES = List.of(Matcher.Type.values());
    private static final String[] NAMES = {"__name__", "host", "id", "job", "zone", "none"};
    private static final String[] VALUES = {"", "m1", "h_12", "i_77", "a", "z", "nothing"};
    private static final String[] EXPRESSIONS = {
        "",
        ".*",
        ".+",
        "m1|m2",
        "(m1|m2|)",
        "h_1.*",
        "h_(1|2).",
        "i_.*7",
        "i_[0-4]+",
        "(i_.*3|h_.+|m0)",
        "a?",
        "a|",
        "z.*|",
        "(?i)M.*",
        "(i_+)+7",
        "nothing.*",
        "x.*|.*"
    };

    @Property(tries = 60)
    void agreesWithAPlainFilter(@ForAll long seed) {
        Random random = new Random(seed);
        int[] spread = {1 + random.nextInt(5), 1 + random.nextInt(300), 1 + random.nextInt(2_000)};
        List<Labels> series = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            series.add(Labels.of(
                    "__name__", "m" + random.nextInt(spread[0]),
                    "host", random.nextInt(20) == 0 ? "" : "h_" + random.nextInt(spread[1]),
                    "id", random.nextInt(9) == 0 ? "" : "i_" + random.nextInt(spread[2]),
                    "job", random.nextBoolean() ? "a" : "b",
                    "zone", random.nextInt(100) == 0 ? "z" : ""));
        }
        CountedIndex index = new CountedIndex(series, random.nextBoolean() ? new MatcherCache(4 << 10) : null);
        for (int i = 0; i < 60; i++) {
            Matcher[] matchers = new Matcher[random.nextInt(5)];
            Arrays.setAll(matchers, at -> matcher(random));
            int[] expected = IntStream.range(0, series.size())
                    .filter(number -> Arrays.stream(matchers)
                            .allMatch(m -> m.matches(series.get(number).get(m.name()))))
                    .toArray();
            assertThat(PostingsSelector.select(index, matchers).toArray())
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
