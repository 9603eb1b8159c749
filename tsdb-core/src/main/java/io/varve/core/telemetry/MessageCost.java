package io.varve.core.telemetry;

import io.varve.core.model.TimeSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a message costs on this machine, in this process: a few of all messages measure their own work with the clock
 * that they read anyway. What a thread was away for in between does not count: a piece of work is taken for at most
 * {@link #MOST_NANOS}. Any thread measures, one at a time asks.
 */
final class MessageCost {

    /** Most that a piece of work is taken for. */
    static final long MOST_NANOS = 20_000;

    /** What a message is taken for until enough were measured. */
    private static final double GUESS_CHOSEN = 400;

    private static final double GUESS_OTHER = 150;
    private static final int ENOUGH = 4;
    private static final double NEW_SHARE = 0.25;

    private final TimeSource clock;
    private final Kind chosen = new Kind(GUESS_CHOSEN);
    private final Kind others = new Kind(GUESS_OTHER);
    private final AtomicLong extra = new AtomicLong();

    /** What one reading of the clock takes; a lost update does no harm. */
    private volatile double readNanos;

    /** Messages of one kind. */
    private static final class Kind {

        final AtomicLong nanos = new AtomicLong();
        final AtomicLong messages = new AtomicLong();
        private double estimate;
        private boolean measured;

        Kind(double estimate) {
            this.estimate = estimate;
        }

        double estimate() {
            if (messages.get() >= ENOUGH) {
                double mean = (double) nanos.getAndSet(0) / messages.getAndSet(0);
                estimate = measured ? estimate + NEW_SHARE * (mean - estimate) : mean;
                measured = true;
            }
            return estimate;
        }
    }

    MessageCost(TimeSource clock) {
        this.clock = clock;
    }

    /** The moment before a piece of work. */
    long begin() {
        return clock.nanoTime();
    }

    /**
     * A message has started: that began with its own stamp, so that one reading of the clock is part of it.
     *
     * @param stamp that of the start
     */
    void started(boolean isChosen, long stamp) {
        long end = clock.nanoTime();
        double read = bounded(clock.nanoTime() - end);
        double before = readNanos;
        readNanos = before == 0 ? read : before + NEW_SHARE * (read - before);
        Kind kind = isChosen ? chosen : others;
        kind.messages.incrementAndGet();
        kind.nanos.addAndGet(bounded(end - stamp));
    }

    /** Another piece of a message's work has ended, which began at {@link #begin}. */
    void worked(boolean isChosen, long begin) {
        long nanos = clock.nanoTime() - begin - (long) readNanos;
        (isChosen ? chosen : others).nanos.addAndGet(bounded(nanos));
    }

    /** What was done beside messages. */
    void spent(long nanos) {
        extra.addAndGet(Math.max(0, nanos));
    }

    private static long bounded(long nanos) {
        return Math.max(0, Math.min(MOST_NANOS, nanos));
    }

    /** Nanoseconds of a message that is chosen. */
    double chosenNanos() {
        return chosen.estimate();
    }

    /** Nanoseconds of a message that is not. */
    double otherNanos() {
        return others.estimate();
    }

    /** Nanoseconds of what was done beside messages, since this was last asked. */
    long takeSpent() {
        return extra.getAndSet(0);
    }
}
