package io.varve.core.telemetry;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * The one thread of the process that ends the steps of windows, for all registries that do not tick by themselves. It
 * begins with the first registry that has something to tick, holds none that nobody else holds, and costs a look at
 * what was recorded since the last step.
 */
final class Ticker {

    private static final long PAUSE_NANOS = 10_000_000L;
    private static final Ticker PROCESS = new Ticker();

    private final List<WeakReference<Telemetry>> registries = new CopyOnWriteArrayList<>();
    private boolean runs;

    private Ticker() {}

    /** Ticks a registry from now on, until it is closed or nobody has it any more. */
    static void add(Telemetry telemetry) {
        PROCESS.registries.add(new WeakReference<>(telemetry));
        PROCESS.start();
    }

    private synchronized void start() {
        if (!runs) {
            runs = true;
            Thread thread = new Thread(this::run, "varve-telemetry");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static boolean isGone(WeakReference<Telemetry> reference) {
        Telemetry telemetry = reference.get();
        return telemetry == null || telemetry.isClosed();
    }

    private void run() {
        while (true) {
            long pause = 100 * PAUSE_NANOS;
            registries.removeIf(Ticker::isGone);
            for (WeakReference<Telemetry> reference : registries) {
                Telemetry telemetry = reference.get();
                if (telemetry != null) {
                    telemetry.tickIfDue();
                    pause = Math.min(pause, telemetry.stepNanos());
                }
            }
            LockSupport.parkNanos(this, Math.max(PAUSE_NANOS, pause / 10));
        }
    }
}
