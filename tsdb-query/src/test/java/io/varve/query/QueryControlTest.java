package io.varve.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.query.QueryException.Kind;
import io.varve.query.script.FakeStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is seen of a query from outside, and what all of them may hold together. */
final class QueryControlTest {

    private static final QueryRequest RATES = QueryRequest.range("sum(rate(m_total[5m]))", 600_000, 3_600_000, 60_000);

    private final FakeStore store = new FakeStore(Resolution.MILLIS, 100);
    private final QueryEngine engine = QueryEngine.over(store);

    @BeforeEach
    void fill() {
        for (int series = 0; series < 10; series++) {
            for (int i = 0; i < 240; i++) {
                store.add(Labels.of("__name__", "m_total", "i", "" + series), i * 15_000L, i * (series + 1.0));
            }
        }
    }

    private static QueryControl control(QueryMemory memory) {
        return new QueryControl(() -> false, memory);
    }

    @Test
    void usedIsWhatTheBudgetWasCharged() {
        long[] told = new long[2];
        QueryEngine watched = QueryEngine.over(store, QueryLimits.defaults(), (samples, points, bytes, nanos) -> {
            told[0] = samples;
            told[1] = bytes;
        });
        try (QueryControl control = control(QueryMemory.UNLIMITED)) {
            QueryResult result = watched.query(RATES, control);
            assertThat(control.series()).isEqualTo(10);
            assertThat(control.samples()).isEqualTo(result.samplesRead()).isEqualTo(told[0]);
            assertThat(control.bytes()).isEqualTo(told[1]).isPositive();
        }
    }

    @Test
    void aQueryTakesItsTurnBeforeEachSeriesAndEndsItOnce() {
        List<String> told = new ArrayList<>();
        QueryTurn turn = new QueryTurn() {
            @Override
            public void begin() {
                told.add("begin");
            }

            @Override
            public void goOn() {
                told.add("goOn");
            }

            @Override
            public void end() {
                told.add("end");
            }
        };
        try (QueryControl control = new QueryControl(() -> false, QueryMemory.UNLIMITED, turn)) {
            assertThat(control.turn()).isSameAs(turn);
            engine.query(RATES, control);
            assertThat(told).containsOnly("goOn").hasSizeGreaterThan(10);
        }
        assertThat(told).endsWith("goOn", "end").containsOnlyOnce("end").doesNotContain("begin");
    }

    @Test
    void percentilesAreSeenToo() {
        PercentilesRequest request = new PercentilesRequest(
                List.of(List.of(Matcher.equal("__name__", "m_total"))), List.of(0.5), 0, 3_600_000, 0, 0, null);
        try (QueryControl control = control(QueryMemory.UNLIMITED)) {
            engine.percentiles(request, control);
            assertThat(control.series()).isEqualTo(10);
            assertThat(control.samples()).isPositive();
        }
        try (QueryControl control = control(QueryMemory.UNLIMITED)) {
            control.cancel();
            QueryException e = catchThrowableOfType(QueryException.class, () -> engine.percentiles(request, control));
            assertThat(e.kind()).isEqualTo(Kind.CANCELED);
        }
    }

    @Test
    void cancelledByAnother() {
        try (QueryControl control = control(QueryMemory.UNLIMITED)) {
            control.cancel();
            QueryException e = catchThrowableOfType(QueryException.class, () -> engine.query(RATES, control));
            assertThat(e.kind()).isEqualTo(Kind.CANCELED);
            assertThat(e).hasMessage("query was canceled");
            assertThat(store.openQueriers()).isZero();
        }
    }

    @Test
    void memoryOfAllQueriesIsTakenUntilTheResultIsGivenUp() {
        QueryMemory memory = new QueryMemory(() -> 1 << 20);
        QueryControl first = control(memory);
        engine.query(RATES, first);
        assertThat(memory.used()).isEqualTo(first.bytes()).isPositive();
        first.close();
        first.close();
        assertThat(memory.used()).isZero();
    }

    @Test
    void whoComesWhileOthersHoldItIsAskedToTryAgain() {
        QueryMemory memory = new QueryMemory(() -> 50_000);
        QueryControl large = control(memory);
        large.charge(0, 49_999);
        QueryControl second = control(memory);
        QueryException e = catchThrowableOfType(QueryException.class, () -> engine.query(RATES, second));
        assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(e)
                .hasMessage("all queries together would take too much memory: limit=50000, try again when others"
                        + " have ended");
        second.close();
        assertThat(memory.used()).isEqualTo(49_999);
        large.close();
        try (QueryControl third = control(memory)) {
            assertThat(engine.query(RATES, third).samplesRead()).isPositive();
        }
        assertThat(memory.used()).isZero();
    }

    @Test
    void whoNeedsMoreThanThereIsAtAllIsToldSo() {
        QueryMemory memory = new QueryMemory(() -> 100);
        try (QueryControl control = control(memory)) {
            QueryException e = catchThrowableOfType(QueryException.class, () -> engine.query(RATES, control));
            assertThat(e.kind()).isEqualTo(Kind.EXECUTION);
            assertThat(e).hasMessageContaining("limit=100, use a narrower range");
        }
        assertThat(memory.used()).isZero();
    }
}
