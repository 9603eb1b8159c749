/**
 * Percentiles over windows with the interval that contains the exact answer: of raw samples, native histograms, classic
 * buckets and the sketches of rollups, alone or together.
 *
 * <p>Entry: {@link io.varve.query.percentile.PercentilesRunner}. Imported by {@code query} alone. All objects belong to
 * one request and the thread that runs it. What is answered is described in docs/query-language.md.
 */
@NullMarked
package io.varve.query.percentile;

import org.jspecify.annotations.NullMarked;
