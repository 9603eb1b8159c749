/**
 * Native histograms as operands and arguments: scaled, added up, trimmed, compared, written, and what can be estimated
 * from them. Knows nothing of stores, labels or syntax.
 *
 * <p>Entry: {@link io.varve.query.histogram.HistogramMath}. Imported by {@code query.kernel}, {@code query.exec} and
 * the unit tests of rules. Objects belong to one thread.
 */
@NullMarked
package io.varve.query.histogram;

import org.jspecify.annotations.NullMarked;
