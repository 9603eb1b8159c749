/**
 * Latencies between nodes as a store has them, corrected when they are read by the offsets that were in force.
 *
 * <p>Entry: {@link io.varve.core.telemetry.clock.stored.CorrectedLatencies}. May be imported by the doors of the
 * server; imports the contracts of stores ({@code core.storage}) and {@code core.telemetry.clock}, never the engine.
 * Runs on the reader's thread.
 */
@NullMarked
package io.varve.core.telemetry.clock.stored;

import org.jspecify.annotations.NullMarked;
