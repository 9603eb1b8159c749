package io.varve.core;

import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.Telemetry;
import java.security.SecureRandom;
import java.util.Random;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What several stores of one process share: clocks, threads, randomness, and the registry of metrics. Close it after
 * its stores.
 */
public final class TsdbRuntime implements AutoCloseable {

    private final TimeSource clock;
    private final Telemetry telemetry;
    private final Random secrets;
    private final AtomicInteger threadNumber = new AtomicInteger();

    private TsdbRuntime(TimeSource clock, Telemetry telemetry, Random secrets) {
        this.clock = clock;
        this.telemetry = telemetry;
        this.secrets = secrets;
    }

    /** A runtime on the machine's clocks. */
    public static TsdbRuntime create() {
        return create(TimeSource.system());
    }

    /** A runtime on clocks of the caller's choice. */
    public static TsdbRuntime create(TimeSource clock) {
        return create(clock, new SecureRandom());
    }

    /** A runtime on clocks and randomness of the caller's choice. */
    public static TsdbRuntime create(TimeSource clock, Random secrets) {
        return new TsdbRuntime(clock, Telemetry.create(clock), secrets);
    }

    /** The clocks that every store of this runtime reads. */
    public TimeSource clock() {
        return clock;
    }

    /** The one registry of metrics. */
    public Telemetry telemetry() {
        return telemetry;
    }

    /** Where secrets of the process come from. */
    Random secrets() {
        return secrets;
    }

    /** Daemon threads, named after what they do. */
    public ThreadFactory threads(String purpose) {
        return work -> {
            Thread thread = new Thread(work, "varve-" + purpose + "-" + threadNumber.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void close() {}
}
