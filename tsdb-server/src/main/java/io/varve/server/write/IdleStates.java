package io.varve.server.write;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * States (buffers, appenders) of requests that have ended, for the next ones. Bounded: what does not fit is closed.
 * Safe for any thread; a state is in the hands of one request at a time.
 */
public final class IdleStates<T> {

    private final ArrayBlockingQueue<T> idle;
    private final Supplier<T> factory;
    private final Consumer<T> closer;
    private volatile boolean closed;

    /**
     * Nothing idle yet.
     *
     * @param capacity states kept at most
     * @param closer lets go of a state that is not kept
     */
    public IdleStates(int capacity, Supplier<T> factory, Consumer<T> closer) {
        this.idle = new ArrayBlockingQueue<>(capacity);
        this.factory = factory;
        this.closer = closer;
    }

    /** An idle state, or a new one. */
    public T take() {
        @Nullable T state = idle.poll();
        return state == null ? factory.get() : state;
    }

    /** Gives a state back. */
    public void give(T state) {
        if (closed || !idle.offer(state)) {
            closer.accept(state);
        } else if (closed) { // closed between the two looks: nobody else will empty the queue
            drain();
        }
    }

    /** Closes what is idle, and from now on what is given back. */
    public void close() {
        closed = true;
        drain();
    }

    private void drain() {
        for (@Nullable T state = idle.poll(); state != null; state = idle.poll()) {
            closer.accept(state);
        }
    }
}
