package io.varve.server.scrape;

import io.varve.core.model.Labels;
import io.varve.core.model.TimeSource;
import io.varve.server.config.ScrapeConfig;
import io.varve.server.config.ScrapeConfig.Group;
import io.varve.server.scrape.fetch.Fetcher;
import io.varve.server.scrape.fetch.Fetcher.Answer;
import io.varve.server.scrape.format.SaidOfMetric;
import io.varve.server.scrape.series.ScrapeMetrics;
import io.varve.server.scrape.series.ScrapeWriter;
import io.varve.server.scrape.series.TargetSeries;
import io.varve.server.write.IdleStates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All jobs with their targets. Its clock is {@link #tick}, which one thread calls; {@link #look} looks at files that
 * name targets. Nobody waits for a target: answers are read where the executor lets them.
 */
public final class ScrapeManager implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ScrapeManager.class);

    private static final long LONGEST_WAIT_NANOS = 1_000_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int IDLE_READERS = 8;

    private final Fetcher fetcher;
    private final TargetSeries.Shared shared;
    private final ScrapeMetrics metrics;
    private final TimeSource clock;
    private final Executor workers;
    private final IdleStates<AnswerReader> readers;
    private final Object files = new Object();
    private final PriorityQueue<ScrapeLoop> due = new PriorityQueue<>(Comparator.comparingLong(ScrapeLoop::dueNanos));
    private List<Ending> endings = new ArrayList<>();
    private Map<String, ScrapeJob> jobs = new LinkedHashMap<>();
    private long ids;
    private boolean closed;

    /** A target that has gone, whose series end when it is clear that it does not come back. */
    private record Ending(ScrapeLoop loop, long atNanos, long millis) {}

    /**
     * A manager without jobs.
     *
     * @param writers makes a writer for one thread at a time
     * @param workers where answers are read
     */
    public ScrapeManager(
            Fetcher fetcher,
            TargetSeries.Shared shared,
            Supplier<ScrapeWriter> writers,
            ScrapeMetrics metrics,
            TimeSource clock,
            Executor workers) {
        this.fetcher = fetcher;
        this.shared = shared;
        this.metrics = metrics;
        this.clock = clock;
        this.workers = workers;
        this.readers = new IdleStates<>(IDLE_READERS, () -> new AnswerReader(writers.get()), AnswerReader::close);
    }

    /**
     * Puts other jobs in force. A job that is the same goes on with its targets; of others the targets begin anew, and
     * series that they do not have any more end.
     */
    public void replace(List<ScrapeConfig> configs) {
        synchronized (files) {
            Map<String, ScrapeJob> next = new LinkedHashMap<>();
            List<ScrapeJob> fresh = new ArrayList<>();
            Map<String, ScrapeJob> before = jobs();
            for (ScrapeConfig config : configs) {
                ScrapeJob old = before.get(config.job());
                if (old == null || !old.config().equals(config)) {
                    old = new ScrapeJob(config, problem -> told(config.job(), problem));
                    old.look(clock.nanoTime(), true);
                    fresh.add(old);
                }
                next.put(config.job(), old);
            }
            synchronized (this) {
                if (closed) {
                    return;
                }
                for (ScrapeJob job : before.values()) {
                    if (next.get(job.config().job()) != job) {
                        job.loops().forEach(this::gone);
                    }
                }
                jobs = next;
                fresh.forEach(job -> targets(job, job.groups()));
            }
        }
    }

    private synchronized Map<String, ScrapeJob> jobs() {
        return jobs;
    }

    private static void told(String job, String problem) {
        LOG.warn("cannot use targets of job {}: {}", job, problem);
    }

    /** Looks at files that name targets; may wait for the disk. */
    public void look() {
        synchronized (files) {
            for (ScrapeJob job : jobs().values()) {
                if (job.look(clock.nanoTime(), false)) {
                    List<Group> groups = job.groups();
                    synchronized (this) {
                        targets(job, groups);
                    }
                }
            }
        }
    }

    private void targets(ScrapeJob job, List<Group> groups) {
        List<ScrapeLoop> gone = job.replace(groups, target -> {
            TargetSeries series = new TargetSeries(++ids, target.labels(), job.config(), shared);
            ScrapeLoop loop = new ScrapeLoop(job.config(), target, series, clock.epochNanos());
            due.add(loop);
            return loop;
        });
        gone.forEach(this::gone);
    }

    /** Its series end when it would have been scraped twice more: by then it may have come back under another job. */
    private void gone(ScrapeLoop loop) {
        loop.stop(); // and leaves the queue when it would have been due
        long next = loop.dueNanos();
        long wait = loop.intervalNanos() + loop.intervalNanos() / 10;
        endings.add(new Ending(loop, next + wait, next / NANOS_PER_MILLI));
    }

    /**
     * Begins the scrapes that are due.
     *
     * @return how long until one is due again, at most a second
     */
    public Duration tick() {
        List<Begun> begun = new ArrayList<>();
        List<Ending> ended = new ArrayList<>();
        Map<Labels, ScrapeLoop> others;
        long wait;
        synchronized (this) {
            if (closed) {
                return Duration.ofNanos(LONGEST_WAIT_NANOS);
            }
            long now = clock.epochNanos();
            ScrapeLoop first = due.peek();
            if (first != null && first.isFarAhead(now)) { // the clock went back
                List<ScrapeLoop> all = new ArrayList<>(due);
                due.clear();
                all.forEach(loop -> loop.isFarAhead(now));
                due.addAll(all);
            }
            for (first = due.peek(); first != null && first.dueNanos() <= now; first = due.peek()) {
                due.remove();
                if (first.isStopped()) {
                    continue;
                }
                long millis = first.advance(now);
                due.add(first);
                begun.add(new Begun(first, millis, forcedError(first)));
            }
            endings.removeIf(ending -> ending.atNanos <= now && ended.add(ending));
            others = ended.isEmpty() ? Map.of() : byLabels();
            wait = first == null ? LONGEST_WAIT_NANOS : Math.min(LONGEST_WAIT_NANOS, first.dueNanos() - now);
        }
        begun.forEach(this::begin);
        ended.forEach(ending -> workers.execute(
                () -> end(ending, others.get(ending.loop.target().labels()))));
        return Duration.ofNanos(Math.max(NANOS_PER_MILLI, wait));
    }

    /** A scrape that is due. */
    private record Begun(ScrapeLoop loop, long millis, String forcedError) {}

    private String forcedError(ScrapeLoop loop) {
        ScrapeJob job = jobs.get(loop.config().job());
        return job == null ? "" : job.forcedError();
    }

    private void begin(Begun begun) {
        ScrapeLoop loop = begun.loop;
        if (!loop.begin()) {
            metrics.missed();
            return;
        }
        ScrapeRun run = new ScrapeRun(loop, begun.millis, clock, metrics);
        if (!begun.forcedError.isEmpty()) {
            workers.execute(() -> finish(run, null, begun.forcedError));
            return;
        }
        CompletableFuture<Answer> unused = fetcher.fetch(loop.target(), loop.config())
                .whenCompleteAsync((answer, failure) -> finish(run, answer, ScrapeRun.reason(failure)), workers);
    }

    private void finish(ScrapeRun run, @Nullable Answer answer, String error) {
        AnswerReader reader = readers.take();
        boolean whole = false;
        try {
            run.finish(reader, answer, error);
            whole = true;
        } finally {
            if (whole) {
                readers.give(reader);
            } else {
                reader.close();
            }
        }
    }

    /** @param other a target with the same labels, null if there is none */
    private void end(Ending ending, @Nullable ScrapeLoop other) {
        Set<Labels> others = Set.of();
        if (other != null) {
            synchronized (other) {
                others = other.series().live();
            }
        }
        AnswerReader reader = readers.take();
        synchronized (ending.loop) {
            ending.loop.series().gone(reader.writer(), ending.millis, others, other == null);
        }
        readers.give(reader);
    }

    private Map<Labels, ScrapeLoop> byLabels() {
        Map<Labels, ScrapeLoop> loops = new HashMap<>();
        jobs.values().forEach(job -> job.loops()
                .forEach(loop -> loops.put(loop.target().labels(), loop)));
        return loops;
    }

    /** All jobs as they stand. */
    public synchronized List<JobStatus> status() {
        return jobs.values().stream().map(ScrapeJob::status).toList();
    }

    /**
     * What targets say about their metrics.
     *
     * @param ofTarget chooses targets by their labels
     * @return metadata by name for each target that was chosen
     */
    public Map<Labels, SortedMap<String, SaidOfMetric>> metadata(Predicate<Labels> ofTarget) {
        List<ScrapeLoop> chosen = new ArrayList<>();
        synchronized (this) {
            jobs.values().forEach(job -> job.loops().stream()
                    .filter(loop -> ofTarget.test(loop.target().labels()))
                    .forEach(chosen::add));
        }
        Map<Labels, SortedMap<String, SaidOfMetric>> all = new LinkedHashMap<>();
        for (ScrapeLoop loop : chosen) {
            synchronized (loop) {
                all.put(loop.target().labels(), loop.series().metadata());
            }
        }
        return all;
    }

    /** Number of targets that are scraped. */
    public synchronized int targets() {
        return jobs.values().stream().mapToInt(job -> job.loops().size()).sum();
    }

    /** Begins no scrape any more. Series go on behind a restart, so none ends. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            jobs.values().forEach(job -> job.loops().forEach(ScrapeLoop::stop));
            due.clear();
            endings = new ArrayList<>();
        }
        readers.close();
    }
}
