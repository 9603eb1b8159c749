/**
 * A registry's metrics as series of a store: samples, native histograms, metadata, starts, raw latencies.
 *
 * <p>Entry: {@link io.varve.core.telemetry.export.TelemetryExport}, which {@code Telemetry.exportTo} starts; nobody
 * else needs to import this room. It imports the contracts of stores ({@code core.storage}), never the engine: the
 * engine itself uses the kit. One daemon thread an export; the application's threads never run here.
 */
@NullMarked
package io.varve.core.telemetry.export;

import org.jspecify.annotations.NullMarked;
