package io.varve.query.detect.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.model.Labels;
import io.varve.core.model.Resolution;
import io.varve.query.QueryControl;
import io.varve.query.QueryEngine;
import io.varve.query.QueryException;
import io.varve.query.QueryLimits;
import io.varve.query.QueryMemory;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import io.varve.query.script.FakeStore;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions of anomalies are bounded as others are: by samples, by memory, and by an asker that goes. */
class AnomalyBoundsTest {

    private static final int SAMPLES = 15_000;
    private static final long MINUTE = 60_000;

    private static FakeStore store(Resolution resolution) {
        FakeStore store = new FakeStore(resolution, 500);
        Random random = new Random(2);
        long ticks = resolution.ticksOfMillis(MINUTE);
        for (int i = 0; i < SAMPLES; i++) {
            store.add(Labels.of("__name__", "m"), i * ticks, i % 97 + random.nextGaussian());
        }
        return store;
    }

    private static QueryRequest request(String function, int step) {
        String window = function.contains("seasonal") ? "1w" : "3d";
        String expression = function.replace("v)", "m[" + window + "])");
        return QueryRequest.range(expression, 6_000 * MINUTE, SAMPLES * MINUTE, step * MINUTE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anomaly_band_score(v)",
                "anomaly_seasonal_score(v)",
                "anomaly_change_score(v)",
                "anomaly_forest_score(v)",
                "anomaly_consensus_score(v)"
            })
    void whoeverHasGoneIsNotAnsweredAnyMore(String function) {
        QueryEngine engine = QueryEngine.over(store(Resolution.MILLIS));
        AtomicInteger asked = new AtomicInteger();
        engine.query(request(function, 100), () -> asked.incrementAndGet() < 0);
        int whole = asked.getAndSet(0);
        int reading = 100; // questions while pages are read, more or less
        assertThat(whole).as("questions of a whole query").isGreaterThan(10);
        assertThatThrownBy(() -> engine.query(
                        request(function, 100), () -> asked.incrementAndGet() > Math.min(whole - 1, reading)))
                .isInstanceOf(QueryException.class)
                .hasMessageContaining("canceled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"anomaly_forest_score(v)", "anomaly_consensus_score(v)"})
    void expensiveOnesAskWhileTheyLearn(String function) {
        QueryEngine engine = QueryEngine.over(store(Resolution.MILLIS));
        AtomicInteger cheap = new AtomicInteger();
        AtomicInteger dear = new AtomicInteger();
        engine.query(request("last_over_time(v)", 100), () -> cheap.incrementAndGet() < 0);
        engine.query(request(function, 100), () -> dear.incrementAndGet() < 0);
        assertThat(dear.get() - cheap.get()).isGreaterThan(SAMPLES / 300); // each 256 samples, of two detectors
    }

    @ParameterizedTest
    @ValueSource(strings = {"anomaly_band_upper(3, v)", "anomaly_seasonal_baseline(v)", "anomaly_forest_score(v)"})
    void samplesAreLimited(String function) {
        QueryLimits usual = QueryLimits.defaults();
        QueryLimits few =
                new QueryLimits(1_000, usual.maxPoints(), usual.maxBytes(), usual.timeout(), usual.lookback());
        assertThatThrownBy(() -> QueryEngine.over(store(Resolution.MILLIS), few).query(request(function, 100)))
                .isInstanceOf(QueryException.class)
                .hasMessageContaining("too many samples");
    }

    @ParameterizedTest
    @CsvSource({
        "anomaly_change_score(v), 100000",
        "anomaly_forest_score(v), 200000",
        "anomaly_consensus_score(v), 200000"
    })
    void detectorsCountAgainstTheMemoryOfAQuery(String function, long bytes) {
        QueryLimits usual = QueryLimits.defaults();
        QueryLimits little =
                new QueryLimits(usual.maxSamples(), usual.maxPoints(), bytes, Duration.ofMinutes(1), usual.lookback());
        FakeStore store = new FakeStore(Resolution.MILLIS, 10);
        store.add(Labels.of("__name__", "m"), 1, 1);
        QueryEngine engine = QueryEngine.over(store, little);
        assertThatThrownBy(() -> engine.query(QueryRequest.instant(function.replace("v)", "m[1h])"), 1)))
                .isInstanceOf(QueryException.class)
                .hasMessageContaining("too much memory");
        try (QueryControl control = new QueryControl(() -> false, QueryMemory.UNLIMITED)) {
            engine.query(QueryRequest.instant("last_over_time(m[1h])", 1), control);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anomaly_band_score(v)",
                "anomaly_seasonal_score(v)",
                "anomaly_change_score(v)",
                "anomaly_forest_score(v)",
                "anomaly_consensus_score(v)"
            })
    void theUnitOfTimeDoesNotMatter(String function) {
        QueryRequest millis = request(function, 150);
        QueryRequest nanos = QueryRequest.range(
                millis.expression(), millis.start() * 1_000_000, millis.end() * 1_000_000, millis.step() * 1_000_000);
        QueryResult.Matrix expected = (QueryResult.Matrix)
                QueryEngine.over(store(Resolution.MILLIS)).query(millis).value();
        QueryResult.Matrix found = (QueryResult.Matrix)
                QueryEngine.over(store(Resolution.NANOS)).query(nanos).value();
        assertThat(found.series()).hasSize(1);
        assertThat(found.series().get(0).values())
                .hasSizeGreaterThan(40)
                .isEqualTo(expected.series().get(0).values());
    }
}
