package io.varve.core.telemetry.clock;

/**
 * What is shown of a peer's clock: the point with the label {@code peer} of the gauges {@code
 * varve_clock_offset_seconds} and {@code varve_clock_uncertainty_seconds}.
 *
 * @param peer name of the peer
 * @param offsetSeconds what its clock shows more than the local one, in seconds
 * @param uncertaintySeconds how far the truth may be from that, in seconds
 * @param ageSeconds time since the newest exchange, in seconds
 */
public record PeerReading(String peer, double offsetSeconds, double uncertaintySeconds, double ageSeconds) {}
