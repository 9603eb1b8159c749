/**
 * The bytes of what a series holds beside floats: histograms, exemplars, metadata, as they stand in a batch, in the log
 * and in the head, and histograms as the columns of a page.
 *
 * <p>Entry: {@link io.varve.core.kind.HistogramForm}. Imported by {@code core.ingest}, {@code core.wal}, {@code
 * core.head}, {@code core.block} and {@code core}, and by the server's latency demo. No threads, no I/O. Format:
 * docs/format/wal.md.
 */
@NullMarked
package io.varve.core.kind;

import org.jspecify.annotations.NullMarked;
