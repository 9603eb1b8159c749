/**
 * Arithmetic over arrays: window functions, compensated sums, quantiles. Knows nothing of stores, labels or syntax.
 *
 * <p>Entry: {@link io.varve.query.kernel.WindowKernel}. Imported by the other rooms of {@code query}. Objects belong
 * to one thread.
 */
@NullMarked
package io.varve.query.kernel;

import org.jspecify.annotations.NullMarked;
