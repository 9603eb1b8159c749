package io.varve.server.scrape.discovery;

import io.varve.core.model.Labels;
import java.net.URI;
import java.time.Duration;

/**
 * Something that is scraped.
 *
 * @param discovered its labels before relabelling
 * @param labels labels that its series get
 * @param uri where it is asked
 * @param interval from one scrape to the next
 * @param timeout longest time that a scrape may take
 */
public record Target(Labels discovered, Labels labels, URI uri, Duration interval, Duration timeout) {}
