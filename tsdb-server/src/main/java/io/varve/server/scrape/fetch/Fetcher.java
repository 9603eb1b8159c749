package io.varve.server.scrape.fetch;

import io.varve.server.config.ScrapeConfig;
import io.varve.server.scrape.discovery.Target;
import java.util.concurrent.CompletableFuture;

/** Asks a target. Safe for any thread. */
public interface Fetcher {

    /**
     * An answer of status 200.
     *
     * @param body its bytes up to {@code length}, compressed or not
     * @param release gives its memory back; to be called once
     */
    record Answer(byte[] body, int length, boolean gzip, String contentType, Runnable release) {}

    /**
     * Asks a target; the future completes within the target's timeout, exceptionally with a
     * {@link io.varve.server.scrape.series.ScrapeFailure} or an I/O error.
     */
    CompletableFuture<Answer> fetch(Target target, ScrapeConfig config);
}
