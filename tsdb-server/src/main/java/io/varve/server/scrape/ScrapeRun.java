package io.varve.server.scrape;

import io.varve.core.model.TimeSource;
import io.varve.server.config.ScrapeConfig;
import io.varve.server.scrape.fetch.Decompressor;
import io.varve.server.scrape.fetch.Fetcher.Answer;
import io.varve.server.scrape.series.Report;
import io.varve.server.scrape.series.ScrapeMetrics;
import io.varve.server.scrape.series.TargetSeries;
import io.varve.server.scrape.series.TargetSeries.Counts;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** One scrape of one target, from its request to its last sample. */
final class ScrapeRun {

    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;
    private static final String UNKNOWN = "no answer";

    private final ScrapeLoop loop;
    private final long millis;
    private final TimeSource clock;
    private final ScrapeMetrics metrics;
    private final long begunNanos;
    private long bodyBytes;

    /** @param millis time of its samples, since 1970 */
    ScrapeRun(ScrapeLoop loop, long millis, TimeSource clock, ScrapeMetrics metrics) {
        this.loop = loop;
        this.millis = millis;
        this.clock = clock;
        this.metrics = metrics;
        this.begunNanos = clock.nanoTime();
    }

    /** Why a target did not answer; empty if it did. */
    static String reason(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause == null) {
            return "";
        }
        String message = cause.getMessage();
        return message == null ? UNKNOWN : message;
    }

    /**
     * Reads an answer and writes what it tells, or that there is none.
     *
     * @param error why there is no answer
     */
    void finish(AnswerReader reader, @Nullable Answer answer, String error) {
        try {
            synchronized (loop) {
                if (!loop.isStopped()) {
                    finish(reader, loop.series(), answer, error);
                }
            }
        } finally {
            if (answer != null) {
                answer.release().run();
            }
            reader.decompressor().trim();
            loop.end();
        }
    }

    private void finish(AnswerReader reader, TargetSeries series, @Nullable Answer answer, String error) {
        Counts counts = Counts.NONE;
        String failure = error;
        if (answer != null) {
            try {
                counts = read(reader, series, answer);
            } catch (RuntimeException e) { // of what the target said: it costs this scrape alone
                failure = reason(e);
            }
        } else if (failure.isEmpty()) {
            failure = UNKNOWN;
        }
        boolean up = failure.isEmpty();
        if (!up) {
            counts = series.failed(reader.writer(), millis);
        }
        double seconds = (clock.nanoTime() - begunNanos) / NANOS;
        ScrapeConfig config = loop.config();
        double timeout = loop.target().timeout().toMillis() / MILLIS;
        Report report =
                new Report(up, seconds, bodyBytes, timeout, config.limits().samples());
        series.report(report, counts, reader.writer(), millis);
        loop.status(up ? null : failure, millis, seconds);
        metrics.scraped(up);
    }

    private Counts read(AnswerReader reader, TargetSeries series, Answer answer) {
        ScrapeConfig config = loop.config();
        byte[] body = answer.body();
        int length = answer.length();
        if (answer.gzip()) {
            Decompressor decompressor = reader.decompressor();
            bodyBytes = -1;
            decompressor.decompress(body, length, config.limits().bodyBytes());
            body = decompressor.bytes();
            length = decompressor.length();
        }
        bodyBytes = length;
        return series.scraped(
                reader.parser(answer, config.format()), body, length, reader.batch(), reader.writer(), millis);
    }
}
