package io.varve.core.telemetry.clock;

/**
 * What a remote clock shows more than the local one at a moment.
 *
 * @param offsetNanos remote minus local, in nanoseconds; positive when the remote clock is ahead
 * @param uncertaintyNanos the truth is at most this far from the offset, in nanoseconds, at least 0
 * @param driftPpm how much faster the remote clock runs, in millionths
 * @param ageNanos time from the newest exchange to the moment that was asked for, in nanoseconds, at least 0
 * @param exchanges number of exchanges that it stands on
 */
public record ClockEstimate(long offsetNanos, long uncertaintyNanos, double driftPpm, long ageNanos, int exchanges) {

    private static final ClockEstimate OWN = new ClockEstimate(0, 0, 0, 0, 0);

    /** That of one's own clock: no offset, nothing uncertain. */
    public static ClockEstimate own() {
        return OWN;
    }
}
