/**
 * Anomaly functions over windows: what a detector says of the newest sample of each window, the same whatever range and
 * step is asked.
 *
 * <p>Entry: {@link io.varve.query.kernel.WindowKernel}, which each class here is. Imported by {@code query.exec} alone.
 * Objects belong to one thread. Formulas stand in docs/anomalies.md.
 */
@NullMarked
package io.varve.query.detect.window;

import org.jspecify.annotations.NullMarked;
