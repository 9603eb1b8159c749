package io.varve.server.api;

import io.varve.server.scrape.JobStatus;
import java.util.List;

/** What is known of targets. Asked by any thread. */
public interface ScrapeSource {

    /** All jobs as they stand, in the order of the configuration. */
    List<JobStatus> jobs();
}
