package io.varve.server.scrape.series;

/** Where it is counted what becomes of scrapes. Called by any thread. */
public interface ScrapeMetrics {

    /** A scrape ended. */
    void scraped(boolean ok);

    /** A scrape was due while the one before was on. */
    void missed();

    /** Samples that the store kept. */
    void stored(long samples);

    /** Samples that were refused. */
    void refused(String reason, long samples);
}
