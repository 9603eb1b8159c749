/**
 * The series of a target from one scrape to the next: which of them are known, what their labels are, how their samples
 * reach the store, and where they end.
 *
 * <p>Entry: {@link io.varve.server.scrape.series.TargetSeries}. The series of a target are touched by one scrape at a
 * time; buffers ({@link io.varve.server.scrape.series.ScrapeBatch}) go from scrape to scrape.
 */
@NullMarked
package io.varve.server.scrape.series;

import org.jspecify.annotations.NullMarked;
