package io.varve.server.rules;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.varve.query.lang.Dialect;
import io.varve.query.lang.Function;
import io.varve.server.config.ConfigFile;
import io.varve.server.config.ConfigValues;
import io.varve.server.config.RulesConfig;
import io.varve.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The rule files of docs/anomalies.md are read as a server would, and run over weeks with an incident at their end. */
@Timeout(120)
class AnomaliesDocumentTest {

    private static final Pattern BLOCK = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);
    private static final long MINUTE = 60_000;
    private static final long WEEK = 7 * 24 * 60 * MINUTE;
    private static final long BEGIN = 1_763_942_400_000L; // a Monday, 0:00 UTC
    /** A window of four hours has begun half an hour before; the incident begins twenty minutes later. */
    private static final long END = BEGIN + 4 * WEEK + 12 * 60 * MINUTE + 30 * MINUTE;

    private static final long INCIDENT = END - 10 * MINUTE;

    private final Random random = new Random(9);
    private final double[] buckets = new double[8];
    private final double[] classic = new double[4];
    private double requests;

    private static List<RuleGroup> groups(Path directory) throws IOException {
        Matcher found = BLOCK.matcher(Files.readString(Path.of("../docs/anomalies.md")));
        int count = 0;
        while (found.find()) {
            Files.writeString(directory.resolve("anomalies" + count++ + ".yml"), found.group(1));
        }
        assertThat(count).isGreaterThanOrEqualTo(3);
        Path file = Files.writeString(directory.resolve("varve.yml"), "rule_files: [anomalies*.yml]\n");
        ConfigValues values = new ConfigValues();
        ConfigFile.read(file, values);
        RulesConfig config = ServerConfig.from(values, 1L << 30, false).rules();
        return RuleFiles.read(config, Dialect.STABLE);
    }

    private void put(Appender appender, long time, double value, String... labels) {
        appender.append(appender.series(Labels.of(labels)), time, value);
    }

    /** What came within a minute. */
    private void write(Appender appender, long time) {
        boolean bad = time > INCIDENT;
        long hour = Math.floorDiv(time - BEGIN - 1, 60 * MINUTE);
        double usual = 20 + (Math.floorMod(hour, 24) >= 8 ? 30 : 0) - (Math.floorMod(hour, 168) >= 120 ? 10 : 0);
        if (time % (5 * MINUTE) == 0) {
            put(
                    appender,
                    time,
                    (bad ? 0.3 : 1) * usual + random.nextGaussian(),
                    "__name__",
                    "job:requests:rate5m",
                    "job",
                    "api");
        }
        if (time < END - 24 * 60 * MINUTE) {
            return;
        }
        requests += (bad ? 0.3 : 1) * usual * 60;
        put(appender, time, requests, "__name__", "requests_total", "job", "api");
        put(appender, time, (bad ? 90 : 12) + random.nextInt(5), "__name__", "queue_length", "instance", "a");
        for (int i = 0; i < 40; i++) {
            int slower = bad ? 3 : 0;
            buckets[random.nextInt(3) + slower]++;
            for (int k = Math.min(3, random.nextInt(2) + slower); k < 4; k++) {
                classic[k]++;
            }
        }
        String[] bounds = {"0.1", "0.5", "2", "+Inf"};
        for (int k = 0; k < 4; k++) {
            put(appender, time, classic[k], "__name__", "rpc_duration_seconds_bucket", "job", "api", "le", bounds[k]);
        }
        HistogramLayout layout = HistogramLayout.exponential(0, false, 0.001, new int[] {0, 8}, new int[0])
                .withFloats();
        double all = Arrays.stream(buckets).sum();
        appender.append(
                appender.series(Labels.of("__name__", "http_request_duration_seconds", "job", "api")),
                time,
                Histogram.floating(layout, ResetHint.UNKNOWN, 0, all, all, buckets.clone()));
    }

    private void fill(Tsdb db, long from, long to) throws IOException {
        try (Appender appender = db.appender(Durability.WRITTEN)) {
            int minutes = 0;
            for (long time = from; time <= to; time += MINUTE) {
                write(appender, time);
                if (++minutes % 500 == 0) {
                    appender.commit();
                }
            }
            appender.commit();
        }
    }

    /** Runs all rules at a time; the names of alerts whose expression has an answer, and of what was recorded. */
    private static Set<String> run(Tsdb db, List<RuleGroup> groups, long time) throws IOException {
        QueryEngine engine = QueryEngine.over(db);
        Set<String> found = new TreeSet<>();
        for (RuleGroup group : groups) {
            for (Rule rule : group.rules()) {
                QueryResult result = engine.query(QueryRequest.instant(rule.expression(), time));
                List<QueryResult.Sample> samples = ((QueryResult.Vector) result.value()).samples();
                if (!samples.isEmpty()) {
                    found.add(rule.name());
                }
                if (rule instanceof Rule.Recording) {
                    record(db, rule, samples, time);
                }
            }
        }
        return found;
    }

    private static void record(Tsdb db, Rule rule, List<QueryResult.Sample> samples, long time) throws IOException {
        try (Appender appender = db.appender(Durability.WRITTEN)) {
            for (QueryResult.Sample sample : samples) {
                long series = appender.series(sample.labels().with(Labels.NAME, rule.name()));
                appender.append(series, time, sample.value());
            }
            appender.commit();
        }
    }

    private static Set<String> names(List<RuleGroup> groups, Class<? extends Rule> kind) {
        Set<String> names = new TreeSet<>();
        groups.forEach(
                group -> group.rules().stream().filter(kind::isInstance).forEach(rule -> names.add(rule.name())));
        return names;
    }

    @Test
    void itsRulesRecordAlwaysAndAlertWhenSomethingHappens(@TempDir Path directory) throws IOException {
        List<RuleGroup> groups = groups(directory);
        Set<String> records = names(groups, Rule.Recording.class);
        Set<String> alerts = names(groups, Rule.Alerting.class);
        assertThat(records).hasSizeGreaterThan(6);
        assertThat(alerts).hasSizeGreaterThan(3);
        try (Tsdb db = Tsdb.open(directory.resolve("data"), TsdbConfig.defaults())) {
            fill(db, BEGIN, INCIDENT);
            assertThat(run(db, groups, INCIDENT)).isEqualTo(records);
            fill(db, INCIDENT + MINUTE, END);
            Set<String> all = new TreeSet<>(records);
            all.addAll(alerts);
            assertThat(run(db, groups, END)).isEqualTo(all);
        }
    }

    @Test
    void everyFunctionOfAnomaliesStandsInThePage() throws IOException {
        String page = Files.readString(Path.of("../docs/anomalies.md"));
        List<String> missing = new ArrayList<>();
        for (Function function : Function.values()) {
            boolean told = page.contains(function.text())
                    || page.contains("`" + function.text().replaceFirst("anomaly_(band|seasonal)", "") + "`");
            if (function.text().startsWith("anomaly_") && !told) {
                missing.add(function.text());
            }
        }
        assertThat(missing).isEmpty();
    }
}
