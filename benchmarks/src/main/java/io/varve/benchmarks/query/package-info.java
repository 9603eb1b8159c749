/** What the query engine costs: kernels alone, and percentiles over a store. */
@NullMarked
package io.varve.benchmarks.query;

import org.jspecify.annotations.NullMarked;
