/**
 * The contracts between the engine and those who write to it or read from it; no implementation lives here.
 *
 * <p>Entry: {@link io.varve.core.storage.Queryable} for reading, {@link io.varve.core.storage.Appender} for writing.
 * Query code sees this room, {@code core.model} and {@code core.sketch}, and nothing else of the engine.
 */
@NullMarked
package io.varve.core.storage;

import org.jspecify.annotations.NullMarked;
