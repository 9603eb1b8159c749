package io.varve.server.http;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lets at most so many requests of a kind work at once. Who finds it full waits a bounded time, in order of arrival,
 * and is then refused with 503 and Retry-After.
 */
public final class ConcurrencyGate {

    private final long waitMillis;
    private final @Nullable ConcurrencyGate outer;
    private final IntFunction<HttpProblem> refusal;
    private final Permits permits;
    private volatile int limit;

    /** Permits whose number may change while they are used. */
    private static final class Permits extends Semaphore {
        private static final long serialVersionUID = 1L;

        Permits(int count) {
            super(count, true);
        }

        void add(int more) {
            if (more > 0) {
                release(more);
            } else {
                reducePermits(-more);
            }
        }
    }

    /**
     * A gate.
     *
     * @param what what is limited, in the plural, for the message of a refusal
     * @param limit how many may be inside at once, at least 1
     * @param waitMillis how long a request waits before it is refused
     */
    public ConcurrencyGate(String what, int limit, long waitMillis) {
        this(null, limit, waitMillis, most -> HttpProblem.busy("too many " + what + " at once: limit=" + most, 1));
    }

    private ConcurrencyGate(
            @Nullable ConcurrencyGate outer, int limit, long waitMillis, IntFunction<HttpProblem> refusal) {
        this.outer = outer;
        this.limit = limit;
        this.waitMillis = waitMillis;
        this.refusal = refusal;
        this.permits = new Permits(limit);
    }

    /**
     * A gate before this one, for some of those who come here: whoever enters it enters both.
     *
     * @param part how many of them may be inside at once, at least 1
     * @param wait how long a request waits before it is refused, in milliseconds
     * @param problem makes the refusal, given the limit
     */
    public ConcurrencyGate part(int part, long wait, IntFunction<HttpProblem> problem) {
        return new ConcurrencyGate(this, part, wait, problem);
    }

    /** Changes how many may be inside at once, at least 1; who is inside stays there. */
    public synchronized void resize(int most) {
        permits.add(most - limit);
        limit = most;
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
            throw refusal.apply(limit);
        }
        ConcurrencyGate next = outer;
        if (next != null) {
            boolean through = false;
            try {
                next.enter();
                through = true;
            } finally {
                if (!through) {
                    permits.release();
                }
            }
        }
    }

    /** Leaves. */
    public void leave() {
        if (outer != null) {
            outer.leave();
        }
        permits.release();
    }

    /** How many are inside. */
    public int inside() {
        return limit - permits.availablePermits();
    }

    /** How many may be inside. */
    public int limit() {
        return limit;
    }
}
