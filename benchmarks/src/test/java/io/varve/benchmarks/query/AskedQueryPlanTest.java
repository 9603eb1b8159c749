package io.varve.benchmarks.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.benchmarks.load.DevopsLoad;
import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Labels;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.query.QueryControl;
import io.varve.query.QueryEngine;
import io.varve.query.QueryLimits;
import io.varve.query.QueryMemory;
import io.varve.query.QueryOptions;
import io.varve.query.QueryRequest;
import io.varve.query.QueryWatch;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of each query that figures are given for, the plan tells the bytes that it reads then within a factor of two. */
class AskedQueryPlanTest {

    private static final int HOSTS = 9;
    private static final int STEPS = 540;
    private static final long STEP_SECONDS = 10;
    private static final AskedQuery.Span SPAN =
            new AskedQuery.Span(1_700_000_000L, 1_700_000_000L + STEP_SECONDS * STEPS);

    @TempDir
    private Path directory;

    private final Set<String> metrics = new TreeSet<>();

    /** Writes the devops load, with a flush behind each of some steps. */
    private void fill(Tsdb db, Set<Integer> flushes) throws IOException {
        DevopsLoad load = new DevopsLoad(1, HOSTS);
        double[] values = new double[load.seriesCount()];
        Labels[] series = new Labels[values.length];
        for (int i = 0; i < series.length; i++) {
            series[i] = labels(load, i);
        }
        for (int step = 0; step < STEPS; step++) {
            load.next(values);
            try (Appender appender = db.appender(Durability.WRITTEN)) {
                for (int i = 0; i < values.length; i++) {
                    long time = 1_000L * (SPAN.start() + STEP_SECONDS * step);
                    appender.append(appender.series(series[i]), time, values[i]);
                }
                assertThat(appender.commit().accepted()).isEqualTo(values.length);
            }
            if (flushes.contains(step)) {
                db.flush();
            }
        }
    }

    private Labels labels(DevopsLoad load, int series) {
        List<String> pairs = new ArrayList<>();
        for (Map.Entry<String, String> label : load.labels(series)) {
            pairs.add(label.getKey());
            pairs.add(label.getValue());
        }
        Labels labels = Labels.of(pairs.toArray(String[]::new));
        metrics.add(labels.get(Labels.NAME));
        return labels;
    }

    private static QueryRequest request(String path) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : path.substring(path.indexOf('?') + 1).split("&", -1)) {
            int equals = pair.indexOf('=');
            parameters.put(
                    pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        String query = parameters.getOrDefault("query", "");
        return parameters.containsKey("time")
                ? QueryRequest.instant(query, millis(parameters.get("time")))
                : QueryRequest.range(
                        query,
                        millis(parameters.getOrDefault("start", "")),
                        millis(parameters.getOrDefault("end", "")),
                        millis(parameters.getOrDefault("step", "")));
    }

    private static long millis(String seconds) {
        return 1_000L * Long.parseLong(seconds);
    }

    private void check(Tsdb db, boolean statistics) {
        QueryOptions options = QueryOptions.defaults().statistics(statistics);
        QueryEngine engine = QueryEngine.over(db, QueryLimits.defaults(), options, QueryWatch.NONE);
        int asked = 0;
        for (AskedQuery query : AskedQuery.devops(SPAN, List.copyOf(metrics))) {
            for (String path : query.paths()) {
                if (path.startsWith("/api/v1/query")) {
                    compare(engine, request(path));
                    asked++;
                }
            }
        }
        assertThat(asked).isEqualTo(13 + metrics.size());
    }

    private static void compare(QueryEngine engine, QueryRequest request) {
        try (QueryControl planned = new QueryControl(() -> false, QueryMemory.UNLIMITED);
                QueryControl asked = new QueryControl(() -> false, QueryMemory.UNLIMITED)) {
            long predicted = engine.explain(request, planned).root().total().bytes();
            engine.query(request, asked);
            assertThat(predicted)
                    .as("%s, read=%d", request, asked.bytesRead())
                    .isPositive()
                    .isBetween((asked.bytesRead() + 1) / 2, 2 * asked.bytesRead());
        }
    }

    @Test
    void inTheHead() throws IOException {
        try (Tsdb db = Tsdb.open(directory, TsdbConfig.defaults())) {
            fill(db, Set.of());
            check(db, true);
        }
    }

    @Test
    void inBlocks() throws IOException {
        try (Tsdb db = Tsdb.open(directory, TsdbConfig.defaults())) {
            fill(db, Set.of(STEPS - 1));
            check(db, true);
            check(db, false);
        }
    }

    @Test
    void inBlocksAndHead() throws IOException {
        try (Tsdb db = Tsdb.open(directory, TsdbConfig.defaults())) {
            fill(db, Set.of(STEPS / 3, STEPS / 2));
            check(db, true);
            check(db, false);
        }
    }
}
