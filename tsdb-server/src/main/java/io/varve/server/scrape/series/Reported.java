package io.varve.server.scrape.series;

import io.varve.server.scrape.series.TargetSeries.Counts;
import java.util.function.ToDoubleBiFunction;

/** The series that tell of scrapes, with the names that Prometheus gives them. */
enum Reported {
    UP("up", false, (report, counts) -> report.up() ? 1 : 0),
    DURATION("scrape_duration_seconds", false, (report, counts) -> report.seconds()),
    SCRAPED("scrape_samples_scraped", false, (report, counts) -> counts.told()),
    KEPT("scrape_samples_post_metric_relabeling", false, (report, counts) -> counts.kept()),
    ADDED("scrape_series_added", false, (report, counts) -> counts.added()),
    TIMEOUT("scrape_timeout_seconds", true, (report, counts) -> report.timeoutSeconds()),
    SAMPLE_LIMIT("scrape_sample_limit", true, (report, counts) -> report.sampleLimit()),
    BODY("scrape_body_size_bytes", true, (report, counts) -> report.bodyBytes());

    private final String metric;
    private final boolean extra;
    private final ToDoubleBiFunction<Report, Counts> value;

    Reported(String metric, boolean extra, ToDoubleBiFunction<Report, Counts> value) {
        this.metric = metric;
        this.extra = extra;
        this.value = value;
    }

    String metric() {
        return metric;
    }

    /** Whether it is written only where it is asked for. */
    boolean extra() {
        return extra;
    }

    double value(Report report, Counts counts) {
        return value.applyAsDouble(report, counts);
    }
}
