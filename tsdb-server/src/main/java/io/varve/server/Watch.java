package io.varve.server;

import io.varve.core.TsdbRuntime;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that look at something again and again, each for as long apart as its last look said. */
final class Watch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Duration AFTER_FAULT = Duration.ofSeconds(1);

    private final TsdbRuntime runtime;
    private final CountDownLatch stopped = new CountDownLatch(1);

    Watch(TsdbRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * Starts a thread.
     *
     * @param purpose in its name
     * @param what it looks for, in a log message
     * @param look says how long to wait until the next one; that it fails ends nothing
     */
    void start(String purpose, String what, Supplier<Duration> look) {
        runtime.threads(purpose).newThread(() -> watch(what, look)).start();
    }

    private void watch(String what, Supplier<Duration> look) {
        try {
            Duration wait = Duration.ZERO;
            while (!stopped.await(Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS)) {
                wait = lookedAt(what, look);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration lookedAt(String what, Supplier<Duration> look) {
        try {
            return look.get();
        } catch (RuntimeException e) { // the next look may succeed
            if (stopped.getCount() > 0) {
                LOG.warn("cannot look for {}: {}", what, e.toString());
            }
            return AFTER_FAULT;
        }
    }

    /** No look begins any more. */
    @Override
    public void close() {
        stopped.countDown();
    }
}
