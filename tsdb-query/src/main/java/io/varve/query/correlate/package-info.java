/**
 * Which series moved with another one, and which of them first: rank correlation of jumps and levels at lags.
 *
 * <p>Entry: {@link io.varve.query.correlate.CorrelationRunner}. Imported by {@code query} alone. All objects belong
 * to one request and the thread that runs it. Formulas stand in docs/anomalies.md.
 */
@NullMarked
package io.varve.query.correlate;

import org.jspecify.annotations.NullMarked;
