package io.varve.server.scrape.fetch;

import io.varve.server.config.ScrapeConfig;
import io.varve.server.scrape.discovery.Target;
import java.util.concurrent.CompletableFuture;

/** Asks a target. Safe for any thread. */
public interface Fetcher {

    /** An answer of status 200. */
    final class Answer {

        private final byte[] body;
        private final int length;
        private final boolean gzip;
        private final String contentType;
        private final Runnable release;

        /**
         * An answer.
         *
         * @param body its bytes up to {@code length}, compressed or not; lent
         * @param release gives its memory back
         */
        public Answer(byte[] body, int length, boolean gzip, String contentType, Runnable release) {
            this.body = body;
            this.length = length;
            this.gzip = gzip;
            this.contentType = contentType;
            this.release = release;
        }

        /** Its bytes up to {@link #length}. */
        public byte[] body() {
            return body;
        }

        /** Bytes that it has. */
        public int length() {
            return length;
        }

        /** Whether its bytes are compressed. */
        public boolean gzip() {
            return gzip;
        }

        /** What it says of its format, empty if nothing. */
        public String contentType() {
            return contentType;
        }

        /** Gives its memory back; to be run once it is read. */
        public Runnable release() {
            return release;
        }
    }

    /**
     * Asks a target; the future completes within the target's timeout, exceptionally with a
     * {@link io.varve.server.scrape.series.ScrapeFailure} or an I/O error.
     */
    CompletableFuture<Answer> fetch(Target target, ScrapeConfig config);
}
