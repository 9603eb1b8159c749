/**
 * Metrics that cost next to nothing: counters, gauges, latency histograms, and clocks of a pipeline's stages.
 *
 * <p>Entry: {@link io.varve.core.telemetry.Telemetry}, the only registry of metrics in the process. Uses neither the
 * engine nor any library that needs JVM flags. Recording is lock-free and may happen on any thread.
 */
@NullMarked
package io.varve.core.telemetry;

import org.jspecify.annotations.NullMarked;
