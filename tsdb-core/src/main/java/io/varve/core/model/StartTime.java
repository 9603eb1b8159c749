package io.varve.core.model;

/**
 * When a series began to count (a created timestamp). A sample counts from the latest start before it: as long as a
 * counter goes on, one start stands for all of its samples, and a sample without a start of its own needs none.
 *
 * @param start ticks at which the counting began
 * @param time ticks of the earliest sample that said so; after {@code start}
 */
public record StartTime(long start, long time) {

    /** @throws IllegalArgumentException if the counting began at or after the sample */
    public StartTime {
        if (start >= time) {
            throw new IllegalArgumentException("a start lies before its sample: start=" + start + ", time=" + time);
        }
    }
}
