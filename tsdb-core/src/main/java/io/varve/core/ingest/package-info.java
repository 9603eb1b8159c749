/**
 * The way of a batch: appenders fill it, the ring carries it, the one writing agent judges, logs and applies it, group
 * commit acknowledges it.
 *
 * <p>Entry: {@link io.varve.core.ingest.IngestShard}. Imported by {@code core} only. The only room that may use
 * Agrona's buffers and rings, behind {@link io.varve.core.ingest.BatchQueue}. Threads: appenders on their callers'
 * threads, the agent, the syncer; docs/architecture.md says what each owns.
 */
@NullMarked
package io.varve.core.ingest;

import org.jspecify.annotations.NullMarked;
