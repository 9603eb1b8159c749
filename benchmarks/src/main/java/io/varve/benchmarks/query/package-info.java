/**
 * Queries asked of a running Varve and of other databases that hold the same samples, side by side.
 *
 * <p>Entry: {@link io.varve.benchmarks.query.AskPeers}, run by {@code benchmarks/ask}. Imported by nobody. One thread.
 */
@NullMarked
package io.varve.benchmarks.query;

import org.jspecify.annotations.NullMarked;
