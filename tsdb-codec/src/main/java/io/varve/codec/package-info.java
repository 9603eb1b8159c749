/**
 * Pages of times and values: bytes in, bytes out.
 *
 * <p>Entry: {@link io.varve.codec.PageCodec}. Imported by {@code core.head}, {@code core.block} and the benchmarks. No
 * I/O, threads, clock or logging. The format is described bit by bit in docs/format/page.md.
 */
@NullMarked
package io.varve.codec;

import org.jspecify.annotations.NullMarked;
