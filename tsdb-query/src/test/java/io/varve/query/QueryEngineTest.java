package io.varve.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.varve.core.model.Labels;
import io.varve.core.model.Resolution;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Hole;
import io.varve.query.QueryException.Kind;
import io.varve.query.lang.Parser;
import io.varve.query.script.FakeStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueryEngineTest {

    private final FakeStore store = new FakeStore(Resolution.MILLIS, 100);

    QueryEngineTest() {
        for (int series = 0; series < 20; series++) {
            for (int i = 0; i <= 240; i++) {
                store.add(Labels.of("__name__", "m_total", "i", "" + series), i * 15_000L, i * (series + 1.0));
            }
        }
    }

    private static QueryLimits limits(long samples, long bytes, Duration timeout) {
        return new QueryLimits(samples, 11_000, bytes, timeout, Duration.ofMinutes(5));
    }

    private static final QueryRequest RATES = QueryRequest.range("sum(rate(m_total[5m]))", 600_000, 3_600_000, 60_000);

    private QueryException failure(QueryLimits limits, QueryRequest request) {
        QueryEngine engine = QueryEngine.over(store, limits);
        QueryException e = catchThrowableOfType(QueryException.class, () -> engine.query(request));
        assertThat(store.openQueriers()).isZero();
        return e;
    }

    @Test
    void limitOfSamples() {
        QueryException e = failure(limits(1000, 1 << 30, Duration.ofMinutes(1)), RATES);
        assertThat(e.kind()).isEqualTo(Kind.EXECUTION);
        assertThat(e)
                .hasMessage("query would load too many samples: limit=1000, use a narrower range or raise"
                        + " limits.query_samples");
    }

    @Test
    void oneLongSeriesEndsInItsMidstWhenTimeIsUp() {
        QueryRequest slow = QueryRequest.range("deriv(vector(1)[100000s:1s])", 0, 10_999_000, 1_000);
        QueryException e = failure(limits(1 << 30, 1 << 30, Duration.ofMillis(300)), slow);
        assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
    }

    @Test
    void labelsThatAreMadeAreMemory() {
        String replaced = "label_replace(m_total, \"x\", \"" + "a".repeat(50_000) + "\", \"i\", \".*\")";
        QueryException e =
                failure(limits(1 << 30, 1 << 20, Duration.ofMinutes(1)), QueryRequest.instant(replaced, 600_000));
        assertThat(e.kind()).isEqualTo(Kind.EXECUTION);
        assertThat(e).hasMessageStartingWith("query would take too much memory: limit=1048576");
        String joined = "label_join(m_total, \"x\", \"" + "a".repeat(50_000) + "\", \"i\", \"i\")";
        assertThat(failure(limits(1 << 30, 1 << 20, Duration.ofMinutes(1)), QueryRequest.instant(joined, 600_000)))
                .hasMessageStartingWith("query would take too much memory: limit=1048576");
    }

    @Test
    void limitOfBytes() {
        QueryRequest wide = QueryRequest.range("m_total", 0, 10_000_000, 1000);
        QueryException e = failure(limits(1 << 30, 1 << 20, Duration.ofMinutes(1)), wide);
        assertThat(e.kind()).isEqualTo(Kind.EXECUTION);
        assertThat(e).hasMessageContaining("too much memory: limit=1048576");
        QueryException sub = failure(
                limits(1 << 30, 1 << 20, Duration.ofMinutes(1)),
                QueryRequest.instant("sum_over_time(m_total[1y:1s])", 1_000_000_000_000L));
        assertThat(sub).hasMessageContaining("too much memory");
        assertThat(failure(
                        QueryLimits.defaults(),
                        QueryRequest.instant("sum_over_time(m_total[100y:1ms])", 1_000_000_000_000L)))
                .hasMessageContaining("subquery has too many steps");
    }

    @Test
    void timeoutsAreToldByTheClock() {
        AtomicInteger asked = new AtomicInteger();
        TimeSource clock = TimeSource.of(() -> 0, () -> asked.incrementAndGet() * 1_000_000_000L);
        QueryEngine engine = QueryEngine.over(store, QueryLimits.defaults(), clock);
        QueryException e = catchThrowableOfType(
                QueryException.class, () -> engine.query(RATES.withTimeout(Duration.ofSeconds(7))));
        assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(e).hasMessage("query timed out: limit=PT7S");
        assertThat(asked.get()).isEqualTo(9);
    }

    @Test
    void askersMayGo() {
        AtomicInteger asked = new AtomicInteger();
        QueryException e = catchThrowableOfType(
                QueryException.class, () -> QueryEngine.over(store).query(RATES, () -> asked.incrementAndGet() > 10));
        assertThat(e.kind()).isEqualTo(Kind.CANCELED);
        assertThat(store.openQueriers()).isZero();
    }

    @Test
    void damageIsReported() {
        store.damage(new Hole(3, TimeRange.of(1000, 2000), "cannot read page: checksum"));
        QueryResult result = QueryEngine.over(store).query(RATES);
        assertThat(result.warnings())
                .containsExactly("answer misses data of 3 series between 1970-01-01T00:00:01Z and"
                        + " 1970-01-01T00:00:02Z: cannot read page: checksum");
        assertThat(result.samplesRead()).isEqualTo(20L * 220);
    }

    @Test
    void matricesComeInLabelOrderAndRawSamplesAsTheyAre() {
        QueryResult.Matrix matrix = (QueryResult.Matrix) QueryEngine.over(store)
                .query(QueryRequest.range("m_total or -m_total", 0, 60_000, 60_000))
                .value();
        assertThat(matrix.series().stream().map(QueryResult.Series::labels))
                .isSorted()
                .hasSize(20);
        store.add(Labels.of("__name__", "raw"), 5, 1.5);
        store.add(Labels.of("__name__", "raw"), 6, StaleMarker.VALUE);
        store.add(Labels.of("__name__", "raw"), 7, 2.5);
        QueryResult.Matrix raw = (QueryResult.Matrix) QueryEngine.over(store)
                .query(QueryRequest.instant("raw[2ms]", 7))
                .value();
        assertThat(raw.series()).hasSize(1);
        assertThat(raw.series().get(0).times()).containsExactly(7);
        assertThat(raw.series().get(0).values()).containsExactly(2.5);
    }

    @Test
    void lookbackPerQuery() {
        QueryEngine engine = QueryEngine.over(store);
        QueryRequest late = QueryRequest.instant("count(m_total)", 3_600_000 + 400_000);
        assertThat(((QueryResult.Vector) engine.query(late).value()).samples()).isEmpty();
        assertThat(((QueryResult.Vector)
                                engine.query(late.withLookback(400_001)).value())
                        .samples())
                .hasSize(1);
    }

    @Test
    void timesBeyondAllRangesAreRefused() {
        QueryRequest request = QueryRequest.instant("m_total", Long.MAX_VALUE);
        assertThat(failure(QueryLimits.defaults(), request).kind()).isEqualTo(Kind.BAD_DATA);
        FakeStore nanos = new FakeStore(Resolution.NANOS, 1);
        nanos.add(Labels.of("__name__", "m"), 1_700_000_000_000_000_000L, 1);
        for (String text : List.of("m offset 290y", "m offset -290y", "rate(m[290y])", "m[290y:100y] offset -290y")) {
            try {
                QueryEngine.over(nanos).query(QueryRequest.instant(text, 1_700_000_000_000_000_000L));
            } catch (QueryException e) {
                assertThat(e).hasMessageContaining("out of range");
            }
        }
    }

    @Test
    void deepExpressionsEvaluate() {
        String text = "m_total{i=\"0\"}" + " + 0".repeat(Parser.MAX_DEPTH - 2);
        QueryResult result = QueryEngine.over(store).query(QueryRequest.instant(text, 60_000));
        assertThat(((QueryResult.Vector) result.value()).samples()).hasSize(1);
        QueryResult negated =
                QueryEngine.over(store).query(QueryRequest.instant("-".repeat(200) + "m_total{i=\"0\"}", 60_000));
        assertThat(((QueryResult.Vector) negated.value()).samples().get(0).value())
                .isEqualTo(4);
    }

    @Test
    void manyThreadsGetTheSameAnswer() throws Exception {
        QueryEngine engine = QueryEngine.over(store);
        List<Double> expected = values(engine.query(RATES));
        var pool = Executors.newFixedThreadPool(4);
        try {
            Callable<List<Double>> ask = () -> values(engine.query(RATES));
            for (var answer :
                    pool.invokeAll(IntStream.range(0, 40).mapToObj(i -> ask).toList())) {
                assertThat(answer.get()).isEqualTo(expected);
            }
        } finally {
            pool.shutdown();
        }
    }

    private static List<Double> values(QueryResult result) {
        QueryResult.Series series =
                ((QueryResult.Matrix) result.value()).series().get(0);
        return java.util.Arrays.stream(series.values()).boxed().toList();
    }
}
