package io.varve.query.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Labels;
import io.varve.core.model.RollupRule;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.query.QueryEngine;
import io.varve.query.QueryLimits;
import io.varve.query.QueryOptions;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import io.varve.query.QueryWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is answered where samples have expired, and what the answer says of it. A sample a second for ten minutes, of
 * which the value is the second; samples are kept for 200 seconds, rollups of ten seconds for ever.
 */
class RolledTest {

    private static final long START = 1_700_000_000_000L;
    private static final String ANSWER = "samples have expired: rollups of 10s answer";

    private static final TsdbConfig CONFIG = TsdbConfig.defaults()
            .ringBytes(1 << 18)
            .blockSpan(Duration.ofSeconds(100))
            .retention(Duration.ofSeconds(200))
            .rollups(List.of(new RollupRule(Duration.ofSeconds(10), Duration.ZERO, true)));

    @TempDir
    Path directory;

    private Tsdb db;

    @BeforeEach
    void open() throws IOException {
        db = Tsdb.open(directory, CONFIG);
        fill(db);
    }

    private static void fill(Tsdb store) throws IOException {
        try (Appender appender = store.appender(Durability.WRITTEN)) {
            long ref = appender.series(Labels.of("__name__", "m_total"));
            for (int second = 1; second <= 600; second++) {
                appender.append(ref, START + 1_000L * second, second);
            }
            appender.commit();
        }
        store.flush();
        store.compact();
    }

    @AfterEach
    void close() throws IOException {
        db.close();
    }

    private QueryResult ask(String expression, int second, boolean statistics) {
        QueryOptions options = QueryOptions.defaults().statistics(statistics);
        QueryEngine engine = QueryEngine.over(db, QueryLimits.defaults(), options, QueryWatch.NONE);
        return engine.query(
                QueryRequest.instant(expression, START + 1_000L * second).withLookback(3_000));
    }

    private static double value(QueryResult result) {
        return ((QueryResult.Vector) result.value()).samples().get(0).value();
    }

    private static boolean isEmpty(QueryResult result) {
        return ((QueryResult.Vector) result.value()).samples().isEmpty();
    }

    private static String text(QueryResult result) {
        assertThat(result.warnings()).isEmpty();
        return String.join("\n", result.infos());
    }

    @Test
    void windowsOfWholeBucketsAreWhatTheyWere() {
        for (boolean statistics : new boolean[] {true, false}) {
            QueryResult sum = ask("sum_over_time(m_total[60s])", 120, statistics);
            assertThat(value(sum)).isEqualTo(60 * 181 / 2.0);
            assertThat(text(sum)).isEqualTo(ANSWER + " (1:15)");
            assertThat(value(ask("count_over_time(m_total[60s])", 120, statistics)))
                    .isEqualTo(60);
            assertThat(value(ask("increase(m_total[60s])", 120, statistics))).isEqualTo(60);
            assertThat(isEmpty(ask("absent_over_time(m_total[60s])", 120, statistics)))
                    .isTrue();
        }
    }

    @Test
    void bucketsAndSamplesMeetInAWindow() {
        QueryResult sum = ask("sum_over_time(m_total[600s])", 600, true);
        assertThat(value(sum)).isEqualTo(600 * 601 / 2.0);
        assertThat(text(sum)).isEqualTo(ANSWER + " (1:15)");
    }

    @Test
    void whereSamplesAreThereNothingIsSaid() {
        QueryResult sum = ask("sum_over_time(m_total[60s])", 600, true);
        assertThat(value(sum)).isEqualTo(60 * 1_141 / 2.0);
        assertThat(text(sum)).isEmpty();
    }

    @Test
    void aCutBucketIsNotInAWindow() {
        QueryResult count = ask("count_over_time(m_total[60s])", 125, true);
        assertThat(value(count)).isEqualTo(50);
        assertThat(text(count))
                .contains(
                        "windows that cut buckets of rollups are answered by whole buckets alone; let start, step and "
                                + "range be multiples of 10s");
    }

    @Test
    void shortWindowsAndOtherFunctionsHaveNoValue() {
        QueryResult small = ask("sum_over_time(m_total[5s])", 120, true);
        assertThat(isEmpty(small)).isTrue();
        assertThat(text(small))
                .isEqualTo("samples have expired: windows are shorter than rollups, which are of 10s: windows have no "
                        + "value there (1:15)");
        QueryResult slope = ask("deriv(m_total[60s])", 120, true);
        assertThat(isEmpty(slope)).isTrue();
        assertThat(text(slope))
                .isEqualTo(
                        "samples have expired: rollups do not tell what is asked: windows have no value there (1:7)");
    }

    /** Rollups of ten seconds are left from 370 on, in the midst of one of a minute. */
    @Test
    void widthsMeetWithoutAGap(@TempDir Path other) throws IOException {
        TsdbConfig config = CONFIG.rollups(List.of(
                new RollupRule(Duration.ofSeconds(10), Duration.ofSeconds(230), true),
                new RollupRule(Duration.ofSeconds(60), Duration.ZERO, true)));
        try (Tsdb two = Tsdb.open(other, config)) {
            fill(two);
            QueryEngine engine = QueryEngine.over(two);
            QueryResult all = engine.query(QueryRequest.instant("count_over_time(m_total[130s])", START + 410_000));
            assertThat(value(all)).isEqualTo(130);
            assertThat(text(all)).isEqualTo("samples have expired: rollups of 1m answer (1:17)");
            QueryResult some = engine.query(QueryRequest.instant("count_over_time(m_total[30s])", START + 385_000));
            assertThat(value(some)).isEqualTo(10);
            assertThat(text(some))
                    .contains("samples have expired: windows are shorter than rollups, which are of 1m: they leave out "
                            + "a part of windows (1:17)");
        }
    }

    @Test
    void functionsOfAnomaliesReadSamplesAlone() {
        for (String function :
                List.of("band_score", "seasonal_score", "change_score", "forest_score", "consensus_score")) {
            QueryResult score = ask("anomaly_" + function + "(m_total[60s])", 120, true);
            assertThat(isEmpty(score)).isTrue();
            assertThat(text(score)).contains("samples have expired");
        }
        String score = "anomaly_band_score(m_total[60s])";
        assertThat(value(ask(score, 600, true))).isEqualTo(value(ask(score, 600, false)));
    }

    @Test
    void sketchesAnswerQuantilesWithinTheirBound() {
        QueryResult quantile = ask("quantile_over_time(0.5, m_total[60s])", 120, true);
        assertThat(Math.abs(value(quantile) - 90.5) / 90.5).isBetween(1e-9, 0.011);
        assertThat(text(quantile)).isEqualTo(ANSWER + ", their sketches to within 1.1 % of the value (1:25)");
        QueryResult exact = ask("quantile_over_time(0.5, m_total[60s])", 600, true);
        assertThat(value(exact)).isEqualTo(570.5);
        assertThat(text(exact)).isEmpty();
    }

    /** The first and the last sample of a bucket are seen for ten seconds, others for the lookback. */
    @Test
    void theNewestSampleIsThatOfABucket() {
        assertThat(value(ask("m_total", 120, true))).isEqualTo(120);
        assertThat(value(ask("m_total", 125, true))).isEqualTo(121);
        assertThat(value(ask("timestamp(m_total)", 125, true))).isEqualTo((START + 121_000) / 1e3);
        assertThat(text(ask("m_total", 125, true))).isEqualTo(ANSWER + " (1:1)");
        assertThat(value(ask("m_total", 602, true))).isEqualTo(600);
        assertThat(isEmpty(ask("m_total", 603, true))).isTrue();
        // Where a query sees both, samples are seen for no longer than they were.
        QueryRequest both = QueryRequest.range("m_total", START + 385_000, START + 605_000, 5_000)
                .withLookback(3_000);
        QueryResult.Matrix matrix =
                (QueryResult.Matrix) QueryEngine.over(db).query(both).value();
        long[] times = matrix.series().get(0).times();
        assertThat(times[times.length - 1]).isEqualTo(START + 600_000);
    }
}
