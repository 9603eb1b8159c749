package io.varve.server.scrape.series;

import io.varve.core.model.SampleKind;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Commit;
import io.varve.core.storage.CommitException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** An appender whose commits nobody waits for; what becomes of them is counted. One thread at a time. */
public final class ScrapeWriter implements AutoCloseable {

    private final Appender appender;
    private final ScrapedMetadata metadata;
    private final ScrapeMetrics metrics;

    /**
     * A writer that owns its appender.
     *
     * @param metadata goes along with its batches
     */
    public ScrapeWriter(Appender appender, ScrapedMetadata metadata, ScrapeMetrics metrics) {
        this.appender = appender;
        this.metadata = metadata;
        this.metrics = metrics;
    }

    Appender appender() {
        return appender;
    }

    void refused(String reason, long samples) {
        metrics.refused(reason, samples);
    }

    /** Hands the batch to the store, waiting at most as long as the store lets writers wait. */
    public void commit() {
        metadata.drainTo(appender);
        int samples = appender.pending();
        if (samples > 0) {
            appender.commitAsync().whenComplete((commit, failure) -> count(commit, failure, samples));
        }
    }

    private void count(@Nullable Commit commit, @Nullable Throwable failure, int samples) {
        if (commit == null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            metrics.refused(
                    cause instanceof CommitException refused ? refused.reason().name() : "UNKNOWN", samples);
            return;
        }
        metrics.stored((long) commit.accepted(SampleKind.FLOAT) + commit.accepted(SampleKind.HISTOGRAM));
        if (commit.refused() > 0) {
            commit.refusals().forEach((verdict, count) -> metrics.refused(verdict.reason(), count));
        }
    }

    @Override
    public void close() {
        appender.close();
    }
}
