package io.varve.core.compact;

import org.jspecify.annotations.Nullable;

/**
 * The time that ages are counted from. It is the newest accepted sample or the wall clock, whichever is earlier, and it
 * never goes back. It does not follow a jump of over a day by itself: it then stays where it is until the jump is
 * undone, somebody confirms the clock, or samples have gone on arriving in step for a day.
 *
 * <p>Not safe for several threads. All times are ticks; "monotonic" is a clock that nobody sets.
 */
public final class RetentionClock {

    private final long day;
    private long trusted;

    /** A point of the line on which time goes on as it should: a time, and when it was that time. */
    private long paceFrom;

    private long paceAt;
    private boolean observed;

    private boolean waiting;
    private boolean confirmed;
    private long jumpedTo;
    private long jumpedAt;

    /**
     * A clock that goes on where an earlier process left it.
     *
     * @param trusted how far it had come; 0 if it was never used, so that whatever it sees first is trusted
     * @param day ticks of 24 hours
     */
    public RetentionClock(long trusted, long day) {
        this.trusted = trusted;
        this.day = day;
    }

    /**
     * Takes note of the clocks and of the newest sample.
     *
     * @param wall ticks since 1970 by the wall clock
     * @param monotonic ticks by a clock that nobody sets
     * @param newest time of the newest accepted sample, {@link Long#MIN_VALUE} if there is none
     * @return whether a jump was noticed just now
     */
    public boolean observe(long wall, long monotonic, long newest) {
        if (!observed) {
            observed = true;
            paceFrom = trusted;
            paceAt = monotonic;
        }
        long candidate = Math.min(wall, newest);
        long expected = paceFrom + (monotonic - paceAt);
        boolean jumped = trusted > 0 && candidate - expected > day;
        boolean inStep = waiting && monotonic - jumpedAt >= day && candidate - jumpedTo >= day / 2;
        if (candidate < 0 || !jumped || confirmed || inStep) {
            waiting = false;
            confirmed = false;
            trusted = Math.max(trusted, candidate);
            if (candidate > expected) {
                paceFrom = candidate;
                paceAt = monotonic;
            }
            return false;
        }
        boolean first = !waiting;
        if (first) {
            waiting = true;
            jumpedTo = candidate;
            jumpedAt = monotonic;
        }
        return first;
    }

    /** How far the clock has come, in ticks; 0 if it has seen nothing. */
    public long trusted() {
        return Math.max(0, trusted);
    }

    /** Where the clock would jump to, or null if it waits for nothing. */
    public @Nullable Long waitsToJumpTo() {
        return waiting ? jumpedTo : null;
    }

    /** Somebody says that the clock is right: the next observation is trusted, if there is a jump to trust. */
    public void confirm() {
        confirmed = waiting;
    }
}
