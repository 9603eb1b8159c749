package io.varve.query.plan;

/**
 * The windows of a request: (end - length, end] for each step, in ticks.
 *
 * @param steps ends of the windows
 * @param length of each
 */
public record Spans(Steps steps, long length) {

    /** Number of windows. */
    public int count() {
        return steps.count();
    }

    /** The end of a window, which is in it. */
    public long end(int step) {
        return steps.time(step);
    }

    /** The start of a window, which is not in it. */
    public long start(int step) {
        return Steps.minus(steps.time(step), length);
    }

    /** Where the first window starts. */
    public long first() {
        return start(0);
    }

    /** Whether no two windows have a tick in common. */
    public boolean areDisjoint() {
        return count() == 1 || length <= steps.step();
    }

    /** Whether all windows start and end with buckets of a width. */
    public boolean areWholeBuckets(long width) {
        return Math.floorMod(steps.start(), width) == 0 && steps.step() % width == 0 && length % width == 0;
    }

    /** The first window that ends at a time or later; may be {@link #count}. */
    public int firstEndingFrom(long time) {
        if (time <= steps.start()) {
            return 0;
        }
        if (time > steps.last()) {
            return count();
        }
        return (int) -Math.floorDiv(steps.start() - time, steps.step());
    }

    /** Whether a window holds a whole bucket. */
    public boolean holds(int step, long bucketEnd, long width) {
        return end(step) >= bucketEnd && start(step) <= bucketEnd - width;
    }

    /** Whether a window holds a tick of a bucket. */
    public boolean overlaps(int step, long bucketEnd, long width) {
        return end(step) > bucketEnd - width && start(step) < bucketEnd;
    }

    /** Whether a window holds a tick of a range. */
    public boolean reach(long from, long to) {
        int step = firstEndingFrom(from);
        return step < count() && start(step) < to;
    }
}
