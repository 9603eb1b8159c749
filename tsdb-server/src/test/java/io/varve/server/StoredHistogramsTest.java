package io.varve.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.ResetHint;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.query.QueryEngine;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries over native histograms that a store keeps: in the head, in blocks, and in both. */
class StoredHistogramsTest {

    private static final long MINUTE = 60_000;
    private static final int SERIES = 3;

    @TempDir
    private Path directory;

    /** Each minute 8 observations more: 2 in the zero bucket, 3 in (0.5, 1], 1 in (1, 2], 2 in [-2, -1). */
    private static Histogram counter(int minutes) {
        HistogramLayout layout = HistogramLayout.exponential(0, false, 0.25, new int[] {0, 2}, new int[] {1, 1});
        return Histogram.integer(
                layout,
                ResetHint.UNKNOWN,
                2L * minutes,
                8L * minutes,
                1.5 * minutes,
                3L * minutes,
                minutes,
                2L * minutes);
    }

    private static void append(Tsdb db, long start, int from, int to) {
        try (Appender app = db.appender(Durability.SYNCED)) {
            for (int series = 0; series < SERIES; series++) {
                long ref = app.series(Labels.of("__name__", "h", "i", Integer.toString(series)));
                for (int i = from; i < to; i++) {
                    app.append(ref, start + i * MINUTE, i == 50 ? Histogram.stale(false) : counter(i + 1));
                }
            }
            assertThat(app.commit().accepted()).isEqualTo(SERIES * (to - from));
        }
    }

    private static QueryResult.Value ask(Tsdb db, String expression, long time) {
        QueryResult result = QueryEngine.over(db).query(QueryRequest.instant(expression, time));
        assertThat(result.warnings()).isEmpty();
        assertThat(result.infos()).isEmpty();
        return result.value();
    }

    private static double number(Tsdb db, String expression, long time) {
        QueryResult.Vector vector = (QueryResult.Vector) ask(db, expression, time);
        assertThat(vector.samples()).as(expression).hasSize(1);
        return vector.samples().get(0).value();
    }

    private static void check(Tsdb db, long start) {
        long end = start + 59 * MINUTE;
        assertThat(number(db, "count(h)", end)).isEqualTo(SERIES);
        assertThat(((QueryResult.Vector) ask(db, "h", start + 50 * MINUTE)).samples())
                .as("a marker")
                .isEmpty();
        assertThat(number(db, "sum(count_over_time(h[1h]))", end)).isEqualTo(SERIES * 59);
        assertThat(number(db, "histogram_count(sum(h))", end)).isEqualTo(SERIES * 8 * 60);
        assertThat(number(db, "histogram_sum(avg(h))", end)).isEqualTo(1.5 * 60);
        assertThat(number(db, "histogram_count(increase(h{i=\"1\"}[10m]))", start + 40 * MINUTE))
                .as("9 minutes, stretched by a minute")
                .isEqualTo(80);
        assertThat(number(db, "sum(resets(h[1h]))", end)).isZero();
        // Of 8, 2 are negative, 2 in the zero bucket, 3 in (0.5, 1]: rank 6 lies two thirds up there.
        assertThat(number(db, "histogram_quantile(0.75, sum(rate(h[20m])))", start + 40 * MINUTE))
                .isCloseTo(Math.pow(2, -1.0 / 3), within(1e-12));
        QueryResult.Vector whole = (QueryResult.Vector) ask(db, "h{i=\"2\"}", end);
        assertThat(whole.samples().get(0).histogram()).isEqualTo(counter(60));
    }

    @Test
    void answers_are_the_same_from_head_and_blocks() throws IOException {
        try (Tsdb db = Tsdb.open(directory, TsdbConfig.defaults())) {
            long start = db.time(Instant.now()) - 3_600_000;
            append(db, start, 0, 30);
            db.flush();
            append(db, start, 30, 60);
            check(db, start);
            db.flush();
            check(db, start);
            db.compact();
            check(db, start);
        }
    }
}
