package io.varve.query.percentile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.ResetHint;
import io.varve.core.model.RollupRule;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Verdict;
import io.varve.query.Percentiles;
import io.varve.query.Percentiles.Bounded;
import io.varve.query.Percentiles.Source;
import io.varve.query.PercentilesRequest;
import io.varve.query.PercentilesRequest.Grouping;
import io.varve.query.QueryEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Percentiles of native and classic histograms: what grew in a window, and the bounds of the bucket that answers. */
class HistogramPercentilesTest {

    private static final long START = 1_700_000_000_000L;
    private static final Grouping ALL = new Grouping(false, List.of());

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Tsdb db;

    @BeforeEach
    void open() throws IOException {
        db = Tsdb.open(
                directory,
                TsdbConfig.defaults()
                        .blockSpan(Duration.ofSeconds(100))
                        .retention(Duration.ofSeconds(100))
                        .rollups(List.of(new RollupRule(Duration.ofSeconds(10), Duration.ZERO, true))));
    }

    @AfterEach
    void close() throws IOException {
        db.close();
    }

    private void append(Labels labels, long second, double value) {
        try (Appender appender = db.appender(Durability.WRITTEN)) {
            assertThat(appender.append(appender.series(labels), START + 1_000 * second, value))
                    .isEqualTo(Verdict.ACCEPTED);
            assertThat(appender.commit().refused()).isZero();
        }
    }

    private void append(Labels labels, long second, Histogram histogram) {
        try (Appender appender = db.appender(Durability.WRITTEN)) {
            assertThat(appender.append(appender.series(labels), START + 1_000 * second, histogram))
                    .isEqualTo(Verdict.ACCEPTED);
            assertThat(appender.commit().refused()).isZero();
        }
    }

    /** Buckets from (1, 2] on, of a schema. */
    private static Histogram exponential(int schema, ResetHint hint, long... counts) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        HistogramLayout layout =
                HistogramLayout.exponential(schema, false, 0, new int[] {1, counts.length}, new int[0]);
        return Histogram.integer(layout, hint, 0, total, 0, counts);
    }

    private static Histogram custom(double[] bounds, long... counts) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        HistogramLayout layout = HistogramLayout.custom(false, new int[] {0, counts.length}, bounds);
        return Histogram.integer(layout, ResetHint.UNKNOWN, 0, total, 0, counts);
    }

    private Percentiles ask(String name, long fromSecond, long toSecond, @Nullable Grouping grouping, Double... q) {
        return QueryEngine.over(db)
                .percentiles(
                        new PercentilesRequest(
                                List.of(List.of(Matcher.equal("__name__", name))),
                                List.of(q),
                                START + 1_000 * fromSecond,
                                START + 1_000 * toSecond,
                                0,
                                0,
                                grouping),
                        () -> false);
    }

    private static Percentiles.Point only(Percentiles answer) {
        assertThat(answer.result()).hasSize(1);
        assertThat(answer.result().get(0).points()).hasSize(1);
        return answer.result().get(0).points().get(0);
    }

    @Test
    void countersOfHistogramsAnswerWithTheirIncrease() {
        Labels labels = Labels.of("__name__", "h");
        append(labels, 10, exponential(0, ResetHint.UNKNOWN, 5, 5));
        append(labels, 20, exponential(0, ResetHint.UNKNOWN, 9, 5)); // 4 more in (1, 2]
        append(labels, 30, exponential(0, ResetHint.UNKNOWN, 1, 3)); // anew: 1 and 3
        Percentiles.Point point = only(ask("h", 10, 30, null, 0.5, 1.0));
        assertThat(point.source()).isEqualTo(Source.HISTOGRAM);
        assertThat(point.count()).isEqualTo(8);
        assertThat(point.values().get(0).value()).isCloseTo(Math.pow(2, 0.8), within(1e-12));
        assertThat(point.values().get(0).low()).isEqualTo(1);
        assertThat(point.values().get(0).high()).isEqualTo(2);
        assertThat(point.values().get(1)).isEqualTo(new Bounded(4, 2, 4));
        assertThat(ask("h", 5, 15, null, 0.5).result()).isEmpty();
    }

    @Test
    void gaugesAreAddedUpAndTheCoarserSchemaHolds() {
        append(Labels.of("__name__", "g", "host", "a"), 10, exponential(0, ResetHint.GAUGE, 2, 0));
        append(Labels.of("__name__", "g", "host", "a"), 20, exponential(0, ResetHint.GAUGE, 0, 2));
        append(Labels.of("__name__", "g", "host", "b"), 20, exponential(1, ResetHint.GAUGE, 4, 4));
        Percentiles.Point point = only(ask("g", 0, 30, ALL, 0.5, 1.0));
        assertThat(point.count()).isEqualTo(12);
        assertThat(point.values().get(0).low()).isEqualTo(1);
        assertThat(point.values().get(0).high()).isEqualTo(2);
        assertThat(point.values().get(1).high()).isEqualTo(4);
        assertThat(ask("g", 0, 30, null, 0.5).result()).hasSize(2);
    }

    @Test
    void customBoundsAreIntersected() {
        append(Labels.of("__name__", "c", "host", "a"), 10, custom(new double[] {1, 2, 3}, 0, 0, 0, 0));
        append(Labels.of("__name__", "c", "host", "a"), 20, custom(new double[] {1, 2, 3}, 1, 1, 1, 0));
        append(Labels.of("__name__", "c", "host", "b"), 10, custom(new double[] {1, 3}, 0, 0, 0));
        append(Labels.of("__name__", "c", "host", "b"), 20, custom(new double[] {1, 3}, 0, 2, 1));
        Percentiles.Point point = only(ask("c", 10, 20, ALL, 0.5, 1.0));
        assertThat(point.count()).isEqualTo(6);
        assertThat(point.values().get(0).low()).isEqualTo(1);
        assertThat(point.values().get(0).high()).isEqualTo(3);
        assertThat(point.values().get(1)).isEqualTo(new Bounded(3, 3, Double.POSITIVE_INFINITY));
    }

    private void classic(String host, long second, double upToOne, double upToTwo, double all) {
        append(Labels.of("__name__", "l_bucket", "host", host, "le", "1"), second, upToOne);
        append(Labels.of("__name__", "l_bucket", "host", host, "le", "2.0"), second, upToTwo);
        append(Labels.of("__name__", "l_bucket", "host", host, "le", "+Inf"), second, all);
    }

    @Test
    void classicBucketsAreMergedByTheirBounds() {
        classic("a", 10, 100, 200, 300);
        classic("a", 20, 104, 208, 308);
        classic("b", 10, 50, 50, 50);
        classic("b", 20, 2, 2, 4); // anew
        Percentiles each = ask("l_bucket", 10, 20, null, 0.5);
        assertThat(each.result().stream().map(Percentiles.Group::labels))
                .containsExactly(
                        Labels.of("__name__", "l_bucket", "host", "a"), Labels.of("__name__", "l_bucket", "host", "b"));
        Percentiles.Point point = only(ask("l_bucket", 10, 20, ALL, 0.25, 0.75, 1.0));
        assertThat(point.source()).isEqualTo(Source.BUCKETS);
        assertThat(point.count()).isEqualTo(12);
        assertThat(point.values())
                .containsExactly(
                        new Bounded(0.5, 0, 1), new Bounded(1.75, 1, 2), new Bounded(2, 2, Double.POSITIVE_INFINITY));
    }

    @Test
    void boundsThatSomeLackAreLeftOut() {
        classic("a", 10, 0, 0, 0);
        classic("a", 20, 2, 4, 4);
        for (String bound : List.of("2", "+Inf")) {
            append(Labels.of("__name__", "l_bucket", "host", "b", "le", bound), 10, 0);
            append(Labels.of("__name__", "l_bucket", "host", "b", "le", bound), 20, 4);
        }
        assertThat(only(ask("l_bucket", 10, 20, ALL, 0.5)).values()).containsExactly(new Bounded(1, 0, 2));
    }

    @Test
    void bucketsThatDoNotTellAreNamed() {
        append(Labels.of("__name__", "n_bucket", "le", "1"), 10, 0);
        append(Labels.of("__name__", "n_bucket", "le", "1"), 20, 4);
        append(Labels.of("__name__", "n_bucket", "le", "much"), 20, 4);
        Percentiles answer = ask("n_bucket", 10, 20, ALL, 0.5);
        assertThat(answer.result()).isEmpty();
        assertThat(answer.warnings()).anyMatch(text -> text.contains("+Inf")).anyMatch(text -> text.contains("much"));
    }

    @Test
    void kindsThatMeetAreRankedTogether() {
        for (int second = 11; second <= 14; second++) {
            append(Labels.of("__name__", "x", "host", "a"), second, 10.0);
        }
        append(Labels.of("__name__", "x", "host", "b"), 10, exponential(0, ResetHint.UNKNOWN, 0));
        append(Labels.of("__name__", "x", "host", "b"), 20, exponential(0, ResetHint.UNKNOWN, 4));
        Percentiles.Point point = only(ask("x", 10, 20, ALL, 0.0, 1.0));
        assertThat(point.source()).isEqualTo(Source.HISTOGRAM);
        assertThat(point.count()).isEqualTo(8);
        assertThat(point.values().get(0).low()).isEqualTo(1);
        assertThat(point.values().get(0).high()).isEqualTo(2);
        assertThat(point.values().get(1)).isEqualTo(new Bounded(10, 10, 10));
    }

    @Test
    void whatExpiredIsAnsweredByRollupsAlike() throws IOException {
        long grown = 0;
        long observed = 0;
        for (int second = 1; second <= 300; second++) {
            if (second == 25) {
                grown = 0;
            }
            grown += second % 3;
            observed += second > 10 && second <= 50 ? 3 * (second % 3) : 0;
            append(Labels.of("__name__", "h"), second, exponential(0, ResetHint.UNKNOWN, grown, 2 * grown));
            for (String bound : List.of("1", "2", "+Inf")) {
                append(Labels.of("__name__", "l_bucket", "le", bound), second, (double)
                        (bound.equals("1") ? grown : 3 * grown));
            }
        }
        Percentiles.Point histogram = only(ask("h", 10, 50, ALL, 0.2, 0.9));
        Percentiles.Point buckets = only(ask("l_bucket", 10, 50, ALL, 0.2, 0.9));
        db.flush();
        db.compact();
        for (int second = 301; second <= 320; second++) {
            append(Labels.of("__name__", "h"), second, exponential(0, ResetHint.UNKNOWN, 1_000, 2_000));
        }
        db.flush();
        db.compact();
        assertThat(only(ask("h", 10, 50, ALL, 0.2, 0.9))).isEqualTo(histogram);
        assertThat(only(ask("l_bucket", 10, 50, ALL, 0.2, 0.9))).isEqualTo(buckets);
        assertThat(histogram.count()).isEqualTo(buckets.count()).isEqualTo(observed);
    }
}
