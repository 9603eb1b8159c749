/**
 * What the query engine costs: kernels alone, percentiles over a store, and queries asked of a running Varve and of
 * other databases that hold the same samples, side by side ({@link io.varve.benchmarks.query.AskPeers}, run by {@code
 * benchmarks/ask}).
 */
@NullMarked
package io.varve.benchmarks.query;

import org.jspecify.annotations.NullMarked;
