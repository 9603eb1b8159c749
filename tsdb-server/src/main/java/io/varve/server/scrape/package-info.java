/**
 * Scraping: jobs with their targets, each asked at its interval, as Prometheus does it.
 *
 * <p>Entry: {@link io.varve.server.scrape.ScrapeManager}. Rooms: {@code target} says what targets are and where they
 * come from, {@code fetch} asks them, {@code format} reads their answers, {@code series} keeps their series. Imported
 * by the process' entry and the API. One thread looks at the clock, a few read answers; docs/scraping.md tells what
 * users see.
 */
@NullMarked
package io.varve.server.scrape;

import org.jspecify.annotations.NullMarked;
