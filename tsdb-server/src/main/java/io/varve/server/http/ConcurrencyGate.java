package io.varve.server.http;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets at most so many requests of a kind work at once. Who finds it full waits a bounded time, in order of arrival,
 * and is then refused with 503 and Retry-After.
 */
public final class ConcurrencyGate {

    private final String what;
    private final int limit;
    private final long waitMillis;
    private final Semaphore permits;

    /**
     * A gate.
     *
     * @param what what is limited, in the plural, for the message of a refusal
     * @param limit how many may be inside at once, at least 1
     * @param waitMillis how long a request waits before it is refused
     */
    public ConcurrencyGate(String what, int limit, long waitMillis) {
        this.what = what;
        this.limit = limit;
        this.waitMillis = waitMillis;
        this.permits = new Semaphore(limit, true);
    }

    /**
     * Enters; whoever entered calls {@link #leave} once, from any thread.
     *
     * @throws HttpProblem 503 if the gate stayed full
     */
    public void enter() {
        boolean entered;
        try {
            entered = permits.tryAcquire(waitMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HttpProblem.busy("the server is stopping", 5);
        }
        if (!entered) {
            throw HttpProblem.busy("too many " + what + " at once: limit=" + limit, 1);
        }
    }

    /** Leaves. */
    public void leave() {
        permits.release();
    }

    /** How many are inside. */
    public int inside() {
        return limit - permits.availablePermits();
    }
}
