package io.varve.query.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Commit;
import io.varve.core.storage.Durability;
import io.varve.core.storage.ReadEstimate;
import io.varve.query.QueryControl;
import io.varve.query.QueryEngine;
import io.varve.query.QueryLimits;
import io.varve.query.QueryMemory;
import io.varve.query.QueryOptions;
import io.varve.query.QueryPlan;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import io.varve.query.QueryWatch;
import io.varve.query.QueryWorkers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a plan says that a query would read is what it reads, within a factor of two: for every query that figures are
 * given for (docs/performance.md), wherever samples lie, with statistics and without.
 */
class PredictionTest {

    private static final int HOSTS = 12;
    private static final int STEP_MILLIS = 10_000;
    private static final long SPAN = 4 * 3_600_000L;
    private static final List<String> METRICS =
            List.of("cpu_usage_user", "cpu_usage_system", "cpu_usage_idle", "net_bytes_sent", "mem_used", "mem_total");

    @TempDir
    private Path directory;

    /** Distance of evaluation times in seconds; 0 for one time. */
    private record Asked(String expression, long stepSeconds) {

        QueryRequest request() {
            return stepSeconds == 0
                    ? QueryRequest.instant(expression, SPAN)
                    : QueryRequest.range(expression, 0, SPAN, 1_000 * stepSeconds);
        }
    }

    private static final List<Asked> LIST = List.of(
            new Asked("cpu_usage_user{hostname=\"host_7\"}[1h]", 0),
            new Asked("{__name__=~\"cpu_.+\",hostname=\"host_7\"}", 60),
            new Asked("avg by (region) (avg_over_time(cpu_usage_user[5m]))", 300),
            new Asked("quantile_over_time(0.99, cpu_usage_user[1h])", 3_600),
            new Asked("quantile_over_time(0.99, cpu_usage_user[1h])", 300),
            new Asked("max by (hostname) (max_over_time(cpu_usage_user[1h]))", 3_600),
            new Asked("max by (__name__, region) ({__name__=~\"cpu_.+\"})", 300),
            new Asked("topk(5, avg_over_time(cpu_usage_user[5m]))", 300),
            new Asked("sum by (datacenter) (rate(net_bytes_sent[5m]))", 300),
            new Asked("sum by (datacenter) (rate(net_bytes_sent[5m]))", 60),
            new Asked("mem_used / mem_total", 300),
            new Asked("cpu_usage_user{hostname=\"host_7\"}", 0),
            new Asked("sum by (region) (cpu_usage_user)", 0),
            new Asked("sum(sum_over_time(cpu_usage_user[25h]))", 0),
            new Asked("count({__name__=~\".+\"})", 0),
            new Asked("histogram_quantile(0.99, sum by (hostname) (rate(cpu_usage_user[5m])))", 300),
            new Asked("max_over_time(sum by (region) (cpu_usage_user)[30m:1m])", 600),
            new Asked("sum_over_time(cpu_usage_user[2h] offset 1h)", 0),
            new Asked("cpu_usage_user @ 3600", 600),
            new Asked("anomaly_band_score(cpu_usage_user[1h])", 3_600),
            new Asked("anomaly_consensus_score(cpu_usage_user{hostname=\"host_7\"}[1h])", 3_600));

    /** Writes a stretch of all series. */
    private static final class Load {

        private final Tsdb db;
        private final Random random = new Random(7);
        private final boolean shared;

        /** @param shared whether all hosts have the same times */
        Load(Tsdb db, boolean shared) {
            this.db = db;
            this.shared = shared;
        }

        void write(long from, long to) {
            for (int metric = 0; metric < METRICS.size(); metric++) {
                write(metric, from, to);
            }
        }

        void write(int metric, long from, long to) {
            try (Appender appender = db.appender(Durability.WRITTEN)) {
                for (int host = 0; host < HOSTS; host++) {
                    long ref = appender.series(Labels.of(
                            "__name__",
                            METRICS.get(metric),
                            "hostname",
                            "host_" + host,
                            "region",
                            "region-" + host % 3,
                            "datacenter",
                            "dc-" + host % 5));
                    double value = 50;
                    for (long time = from; time < to; time += STEP_MILLIS) {
                        value = metric == 3 ? value + random.nextInt(100_000) : random.nextInt(10_000) / 100.0;
                        appender.append(ref, time + (shared ? 0 : 700L * host + random.nextInt(50)), value);
                    }
                    Commit commit = appender.commit();
                    assertThat(commit.refused()).isZero();
                    assertThat(commit.accepted()).isEqualTo((to - from + STEP_MILLIS - 1) / STEP_MILLIS);
                }
            }
        }
    }

    private Tsdb open() throws IOException {
        return Tsdb.open(directory, TsdbConfig.defaults().ringBytes(1 << 20));
    }

    private static void check(Tsdb db) {
        check(db, QueryOptions.defaults());
        check(db, QueryOptions.defaults().statistics(false));
        try (QueryWorkers workers = QueryWorkers.start(3, PredictionTest::daemon, Duration.ZERO)) {
            check(db, QueryOptions.defaults().workers(workers));
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }

    private static void check(Tsdb db, QueryOptions options) {
        QueryEngine engine = QueryEngine.over(db, QueryLimits.defaults(), options, QueryWatch.NONE);
        for (Asked asked : LIST) {
            long blocks;
            do { // again if blocks were merged meanwhile
                blocks = db.status().blocks();
                QueryPlan plan = explained(engine, asked.request());
                try (QueryControl control = new QueryControl(() -> false, QueryMemory.UNLIMITED)) {
                    QueryResult result = engine.query(asked.request(), control);
                    if (db.status().blocks() == blocks) {
                        compare(asked + ", options=" + options, plan, result, control);
                    }
                }
            } while (db.status().blocks() != blocks);
        }
    }

    private static void compare(String asked, QueryPlan plan, QueryResult result, QueryControl control) {
        ReadEstimate predicted = plan.root().total();
        String about = asked + ", predicted=" + predicted + ", read=" + control.bytesRead() + ", series="
                + control.series() + ", samples=" + result.samplesRead();
        assertThat(predicted.bytes()).as(about).isPositive();
        assertThat(predicted.bytes()).as(about).isLessThanOrEqualTo(2 * control.bytesRead());
        assertThat(control.bytesRead()).as(about).isLessThanOrEqualTo(2 * predicted.bytes());
        assertThat(predicted.series()).as(about).isGreaterThanOrEqualTo(control.series());
        assertThat(plan.refusals()).as(about).isEmpty();
    }

    private static QueryPlan explained(QueryEngine engine, QueryRequest request) {
        try (QueryControl control = new QueryControl(() -> false, QueryMemory.UNLIMITED)) {
            QueryPlan plan = engine.explain(request, control);
            assertThat(control.samples()).as("nothing is decoded").isZero();
            return plan;
        }
    }

    @Test
    void inTheHead() throws IOException {
        try (Tsdb db = open()) {
            new Load(db, true).write(0, SPAN);
            check(db);
        }
    }

    @Test
    void inOneBlock() throws IOException {
        try (Tsdb db = open()) {
            new Load(db, true).write(0, SPAN);
            db.flush();
            check(db);
        }
    }

    @Test
    void inBlocksAndHead() throws IOException {
        try (Tsdb db = open()) {
            Load load = new Load(db, true);
            for (long from = 0; from < SPAN; from += SPAN / 4) {
                load.write(from, from + SPAN / 4);
                if (from < SPAN / 2) {
                    db.flush();
                }
            }
            check(db);
        }
    }

    @Test
    void whereEachHostHasTimesOfItsOwn() throws IOException {
        try (Tsdb db = open()) {
            Load load = new Load(db, false);
            load.write(0, SPAN / 2);
            db.flush();
            load.write(SPAN / 2, SPAN);
            check(db);
            db.flush();
            check(db);
        }
    }

    @Test
    void afterDeletions() throws IOException {
        try (Tsdb db = open()) {
            Load load = new Load(db, true);
            load.write(0, SPAN / 2);
            db.flush();
            load.write(SPAN / 2, SPAN);
            for (int host = 0; host < HOSTS; host += 2) {
                db.delete(
                        List.of(Matcher.equal("hostname", "host_" + host)),
                        TimeRange.of(SPAN / 8 * (host % 7), SPAN / 8 * (host % 7) + SPAN / 6));
            }
            check(db);
        }
    }

    @Test
    void whereBlocksOverlap() throws IOException {
        try (Tsdb db = open()) {
            Load load = new Load(db, true);
            load.write(0, SPAN / 2);
            db.flush();
            load.write(0, SPAN / 4, SPAN); // other values at the same times
            load.write(4, SPAN / 3, SPAN / 2);
            db.flush();
            load.write(SPAN / 2, SPAN - SPAN / 8);
            load.write(2, 0, SPAN / 10);
            check(db);
        }
    }

    @Test
    void fewSamplesInManyBlocks() throws IOException {
        try (Tsdb db = open()) {
            Load load = new Load(db, true);
            for (long from = 0; from < SPAN; from += SPAN / 16) {
                load.write(from, from + SPAN / 16);
                db.flush();
            }
            check(db);
        }
    }

    @Test
    void pathsAreTold() throws IOException {
        try (Tsdb db = open()) {
            new Load(db, true).write(0, SPAN);
            db.flush();
            QueryEngine with = QueryEngine.over(db);
            QueryRequest all = QueryRequest.instant("sum(sum_over_time(cpu_usage_user[25h]))", SPAN);
            QueryPlan plan = explained(with, all);
            QueryPlan.Node call = plan.root().children().get(0);
            QueryPlan.Node selector = call.children().get(0);
            assertThat(List.of(plan.root().text(), call.text(), selector.text()))
                    .containsExactly("sum", "sum_over_time", "cpu_usage_user[1d1h]");
            assertThat(List.of(plan.root().kind(), call.kind(), selector.kind()))
                    .containsExactly("aggregation", "call", "range_selector");
            assertThat(List.of(plan.root().position(), call.position(), selector.position()))
                    .containsExactly(0, 4, 18);
            assertThat(selector.column()).isEqualTo(19);
            QueryPlan.Read read = selector.reads().get(0);
            assertThat(read.path()).isEqualTo("statistics");
            assertThat(read.estimate().samples()).isZero();
            assertThat(read.estimate().series()).isEqualTo(HOSTS);
            QueryEngine without = QueryEngine.over(
                    db, QueryLimits.defaults(), QueryOptions.defaults().statistics(false), QueryWatch.NONE);
            assertThat(paths(explained(without, all).root())).containsExactly("decode");
            assertThat(paths(explained(with, QueryRequest.instant("up / +cpu_usage_user", SPAN))
                            .root()))
                    .containsExactly("none", "decode");
        }
    }

    private static List<String> paths(QueryPlan.Node node) {
        List<String> paths = new ArrayList<>();
        node.reads().forEach(read -> paths.add(read.path()));
        node.children().forEach(child -> paths.addAll(paths(child)));
        return paths;
    }

    @Test
    void limitsAreTold() throws IOException {
        try (Tsdb db = open()) {
            new Load(db, true).write(0, SPAN);
            QueryLimits defaults = QueryLimits.defaults();
            QueryEngine engine = QueryEngine.over(
                    db,
                    new QueryLimits(10_000, defaults.maxPoints(), 1 << 20, defaults.timeout(), defaults.lookback()));
            QueryPlan plan = explained(engine, QueryRequest.range("{__name__=~\"cpu_.+\"}", 0, SPAN, 2_000));
            assertThat(plan.refusals()).hasSize(2);
            assertThat(plan.refusals().get(0)).contains("it would load 51,840 samples: limit=10,000");
            assertThat(plan.refusals().get(1)).contains("MiB of memory: limit=1 MiB");
            assertThat(explained(engine, QueryRequest.instant("mem_used", SPAN)).refusals())
                    .containsExactly("it would load 17,280 samples: limit=10,000, use a narrower range or raise"
                            + " limits.query_samples");
            assertThat(explained(engine, QueryRequest.instant("nothing", SPAN)).refusals())
                    .isEmpty();
        }
    }
}
