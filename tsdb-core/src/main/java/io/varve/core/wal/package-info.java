/**
 * The ingest log: what was accepted, in order, so that a crash loses nothing that was acknowledged.
 *
 * <p>Entry: {@link io.varve.core.wal.IngestLog}. Imported by {@code core.ingest} and {@code core}. Appended to by the
 * shard's agent alone, forced by the syncer alone, read at start. The format is described in docs/format/wal.md.
 */
@NullMarked
package io.varve.core.wal;

import org.jspecify.annotations.NullMarked;
