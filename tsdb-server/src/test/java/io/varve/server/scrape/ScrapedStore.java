package io.varve.server.scrape;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.index.KeyedHash;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.SampleKind;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import io.varve.server.config.ConfigFile;
import io.varve.server.config.ConfigValues;
import io.varve.server.config.ScrapeConfig;
import io.varve.server.config.ServerConfig;
import io.varve.server.scrape.discovery.Target;
import io.varve.server.scrape.fetch.Fetcher;
import io.varve.server.scrape.series.ScrapeFailure;
import io.varve.server.scrape.series.ScrapeMetrics;
import io.varve.server.scrape.series.ScrapeWriter;
import io.varve.server.scrape.series.ScrapedMetadata;
import io.varve.server.scrape.series.TargetSeries;
import io.varve.server.write.LabelRules;
import io.varve.server.write.MetadataStore;
import io.varve.server.write.WriteLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A manager over a real store, with targets and a clock that a test plays; all in the test's thread. */
final class ScrapedStore implements AutoCloseable {

    static final String TEXT = "text/plain; version=0.0.4";
    static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";
    private static final long START = 1_700_000_000_000L;

    final Map<String, Long> refused = new HashMap<>();
    final MetadataStore metadata = new MetadataStore(1_000);
    private final Map<String, Fetcher.Answer> answers = new HashMap<>();
    private final Path directory;
    private final Tsdb db;
    private final ScrapeManager manager;
    private long nanos = START * 1_000_000;
    private int releases;
    int missed;
    boolean silent;

    ScrapedStore(Path directory) throws IOException {
        this.directory = directory;
        this.db = Tsdb.open(directory.resolve("data"), TsdbConfig.defaults().shards(1));
        TimeSource clock = TimeSource.of(() -> nanos, () -> nanos);
        ScrapeMetrics metrics = new ScrapeMetrics() {
            @Override
            public void scraped(boolean ok) {}

            @Override
            public void missed() {
                missed++;
            }

            @Override
            public void stored(long samples) {}

            @Override
            public void refused(String reason, long samples) {
                refused.merge(reason, samples, Long::sum);
            }
        };
        ScrapedMetadata said = new ScrapedMetadata(metadata);
        manager = new ScrapeManager(
                this::fetch,
                new TargetSeries.Shared(
                        KeyedHash.withSecret(new Random(1)),
                        new LabelRules(WriteLimits.defaults()),
                        db.resolution(),
                        said),
                () -> new ScrapeWriter(db.appender(Durability.MEMORY), said, metrics),
                metrics,
                clock,
                Runnable::run);
    }

    private CompletableFuture<Fetcher.Answer> fetch(Target target, ScrapeConfig config) {
        if (silent) {
            return new CompletableFuture<>();
        }
        Fetcher.Answer answer = answers.get(target.uri().getAuthority());
        return answer == null
                ? CompletableFuture.failedFuture(new ScrapeFailure("cannot connect"))
                : CompletableFuture.completedFuture(answer);
    }

    ScrapeManager manager() {
        return manager;
    }

    /** Jobs of a configuration file. */
    static List<ScrapeConfig> jobs(Path directory, String yaml) throws IOException {
        Path file = Files.writeString(directory.resolve("varve.yml"), yaml);
        ConfigValues values = new ConfigValues();
        ConfigFile.read(file, values);
        return ServerConfig.from(values, 1L << 30, false).scrapes().jobs();
    }

    void configure(String yaml) throws IOException {
        manager.replace(jobs(directory, yaml));
    }

    void answers(String address, String type, String body) {
        answers(address, type, body.getBytes(StandardCharsets.UTF_8), false);
    }

    void answers(String address, String type, byte[] body, boolean gzip) {
        answers.put(address, new Fetcher.Answer(body, body.length, gzip, type, () -> releases++));
    }

    void isAway(String address) {
        answers.remove(address);
    }

    int releases() {
        return releases;
    }

    /** Lets time go on in steps, so that each scrape comes at its time. */
    void pass(Duration time) {
        for (long end = nanos + time.toNanos(); nanos < end; nanos += 10_000_000) {
            manager.tick();
        }
    }

    /** Samples of the series that a matcher finds: their values in order of time, the marker of an end as "stale". */
    Map<String, List<String>> read(Matcher... matchers) {
        settle();
        Map<String, List<String>> found = new TreeMap<>();
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(matchers)) {
            while (set.next()) {
                List<String> values = found.computeIfAbsent(set.labels().toString(), any -> new ArrayList<>());
                ColumnCursor cursor = set.columns();
                while (cursor.nextPage()) {
                    for (int i = 0; i < cursor.size(); i++) {
                        values.add(value(cursor, i));
                    }
                }
            }
        }
        return found;
    }

    private static String value(ColumnCursor cursor, int index) {
        if (cursor.kind() != SampleKind.FLOAT) {
            return cursor.histogram(index).isStale() ? "stale" : "histogram";
        }
        double value = cursor.values()[index];
        return StaleMarker.is(value) ? "stale" : Double.toString(value);
    }

    Map<String, List<String>> read(String name) {
        return read(Matcher.equal(Labels.NAME, name));
    }

    /** Times of a series, milliseconds since the first moment of the test. */
    List<Long> times(String name) {
        settle();
        List<Long> times = new ArrayList<>();
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.equal(Labels.NAME, name))) {
            while (set.next()) {
                ColumnCursor cursor = set.columns();
                while (cursor.nextPage()) {
                    for (int i = 0; i < cursor.size(); i++) {
                        times.add(cursor.times()[i] - START);
                    }
                }
            }
        }
        return times;
    }

    /** What was handed to the one shard before is there when this is. */
    private void settle() {
        try (Appender appender = db.appender(Durability.MEMORY)) {
            appender.append(appender.series(Labels.of(Labels.NAME, "settled")), START, 1);
            appender.commit();
        }
    }

    Tsdb db() {
        return db;
    }

    @Override
    public void close() throws IOException {
        manager.close();
        db.close();
    }
}
