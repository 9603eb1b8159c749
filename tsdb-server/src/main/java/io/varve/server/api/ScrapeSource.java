package io.varve.server.api;

import io.varve.core.model.Labels;
import io.varve.server.scrape.JobStatus;
import io.varve.server.scrape.format.SaidOfMetric;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Predicate;

/** What is known of targets. Asked by any thread. */
public interface ScrapeSource {

    /** Nothing is scraped. */
    ScrapeSource NONE = new ScrapeSource() {
        @Override
        public List<JobStatus> jobs() {
            return List.of();
        }

        @Override
        public Map<Labels, SortedMap<String, SaidOfMetric>> metadata(Predicate<Labels> ofTarget) {
            return Map.of();
        }
    };

    /** All jobs as they stand, in the order of the configuration. */
    List<JobStatus> jobs();

    /** What targets that are chosen by their labels say about their metrics, by target and name. */
    Map<Labels, SortedMap<String, SaidOfMetric>> metadata(Predicate<Labels> ofTarget);
}
