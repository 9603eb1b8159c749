package io.varve.server.scrape.series;

import io.varve.server.scrape.series.TargetSeries.Counts;

/** The series that tell of scrapes, with the names that Prometheus gives them. */
enum Reported {
    UP(0, "up", false),
    DURATION(1, "scrape_duration_seconds", false),
    SCRAPED(2, "scrape_samples_scraped", false),
    KEPT(3, "scrape_samples_post_metric_relabeling", false),
    ADDED(4, "scrape_series_added", false),
    TIMEOUT(5, "scrape_timeout_seconds", true),
    SAMPLE_LIMIT(6, "scrape_sample_limit", true),
    BODY(7, "scrape_body_size_bytes", true);

    /** How many there are. */
    static final int COUNT = values().length;

    private final int place;
    private final String metric;
    private final boolean extra;

    Reported(int place, String metric, boolean extra) {
        this.place = place;
        this.metric = metric;
        this.extra = extra;
    }

    /** Its place among all, from 0. */
    int place() {
        return place;
    }

    String metric() {
        return metric;
    }

    /** Whether it is written only where it is asked for. */
    boolean extra() {
        return extra;
    }

    double value(Report report, Counts counts) {
        return switch (this) {
            case UP -> report.up() ? 1 : 0;
            case DURATION -> report.seconds();
            case SCRAPED -> counts.told();
            case KEPT -> counts.kept();
            case ADDED -> counts.added();
            case TIMEOUT -> report.timeoutSeconds();
            case SAMPLE_LIMIT -> report.sampleLimit();
            case BODY -> report.bodyBytes();
        };
    }
}
