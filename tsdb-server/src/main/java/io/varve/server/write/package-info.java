/**
 * What every door for samples shares: the session that turns decoded samples into commits, the report of what was
 * refused and why, limits, and the metadata that senders tell about their metrics.
 *
 * <p>Entry: {@link io.varve.server.write.WriteSession}. Imported by {@code write.remote} and {@code write.text}, by the
 * API (metadata) and by the process' entry. A session belongs to one request at a time; the metadata store is safe for
 * any thread; commits are answered on the engine's threads, where nothing here blocks.
 */
@NullMarked
package io.varve.server.write;

import org.jspecify.annotations.NullMarked;
