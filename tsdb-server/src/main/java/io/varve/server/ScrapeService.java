package io.varve.server;

import io.varve.core.Tsdb;
import io.varve.core.TsdbRuntime;
import io.varve.core.index.KeyedHash;
import io.varve.core.model.Labels;
import io.varve.core.telemetry.Counter;
import io.varve.core.telemetry.Gauge;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import io.varve.server.api.ScrapeSource;
import io.varve.server.config.ScrapesConfig;
import io.varve.server.config.ServerConfig;
import io.varve.server.scrape.JobStatus;
import io.varve.server.scrape.ScrapeManager;
import io.varve.server.scrape.fetch.AnswerMemory;
import io.varve.server.scrape.fetch.HttpFetcher;
import io.varve.server.scrape.format.SaidOfMetric;
import io.varve.server.scrape.series.ScrapeMetrics;
import io.varve.server.scrape.series.ScrapeWriter;
import io.varve.server.scrape.series.ScrapedMetadata;
import io.varve.server.scrape.series.TargetSeries;
import io.varve.server.write.LabelRules;
import io.varve.server.write.WriteQuota;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scraping at work in a server: a thread that looks at the clock, one that looks at files that name targets, and a few
 * that talk to targets and read their answers.
 */
final class ScrapeService implements ScrapeSource, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ScrapeService.class);

    private static final int MAX_WORKERS = 4;
    private static final long STOP_SECONDS = 10;
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
    private static final int MEMORY_SHARE = 8;

    private final ScrapeManager manager;
    private final Scrapes metrics;
    private final Watch watch;
    private final ExecutorService workers;
    private boolean started;

    /**
     * A service without jobs; {@link #apply} gives it some.
     *
     * @param version of the program, told to targets
     */
    ScrapeService(Tsdb db, ServerConfig config, TsdbRuntime runtime, ServerUse use, String version) {
        this.watch = new Watch(runtime);
        this.metrics = new Scrapes(runtime.telemetry());
        int count = Math.min(MAX_WORKERS, Runtime.getRuntime().availableProcessors());
        this.workers = Executors.newFixedThreadPool(count, runtime.threads("scrape"));
        AnswerMemory memory = new AnswerMemory(Runtime.getRuntime().maxMemory() / MEMORY_SHARE);
        ScrapedMetadata metadata = new ScrapedMetadata(use.metadata());
        Supplier<ScrapeWriter> writers = () -> new ScrapeWriter(db.appender(config.durability()), metadata, metrics);
        TargetSeries.Shared shared = new TargetSeries.Shared(
                KeyedHash.withSecret(new SecureRandom()),
                new LabelRules(WriteRoutes.limits(
                        config.limits(), WriteRoutes.Setting.standard(db, config, use, WriteQuota.NONE), use.peaks())),
                db.resolution(),
                metadata);
        this.manager = new ScrapeManager(
                new HttpFetcher(workers, memory, "Varve/" + version),
                shared,
                writers,
                metrics,
                runtime.clock(),
                workers);
    }

    /** Puts jobs in force. Threads that look at clock and files are there from the first job on. */
    synchronized void apply(ScrapesConfig config) {
        manager.replace(config.jobs());
        metrics.targets.set(manager.targets());
        if (!started && !config.jobs().isEmpty()) {
            started = true;
            watch.start("scrape-clock", "targets that are due", manager::tick);
            watch.start("scrape-files", "files of targets", this::look);
        }
    }

    private Duration look() {
        manager.look();
        metrics.targets.set(manager.targets());
        return BETWEEN_LOOKS;
    }

    @Override
    public List<JobStatus> jobs() {
        return manager.status();
    }

    @Override
    public Map<Labels, SortedMap<String, SaidOfMetric>> metadata(Predicate<Labels> ofTarget) {
        return manager.metadata(ofTarget);
    }

    /** Ends once answers that are being read are. */
    @Override
    public void close() {
        watch.close();
        manager.close();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a scrape does not end within {} s", STOP_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is counted of scrapes. */
    private static final class Scrapes implements ScrapeMetrics {

        private final Gauge targets;
        private final Counter ok;
        private final Counter failed;
        private final Counter missed;
        private final Counter samples;
        private final Counter refused;

        Scrapes(Telemetry telemetry) {
            targets = telemetry.gauge(Metric.of("varve_scrape_targets", "Targets that are scraped"));
            Counter scrapes =
                    telemetry.counter(Metric.of("varve_scrapes_total", "Scrapes of targets, by outcome"), "outcome");
            ok = scrapes.labels("success");
            failed = scrapes.labels("failure");
            missed = telemetry.counter(
                    Metric.of("varve_scrapes_missed_total", "Scrapes that were due while the one before was on"));
            samples = telemetry.counter(
                    Metric.of("varve_scrape_samples_total", "Samples of targets that the store kept"));
            refused = telemetry.counter(
                    Metric.of("varve_scrape_refused_total", "Samples of targets that were refused, by reason"),
                    "reason");
        }

        @Override
        public void scraped(boolean up) {
            (up ? ok : failed).inc();
        }

        @Override
        public void missed() {
            missed.inc();
        }

        @Override
        public void stored(long count) {
            samples.add(count);
        }

        @Override
        public void refused(String reason, long count) {
            refused.labels(reason).add(count);
        }
    }
}
