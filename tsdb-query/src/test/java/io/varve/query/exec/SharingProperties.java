package io.varve.query.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.query.QueryControl;
import io.varve.query.QueryEngine;
import io.varve.query.QueryLimits;
import io.varve.query.QueryMemory;
import io.varve.query.QueryOptions;
import io.varve.query.QueryRequest;
import io.varve.query.QueryWatch;
import java.io.IOException;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.assertj.core.api.SoftAssertions;

/** What stands in a query several times is evaluated once, and nobody sees it in the answer. */
class SharingProperties {

    private static QueryEngine engine(SampleStores store, boolean sharing) {
        QueryOptions options = QueryOptions.defaults().experimental(true).sharing(sharing);
        return QueryEngine.over(store.db(), QueryLimits.defaults(), options, QueryWatch.NONE);
    }

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void answers_are_the_same(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        try (SampleStores store = new SampleStores(seed)) {
            QueryEngine shared = engine(store, true);
            QueryEngine each = engine(store, false);
            for (int i = 0; i < 60; i++) {
                Answers.assertSame(each, shared, Answers.question(random), false);
            }
        }
    }

    private static long series(SampleStores store, boolean sharing, String expression) {
        try (QueryControl control = new QueryControl(() -> false, QueryMemory.UNLIMITED)) {
            engine(store, sharing).query(QueryRequest.range(expression, 0, SampleStores.SPAN, 60_000), control);
            return control.series();
        }
    }

    @Property(tries = 1)
    void repeated_vectors_are_read_once() throws IOException {
        try (SampleStores store = new SampleStores(3)) {
            long m = series(store, true, "m_total");
            long n = series(store, true, "n_total");
            SoftAssertions softly = new SoftAssertions();
            assertSeries(softly, store, m, 2 * m, "m_total == m_total");
            assertSeries(softly, store, m, 2 * m, "m_total == (  m_total)");
            assertSeries(softly, store, m + n, 2 * m + n, "m_total / (m_total + on(host) n_total)");
            assertSeries(
                    softly,
                    store,
                    m,
                    2 * m,
                    "rate(m_total[5m]) - on(zone) group_left() avg by (zone) (rate(m_total[5m]))");
            assertSeries(softly, store, m, 2 * m, "max_over_time(m_total[10m:2m]) - min_over_time(m_total[10m:2m])");
            assertSeries(
                    softly, store, 2 * m, 2 * m, "max_over_time(m_total[10m:2m]) - min_over_time(m_total[10m:1m])");
            assertSeries(softly, store, 2 * m, 2 * m, "m_total - m_total offset 1m");
            assertSeries(softly, store, m, 3 * m, "(m_total + m_total) * m_total");
            assertSeries(softly, store, m, 4 * m, "(m_total + m_total) * (m_total + m_total)");
            softly.assertAll();
        }
    }

    private static void assertSeries(
            SoftAssertions softly, SampleStores store, long shared, long each, String expression) {
        softly.assertThat(series(store, true, expression)).as(expression).isEqualTo(shared);
        softly.assertThat(series(store, false, expression)).as(expression).isEqualTo(each);
    }

    /** The same windows by different functions: series are looked for once. */
    @Property(tries = 1)
    void selections_are_found_once() throws IOException {
        try (SampleStores store = new SampleStores(3)) {
            for (boolean sharing : new boolean[] {true, false}) {
                OpenedParts counted = new OpenedParts(store.db());
                QueryOptions options = QueryOptions.defaults().sharing(sharing);
                QueryEngine.over(counted, QueryLimits.defaults(), options, QueryWatch.NONE)
                        .query(QueryRequest.instant(
                                "max_over_time(m_total[5m]) - min_over_time(m_total[5m])", 900_000));
                assertThat(counted.found()).isEqualTo(sharing ? 1 : 2);
            }
        }
    }

    @Property(tries = 1)
    void notes_tell_each_place() throws IOException {
        try (SampleStores store = new SampleStores(3)) {
            String twice = "rate({__name__=\"h\",host=\"h1\"}[5m]) unless rate({__name__=\"h\",host=\"h1\"}[5m])\n"
                    + " or sum(quantile_over_time(2, m_total[5m])) + sum( quantile_over_time(2, m_total[5m]))";
            QueryRequest request = QueryRequest.range(twice, 0, SampleStores.SPAN, 60_000);
            var shared = engine(store, true).query(request);
            var each = engine(store, false).query(request);
            assertThat(shared.warnings()).isEqualTo(each.warnings());
            assertThat(shared.infos()).isEqualTo(each.infos());
            assertThat(shared.warnings()).anyMatch(text -> text.endsWith("(2:28)"));
            assertThat(shared.warnings().stream()
                            .filter(text -> text.startsWith("quantile value"))
                            .count())
                    .isEqualTo(2);
        }
    }
}
