package io.varve.core.telemetry;

import java.time.Duration;

/** How much processor time the process has used; read once a step of windows, never for a message. */
@FunctionalInterface
public interface CpuClock {

    /** What is answered where it cannot be known. */
    long UNKNOWN = -1;

    /** Nanoseconds of all processors since the process began, or {@link #UNKNOWN}. */
    long nanos();

    /** That of this process, as the operating system tells it, without {@code java.management}. */
    static CpuClock ofProcess() {
        return () -> {
            try {
                return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .map(Duration::toNanos)
                        .orElse(UNKNOWN);
            } catch (RuntimeException e) { // forbidden, or not there
                return UNKNOWN;
            }
        };
    }
}
