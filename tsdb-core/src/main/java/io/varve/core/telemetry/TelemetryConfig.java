package io.varve.core.telemetry;

import io.varve.core.model.TimeSource;
import java.time.Duration;

/**
 * How a registry keeps what it is told. Immutable; each method that takes a value answers a copy with it.
 */
public final class TelemetryConfig {

    private TimeSource clock = TimeSource.system();
    private int labelSets = 1_000;
    private int metrics = 10_000;
    private Duration windowStep = Duration.ofSeconds(1);
    private Duration windowRetention = Duration.ofMinutes(5);
    private boolean ticking = true;
    private Sampling sampling = Sampling.fixed(1);
    private CpuClock cpuClock = CpuClock.ofProcess();

    private TelemetryConfig() {}

    /** Windows of up to five minutes by the second, 10,000 metrics of 1,000 label sets each. */
    public static TelemetryConfig defaults() {
        return new TelemetryConfig();
    }

    private TelemetryConfig copy() {
        TelemetryConfig copy = new TelemetryConfig();
        copy.clock = clock;
        copy.labelSets = labelSets;
        copy.metrics = metrics;
        copy.windowStep = windowStep;
        copy.windowRetention = windowRetention;
        copy.ticking = ticking;
        copy.sampling = sampling;
        copy.cpuClock = cpuClock;
        return copy;
    }

    /** The clocks that are read. */
    public TimeSource clock() {
        return clock;
    }

    /** A copy with other clocks. */
    public TelemetryConfig clock(TimeSource value) {
        TelemetryConfig copy = copy();
        copy.clock = value;
        return copy;
    }

    /** Label combinations that each metric keeps; what comes over that is recorded as {@code other}. */
    public int labelSets() {
        return labelSets;
    }

    /** A copy with another bound of label combinations, at least 1. */
    public TelemetryConfig labelSets(int value) {
        require(value >= 1, "label sets of a metric at least 1: labelSets=" + value);
        TelemetryConfig copy = copy();
        copy.labelSets = value;
        return copy;
    }

    /** Metrics that are kept; what comes over that records into nothing, and is counted. */
    public int metrics() {
        return metrics;
    }

    /** A copy with another bound of metrics, at least 1. */
    public TelemetryConfig metrics(int value) {
        require(value >= 1, "metrics at least 1: metrics=" + value);
        TelemetryConfig copy = copy();
        copy.metrics = value;
        return copy;
    }

    /** Resolution of windows: each begins at the end of a step. */
    public Duration windowStep() {
        return windowStep;
    }

    /** A copy with another resolution, from 10 ms to a minute. */
    public TelemetryConfig windowStep(Duration value) {
        require(
                value.toMillis() >= 10 && value.toMillis() <= 60_000,
                "step of windows from 10 ms to 1 min: windowStep=" + value);
        TelemetryConfig copy = copy();
        copy.windowStep = value;
        return copy;
    }

    /** The longest window. */
    public Duration windowRetention() {
        return windowRetention;
    }

    /** A copy with another longest window, up to a day. */
    public TelemetryConfig windowRetention(Duration value) {
        require(
                !value.isNegative() && !value.isZero() && value.toHours() <= 24,
                "retention of windows up to 24 h: windowRetention=" + value);
        TelemetryConfig copy = copy();
        copy.windowRetention = value;
        return copy;
    }

    /** Whether a thread of the registry ends the steps of windows; else its owner calls {@link Telemetry#tick}. */
    public boolean ticking() {
        return ticking;
    }

    /** A copy that ticks by itself, or not. */
    public TelemetryConfig ticking(boolean value) {
        TelemetryConfig copy = copy();
        copy.ticking = value;
        return copy;
    }

    /** Which messages of pipelines are recorded until {@link Telemetry#sampling(Sampling)} says otherwise: all. */
    public Sampling sampling() {
        return sampling;
    }

    /** A copy that begins with another sampling. */
    public TelemetryConfig sampling(Sampling value) {
        TelemetryConfig copy = copy();
        copy.sampling = value;
        return copy;
    }

    /** Where the processor time of the process is read, of which adaptive sampling takes a share. */
    public CpuClock cpuClock() {
        return cpuClock;
    }

    /** A copy that reads it elsewhere. */
    public TelemetryConfig cpuClock(CpuClock value) {
        TelemetryConfig copy = copy();
        copy.cpuClock = value;
        return copy;
    }

    private static void require(boolean right, String message) {
        if (!right) {
            throw new IllegalArgumentException(message);
        }
    }
}
