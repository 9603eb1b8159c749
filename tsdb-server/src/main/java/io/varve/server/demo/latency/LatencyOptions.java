package io.varve.server.demo.latency;

import io.varve.server.demo.latency.node.Fault;
import java.time.Duration;
import java.util.Optional;

/**
 * What the latency demo is asked to do.
 *
 * @param rate commands a second; 0 for as many as the system takes
 * @param kit whether the nodes use the telemetry kit
 * @param fault what goes wrong by itself
 * @param after how long after the start that is
 * @param length how long the demo runs; zero for until it is told to stop
 */
public record LatencyOptions(int rate, boolean kit, Optional<Fault> fault, Duration after, Duration length) {

    /** Most commands a second that can be asked for. */
    public static final int MOST_RATE = 1_000_000;
}
