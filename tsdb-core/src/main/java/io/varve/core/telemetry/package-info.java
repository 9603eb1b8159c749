/**
 * Metrics that cost next to nothing: counters, gauges, latency summaries, and clocks of a pipeline's stages.
 *
 * <p>Entry: {@link io.varve.core.telemetry.Telemetry}, the only registry of metrics in the process. May be imported
 * by every room above the codec; imports nothing but {@code core.model}, {@code core.sketch} and, for its exports
 * into a store, the contracts in {@code core.storage}: neither the engine nor any library that needs JVM flags.
 * Recording is lock-free and may happen on any thread; no thread is started here.
 */
@NullMarked
package io.varve.core.telemetry;

import org.jspecify.annotations.NullMarked;
