/**
 * Native histograms as operands and arguments: scaled, added up, trimmed, compared, written, and what can be estimated
 * from them. Knows nothing of stores, labels or syntax.
 *
 * <p>Entry: {@link io.varve.query.histogram.HistogramMath}. Imported by {@code query.kernel} and {@code query.exec}.
 * Objects belong to one thread.
 */
@NullMarked
package io.varve.query.histogram;

import org.jspecify.annotations.NullMarked;
