package io.varve.server.self;

import io.varve.core.model.Labels;
import io.varve.core.model.Resolution;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Commit;
import io.varve.core.storage.Verdict;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a source for its values at a fixed rate and commits them, all with one timestamp. A failure costs the values of
 * that moment: it is counted, and logged when failures begin, not each time. While a commit is on its way, the next
 * moment is left out rather than queued.
 *
 * <p>Collecting runs on the scheduler, one round at a time; the counts may be read by any thread.
 */
public final class PeriodicWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PeriodicWriter.class);

    private final String what;
    private final SampleSource source;
    private final Appender appender;
    private final Resolution resolution;
    private final TimeSource clock;
    private final String[] common;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final AtomicBoolean committing = new AtomicBoolean();
    private final AtomicBoolean failing = new AtomicBoolean();
    private @Nullable ScheduledFuture<?> schedule;
    private boolean closed;

    /**
     * A writer that has not started.
     *
     * @param what what is written, in the plural, for messages
     * @param appender owned from now on
     * @param common names and values in turn of labels that every series gets
     */
    public PeriodicWriter(
            String what,
            SampleSource source,
            Appender appender,
            Resolution resolution,
            TimeSource clock,
            String... common) {
        this.what = what;
        this.source = source;
        this.appender = appender;
        this.resolution = resolution;
        this.clock = clock;
        this.common = common.clone();
    }

    /**
     * Writes now and then once every interval until it is closed.
     *
     * @throws IllegalStateException if it was started before
     */
    public synchronized void start(ScheduledExecutorService scheduler, Duration interval) {
        if (schedule != null || closed) {
            throw new IllegalStateException("a writer is started once: what=" + what);
        }
        schedule = scheduler.scheduleAtFixedRate(this::write, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Writes the values of this moment. */
    public synchronized void write() {
        if (closed || !committing.compareAndSet(false, true)) {
            return;
        }
        try {
            Round round = new Round(clock.epochNanos() / resolution.nanosPerTick());
            source.collect(round);
            commit().whenComplete((commit, failure) -> {
                committing.set(false);
                ended(failure);
            });
        } catch (RuntimeException e) {
            committing.set(false);
            ended(e);
        }
    }

    private CompletionStage<Commit> commit() {
        int samples = appender.pending();
        return appender.commitAsync().whenComplete((commit, failure) -> {
            if (failure == null) {
                accepted.add(commit.accepted());
                lost.add(commit.refused());
            } else {
                lost.add(samples);
            }
        });
    }

    private void ended(@Nullable Throwable failure) {
        if (failure == null) {
            failing.set(false);
        } else if (!failing.getAndSet(true)) {
            LOG.warn("cannot store {}: {}", what, failure.toString());
        }
    }

    /** Samples stored so far. */
    public long accepted() {
        return accepted.sum();
    }

    /** Samples that were collected and could not be stored. */
    public long lost() {
        return lost.sum();
    }

    /** Ends; what is on its way is still stored. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            if (schedule != null) {
                schedule.cancel(false);
            }
            appender.close();
        }
    }

    /** The values of one moment. */
    private final class Round implements SampleSink {

        private final long time;

        Round(long time) {
            this.time = time;
        }

        @Override
        public void add(String name, double value, String... labels) {
            String[] all = new String[2 + common.length + labels.length];
            all[0] = Labels.NAME;
            all[1] = name;
            System.arraycopy(common, 0, all, 2, common.length);
            System.arraycopy(labels, 0, all, 2 + common.length, labels.length);
            Labels series = Labels.of(all);
            Verdict verdict = appender.append(appender.series(series), time, value);
            if (verdict == Verdict.BATCH_FULL && appender.pending() > 0) {
                commit().whenComplete((commit, failure) -> ended(failure));
                verdict = appender.append(appender.series(series), time, value);
            }
            if (verdict.isRefusal()) {
                lost.increment();
            }
        }
    }
}
