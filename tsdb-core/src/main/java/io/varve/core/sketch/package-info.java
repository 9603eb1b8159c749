/**
 * One mergeable summary of a distribution: the base-2 exponential histogram, with a known relative error.
 *
 * <p>Entry: {@link io.varve.core.sketch.ExponentialHistogram}; {@link io.varve.core.sketch.ConcurrentHistogram} is what
 * many threads record into. May be imported by every room of the engine and by the query module. Runs on its callers'
 * threads and starts none. Bucket bounds are those of Prometheus' native histograms: bucket {@code i} holds
 * {@code (base^(i-1), base^i]} with {@code base = 2^(2^-schema)}.
 */
@NullMarked
package io.varve.core.sketch;

import org.jspecify.annotations.NullMarked;
