package io.varve.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.model.StaleMarker;
import io.varve.query.PercentilesRequest.Grouping;
import io.varve.query.script.FakeStore;
import java.util.List;
import org.junit.jupiter.api.Test;

class PercentilesTest {

    private static final List<List<Matcher>> ALL = List.of(List.of(Matcher.equal("__name__", "m")));
    private final FakeStore store = new FakeStore(Resolution.MILLIS, 1);

    PercentilesTest() {
        for (int i = 1; i <= 10; i++) {
            store.add(Labels.of("__name__", "m", "route", "/a", "host", "x"), i * 1000L, i);
            store.add(Labels.of("__name__", "m", "route", "/a", "host", "y"), i * 1000L, 10 + i);
            store.add(
                    Labels.of("__name__", "m", "route", "/b", "host", "x"),
                    i * 1000L,
                    i == 3 ? StaleMarker.VALUE : 100);
        }
    }

    private Percentiles ask(
            long start, long end, long step, long window, @org.jspecify.annotations.Nullable Grouping by) {
        return QueryEngine.over(store)
                .percentiles(new PercentilesRequest(ALL, List.of(0.5, 1.0), start, end, step, window, by), () -> false);
    }

    @Test
    void oneResultASeriesOverTheWholeRange() {
        Percentiles answer = ask(0, 10_000, 0, 0, null);
        assertThat(answer.q()).containsExactly(0.5, 1.0);
        assertThat(answer.result()).hasSize(3);
        Percentiles.Group first = answer.result().get(0);
        assertThat(first.labels()).isEqualTo(Labels.of("__name__", "m", "route", "/a", "host", "x"));
        Percentiles.Point point = first.points().get(0);
        assertThat(point.time()).isEqualTo(10_000);
        assertThat(point.count()).isEqualTo(10);
        assertThat(point.source()).isEqualTo(Percentiles.Source.RAW);
        assertThat(point.values())
                .containsExactly(new Percentiles.Bounded(5.5, 5.5, 5.5), new Percentiles.Bounded(10, 10, 10));
        assertThat(answer.result().get(1).points().get(0).count()).isEqualTo(9);
    }

    @Test
    void windowsAreOpenOnTheLeft() {
        Percentiles answer = ask(2000, 6000, 2000, 0, new Grouping(false, List.of("host")));
        Percentiles.Group x = answer.result().get(0);
        assertThat(x.labels()).isEqualTo(Labels.of("host", "x"));
        assertThat(x.points().stream().map(Percentiles.Point::time)).containsExactly(2000L, 4000L, 6000L);
        assertThat(x.points().stream().map(Percentiles.Point::count)).containsExactly(4L, 3L, 4L);
    }

    @Test
    void groupsMergeSamplesNotPercentiles() {
        Percentiles all = ask(0, 10_000, 0, 0, new Grouping(false, List.of()));
        assertThat(all.result()).hasSize(1);
        assertThat(all.result().get(0).labels()).isEqualTo(Labels.EMPTY);
        assertThat(all.result().get(0).points().get(0).count()).isEqualTo(29);
        assertThat(all.result().get(0).points().get(0).values().get(0).value()).isEqualTo(15);
        Percentiles without = ask(0, 10_000, 0, 0, new Grouping(true, List.of("host")));
        assertThat(without.result().stream().map(Percentiles.Group::labels))
                .containsExactly(Labels.of("route", "/a"), Labels.of("route", "/b"));
    }

    @Test
    void emptyWindowsGiveNoPoint() {
        Percentiles answer = ask(8000, 20_000, 2000, 1000, new Grouping(false, List.of()));
        assertThat(answer.result().get(0).points().stream().map(Percentiles.Point::time))
                .containsExactly(8000L, 10_000L);
        assertThat(ask(50_000, 60_000, 0, 0, null).result()).isEmpty();
    }

    @Test
    void severalSelectorsCountASeriesOnce() {
        List<List<Matcher>> twice = List.of(ALL.get(0), List.of(Matcher.equal("host", "x")));
        Percentiles answer = QueryEngine.over(store)
                .percentiles(
                        new PercentilesRequest(twice, List.of(0.5), 0, 10_000, 0, 0, new Grouping(false, List.of())),
                        () -> false);
        assertThat(answer.result().get(0).points().get(0).count()).isEqualTo(29);
        assertThat(store.openQueriers()).isZero();
    }

    @Test
    void badParametersAreNamed() {
        for (PercentilesRequest bad : List.of(
                new PercentilesRequest(ALL, List.of(1.5), 0, 1, 0, 0, null),
                new PercentilesRequest(ALL, List.of(Double.NaN), 0, 1, 0, 0, null),
                new PercentilesRequest(ALL, List.of(), 0, 1, 0, 0, null),
                new PercentilesRequest(List.of(), List.of(0.5), 0, 1, 0, 0, null),
                new PercentilesRequest(List.of(List.of()), List.of(0.5), 0, 1, 0, 0, null),
                new PercentilesRequest(ALL, List.of(0.5), 2, 1, 0, 0, null),
                new PercentilesRequest(ALL, List.of(0.5), 0, 1, -1, 0, null),
                new PercentilesRequest(ALL, List.of(0.5), 0, 100_000, 1, 0, null))) {
            QueryException e = catchThrowableOfType(
                    QueryException.class, () -> QueryEngine.over(store).percentiles(bad, () -> false));
            assertThat(e.kind()).isEqualTo(QueryException.Kind.BAD_DATA);
        }
    }
}
