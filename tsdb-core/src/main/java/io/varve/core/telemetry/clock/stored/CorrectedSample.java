package io.varve.core.telemetry.clock.stored;

/**
 * A latency between two nodes, corrected.
 *
 * @param time ticks of the store, as it was stored
 * @param seconds the latency, at least 0
 * @param uncertaintySeconds the truth is at most this far from it
 * @param withinUncertainty whether it is smaller than its uncertainty: show it as "less than", not as a value
 * @param measuredSeconds the difference of the two stamps, as it was stored
 */
public record CorrectedSample(
        long time, double seconds, double uncertaintySeconds, boolean withinUncertainty, double measuredSeconds) {}
