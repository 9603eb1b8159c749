package io.varve.server.rules;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.query.QueryEngine;
import io.varve.query.QueryException;
import io.varve.query.QueryOptions;
import io.varve.query.lang.Dialect;
import io.varve.server.rules.RuleStore.Sample;
import io.varve.server.rules.locate.StoreLocator;
import io.varve.server.rules.notify.Notification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A store with groups of rules over it, evaluated by hand at seconds from a fixed moment on. */
final class RuleBench implements AutoCloseable, RuleMetrics {

    static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
    static final RuleFile.Defaults DEFAULTS = new RuleFile.Defaults(Duration.ofSeconds(10), Duration.ZERO);
    static final AlertSetting SETTING = new AlertSetting(
            Map.of("site", "a"),
            "http://varve.example.org",
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofMinutes(1),
            AlertLocator.NONE,
            RecordedSeries.NONE);

    final List<Notification> news = new ArrayList<>();
    int failures;
    int missed;
    int refusals;
    private final Tsdb db;
    private final TsdbRuleStore store;
    private final QueryEngine engine;

    RuleBench(Path directory) throws IOException {
        db = Tsdb.open(directory, TsdbConfig.defaults());
        engine = QueryEngine.over(db);
        store = new TsdbRuleStore(db, () -> engine, Durability.WRITTEN);
    }

    static List<RuleGroup> parse(String... lines) {
        QueryOptions options = QueryOptions.defaults();
        Dialect dialect = options.dialect();
        return RuleFile.parse(String.join("\n", lines), "rules.yml", DEFAULTS, dialect);
    }

    GroupState group(String... lines) {
        return new GroupState(parse(lines).get(0), store, SETTING, this, TimeSource.system());
    }

    /** A group whose alerts are located, however long that takes. */
    GroupState locatingGroup(String... lines) {
        TimeSource clock = TimeSource.of(() -> 0, () -> 0);
        List<RuleGroup> groups = parse(lines);
        AlertSetting locating = SETTING.locating(new StoreLocator(db, () -> engine, clock), groups);
        return new GroupState(groups.get(0), store, locating, this, clock);
    }

    /** Writes an exemplar of a series; names and values of the exemplar's labels in turn. */
    void exemplar(double seconds, Labels series, double value, String... labels) {
        Instant at = START.plusNanos(Math.round(seconds * 1e9));
        try (Appender appender = db.appender(Durability.WRITTEN)) {
            Exemplar exemplar =
                    new Exemplar(Labels.of(labels), store.resolution().ticks(at), value);
            if (appender.exemplar(appender.series(series), exemplar).isRefusal()) {
                throw new AssertionError("refused: " + exemplar);
            }
            appender.commit();
        }
    }

    RuleStore store() {
        return store;
    }

    static Instant at(long seconds) {
        return START.plusSeconds(seconds);
    }

    /** Writes a sample; names and values of its labels in turn. */
    void put(long seconds, double value, String... labels) {
        store.write(List.of(new Sample(Labels.of(labels), store.resolution().ticks(at(seconds)), value, null)));
    }

    void end(long seconds, String... labels) {
        put(seconds, StaleMarker.VALUE, labels);
    }

    void evaluate(GroupState group, long seconds) {
        group.evaluate(at(seconds), news::addAll);
    }

    /** The answer to a query, a line a sample, in order. */
    String ask(String expression, long seconds) {
        try {
            return store.query(expression, store.resolution().ticks(at(seconds))).stream()
                    .map(sample -> sample.labels() + " " + sample.value())
                    .collect(Collectors.toCollection(TreeSet::new))
                    .stream()
                    .collect(Collectors.joining("\n"));
        } catch (QueryException e) {
            return "refused: " + e.getMessage();
        }
    }

    @Override
    public void evaluated(Duration took) {}

    @Override
    public void failed() {
        failures++;
    }

    @Override
    public void missed() {
        missed++;
    }

    @Override
    public void refused(int samples) {
        refusals += samples;
    }

    @Override
    public void close() throws IOException {
        store.close();
        db.close();
    }
}
