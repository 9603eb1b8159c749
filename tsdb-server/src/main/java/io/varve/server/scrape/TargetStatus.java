package io.varve.server.scrape;

import io.varve.server.scrape.discovery.Target;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A target as it stands.
 *
 * @param job its job in the configuration
 * @param health of its last scrape
 * @param error why its last scrape failed, empty if it did not
 * @param scrapedAt when its last scrape began, null before the first
 * @param seconds how long its last scrape took
 */
public record TargetStatus(
        String job, Target target, Health health, String error, @Nullable Instant scrapedAt, double seconds) {

    /** What the last scrape says of a target. */
    public enum Health {
        /** Not scraped yet. */
        UNKNOWN,
        UP,
        DOWN
    }
}
