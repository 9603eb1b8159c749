package io.varve.core.model;

/**
 * A range of ticks with both ends included; empty when {@code to < from}.
 *
 * @param from first tick of the range
 * @param to last tick of the range
 */
public record TimeRange(long from, long to) {

    /** Every representable time. */
    public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

    /** The range from {@code from} to {@code to}, both included. */
    public static TimeRange of(long from, long to) {
        return new TimeRange(from, to);
    }

    /** Whether the range holds no tick at all. */
    public boolean isEmpty() {
        return to < from;
    }

    /** Whether a tick lies in the range. */
    public boolean contains(long time) {
        return time >= from && time <= to;
    }

    /** Whether the ticks from {@code first} to {@code last}, both included, meet this range. */
    public boolean overlaps(long first, long last) {
        return first <= to && last >= from;
    }
}
