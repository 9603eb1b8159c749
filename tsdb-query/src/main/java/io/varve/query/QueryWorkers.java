package io.varve.query;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Threads that help queries read their series, shared by all queries. A query never waits for one: it works in its
 * caller's thread, and whichever of these has nothing to do at a moment takes a part of it (ADR 0036). Any thread may
 * ask for help. None of these threads is ever interrupted: they touch files.
 */
public final class QueryWorkers implements AutoCloseable {

    /** Nobody helps. */
    public static final QueryWorkers NONE = new QueryWorkers(0, QueryWorkers::nobody, Duration.ZERO);

    private static final Duration WORTHWHILE = Duration.ofNanos(300_000);
    private static final int MOST = 256;
    private static final long PATIENCE_MS = 10;

    private final SynchronousQueue<Runnable> tasks = new SynchronousQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Duration worthwhile;
    private volatile boolean closed;

    private QueryWorkers(int helpers, ThreadFactory factory, Duration worthwhile) {
        this.worthwhile = worthwhile;
        for (int i = 0; i < helpers; i++) {
            threads.add(factory.newThread(this::run));
        }
        threads.forEach(Thread::start);
    }

    private static Thread nobody(Runnable work) {
        throw new AssertionError("BUG: nobody helps: " + work);
    }

    /**
     * Starts helpers.
     *
     * @param workers threads that may work on one query, the caller's among them: 1 to 256
     * @param factory makes daemon threads
     */
    public static QueryWorkers start(int workers, ThreadFactory factory) {
        return start(workers, factory, WORTHWHILE);
    }

    /**
     * Starts helpers.
     *
     * @param worthwhile work that is expected to take less is not shared
     */
    public static QueryWorkers start(int workers, ThreadFactory factory, Duration worthwhile) {
        if (workers < 1 || workers > MOST) {
            throw new IllegalArgumentException("from 1 to " + MOST + " workers: workers=" + workers);
        }
        return workers == 1 ? NONE : new QueryWorkers(workers - 1, factory, worthwhile);
    }

    /** Threads that may work on one query, its caller's among them. */
    public int workers() {
        return threads.size() + 1;
    }

    /** Work that takes less is not worth sharing, in nanoseconds. */
    public long worthwhileNanos() {
        return worthwhile.toNanos();
    }

    /**
     * Has an idle thread do something.
     *
     * @param task must not throw
     * @return false if none is idle at this moment: it is not done then
     */
    public boolean help(Runnable task) {
        return tasks.offer(task);
    }

    private void run() {
        while (!closed) {
            try {
                tasks.take().run();
            } catch (InterruptedException e) {
                // whoever did it knows nothing of these threads: the next task may come
            }
        }
    }

    /** What a thread does last. */
    private static void end() {}

    /** Ends the threads, as soon as they have done what they are at. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    if (!tasks.offer(QueryWorkers::end, PATIENCE_MS, TimeUnit.MILLISECONDS)) {
                        thread.join(PATIENCE_MS);
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
