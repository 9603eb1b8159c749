/**
 * Pages of native histograms: integer and float ones, exponential and with custom bounds, as columns.
 *
 * <p>Entries: {@link io.varve.codec.histogram.HistogramPageCodec} and the structure that it reads and fills, {@link
 * io.varve.codec.histogram.HistogramColumns}. Imported by {@code core.head}, {@code core.block} and the benchmarks. No
 * I/O, threads, clock or logging. The format is described bit by bit in docs/format/page-histogram.md.
 */
@NullMarked
package io.varve.codec.histogram;

import org.jspecify.annotations.NullMarked;
