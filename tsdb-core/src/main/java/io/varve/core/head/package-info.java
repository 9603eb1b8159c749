/**
 * Samples that are not in a block yet: generations of time columns, pages of values and the newest values raw, and the
 * registry of live series.
 *
 * <p>Entry: {@link io.varve.core.head.Generation} for samples, {@link io.varve.core.head.SeriesRegistry} for series.
 * Histograms, exemplars, metadata and start times are a generation's {@link io.varve.core.head.HeadKinds}. Imported by
 * {@code core.ingest}, {@code core.read} and {@code core}. Written by the shard's agent alone, read by any thread
 * without locks: the writer release-stores a row count behind everything that the rows need, and nothing that
 * was published ever moves, except raw values into pages ({@code HeadValues} says how a reader notices).
 */
@NullMarked
package io.varve.core.head;

import org.jspecify.annotations.NullMarked;
