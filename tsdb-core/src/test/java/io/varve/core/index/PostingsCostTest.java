package io.varve.core.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a selection reads: postings, values and labels are counted, so that no clock is asked. */
final class PostingsCostTest {

    private static final int SERIES = 20_000;

    private final CountedIndex index = new CountedIndex(series(), null);

    private static List<Labels> series() {
        List<Labels> all = new ArrayList<>();
        for (int i = 0; i < SERIES; i++) {
            all.add(Labels.of(
                    "__name__",
                    "m" + i % 10,
                    "host",
                    "host_" + i % 200,
                    "id",
                    "id_" + i,
                    "job",
                    i % 2 == 0 ? "a" : "b"));
        }
        return all;
    }

    private int[] select(CountedIndex of, Matcher... matchers) {
        of.forget();
        return PostingsSelector.select(of, matchers).toArray();
    }

    @Test
    void theFewestSeriesComeFirstAndTheOthersAreFilteredByLabels() {
        int[] found = select(
                index, Matcher.equal("job", "a"), Matcher.regex("__name__", ".+"), Matcher.equal("id", "id_4242"));
        assertThat(found).containsExactly(4242);
        assertThat(index.seriesRead).isEqualTo(1);
        assertThat(index.labelsRead).isEqualTo(2);
        assertThat(index.valuesLookedAt).isZero();
    }

    @Test
    void whatNobodyHasEndsASelectionBeforeAnythingIsRead() {
        assertThat(select(index, Matcher.regex("id", ".*7"), Matcher.equal("job", "c")))
                .isEmpty();
        assertThat(select(index, Matcher.regex("id", ".*7"), Matcher.equal("none", "c")))
                .isEmpty();
        assertThat(select(index, Matcher.equal("job", "a"), Matcher.notRegex("id", ".*")))
                .isEmpty();
        assertThat(index.read()).isZero();
    }

    @Test
    void setsLookAtNoValues() {
        assertThat(select(index, Matcher.regex("id", "id_(1|22|333)|none"))).containsExactly(1, 22, 333);
        assertThat(index.valuesLookedAt).isZero();
        assertThat(index.postingsRead).isEqualTo(3);
    }

    @Test
    void prefixesLookAtNothingElse() {
        assertThat(select(index, Matcher.regex("id", "id_199.+|id_5"))).hasSize(111);
        assertThat(index.valuesLookedAt).isBetween(110, 112);
        assertThat(index.postingsRead).isEqualTo(111);
    }

    @Test
    void whatMatchesEverythingCostsNothing() {
        assertThat(select(index, Matcher.regex("id", ".*"), Matcher.equal("id", "id_3"), Matcher.notEqual("none", "x")))
                .containsExactly(3);
        assertThat(index.valuesLookedAt + index.labelsRead).isZero();
        assertThat(index.postingsRead).isEqualTo(1);
    }

    @Test
    void removingIsAskedOfWhatIsLeft() {
        int[] found = select(
                index,
                Matcher.notRegex("id", ".*[13579]"),
                Matcher.notEqual("host", "host_44"),
                Matcher.regex("id", "id_4[4-5].*4"),
                Matcher.regex("host", "host_4."));
        assertThat(found)
                .isEqualTo(IntStream.range(0, SERIES)
                        .filter(i -> ("id_" + i).matches("id_4[4-5].*4") && ("host_" + i % 200).matches("host_4."))
                        .filter(i -> i % 200 != 44)
                        .toArray());
        assertThat(index.valuesLookedAt).isLessThan(1_200); // hosts that begin with host_4, ids with id_4
        assertThat(index.labelsRead).isLessThan(1_100); // of the series of ten hosts, once, and of what is left
    }

    @Test
    void largeListsAreIntersectedAndNotReadSeriesBySeries() {
        assertThat(select(index, Matcher.equal("job", "a"), Matcher.equal("__name__", "m2")))
                .hasSize(2_000);
        assertThat(index.labelsRead).isZero();
        assertThat(index.postingsRead).isEqualTo(2);
    }

    @Test
    void aBlockLooksAtItsValuesOnceForAMatcher() {
        CountedIndex block = new CountedIndex(series(), new MatcherCache(128 << 10));
        Matcher slow = Matcher.regex("id", "(id|x)_[0-9]+7");
        int[] first = select(block, slow, Matcher.equal("job", "b"));
        assertThat(block.valuesLookedAt).isEqualTo(SERIES);
        assertThat(select(block, slow, Matcher.equal("job", "b")))
                .isEqualTo(first)
                .hasSize(1_999);
        assertThat(block.valuesLookedAt).isZero();
    }

    @Test
    void whatIsRememberedIsBounded() {
        MatcherCache cache = new MatcherCache(16 << 10);
        CountedIndex block = new CountedIndex(series(), cache);
        for (int i = 0; i < 300; i++) {
            select(block, Matcher.regex("id", "id_" + i + ".*"));
            assertThat(cache.bytes()).isLessThanOrEqualTo(16 << 10);
        }
        assertThat(cache.bytes()).isGreaterThan(4 << 10);
        select(block, Matcher.regex("id", "id_299.*"));
        assertThat(block.valuesLookedAt).isZero();
        select(block, Matcher.regex("id", "id_0.*"));
        assertThat(block.valuesLookedAt).isPositive();
    }

    @Test
    void aSelectionAsksItsBudgetWhileItLooksAtValues() {
        int[] asked = new int[1];
        PostingsSelector.select(index, (samples, bytes) -> asked[0]++, Matcher.regex("id", "(i+)+d_.*7"));
        assertThat(asked[0]).isGreaterThanOrEqualTo(SERIES / 1_024);
    }
}
