package io.varve.query.plan;

import io.varve.query.kernel.WindowTimes;
import io.varve.query.kernel.Windows;

/**
 * Which samples lie in the window of which step, computed once for each time column: windows are open on the left,
 * (end - range, end].
 */
public final class WindowBounds {

    private final int count;
    private final long firstEnd;
    private final long step;
    private final long range;
    private final long before;
    private final long after;
    private final double ticksPerSecond;
    private final int[] from;
    private final int[] to;
    private final WindowTimes derived = new WindowTimes();
    private long version = -1;

    /**
     * Bounds for windows that end at {@code firstEnd + i * step}.
     *
     * @param range length of a window, ticks
     */
    public WindowBounds(int count, long firstEnd, long step, long range, double ticksPerSecond) {
        this(count, firstEnd, step, range, 0, 0, ticksPerSecond);
    }

    /**
     * Bounds that are wider than the windows.
     *
     * @param before how much earlier than a window its samples begin, ticks
     * @param after how much later they end, ticks
     */
    public WindowBounds(
            int count, long firstEnd, long step, long range, long before, long after, double ticksPerSecond) {
        this.count = count;
        this.firstEnd = firstEnd;
        this.step = step;
        this.range = range;
        this.before = before;
        this.after = after;
        this.ticksPerSecond = ticksPerSecond;
        this.from = new int[count];
        this.to = new int[count];
    }

    /** The windows over what a reader holds. */
    public Windows over(SampleReader reader) {
        if (reader.version() != version) {
            long[] times = reader.times();
            int size = reader.size();
            int first = 0;
            int behind = 0;
            for (int i = 0; i < count; i++) {
                long end = firstEnd + i * step + after;
                long start = Steps.minus(end, range + before + after);
                while (behind < size && times[behind] <= end) {
                    behind++;
                }
                while (first < behind && times[first] <= start) {
                    first++;
                }
                from[i] = first;
                to[i] = behind;
            }
            version = reader.version();
            derived.change();
        }
        return new Windows(
                reader.times(),
                reader.values(),
                from,
                to,
                count,
                firstEnd,
                step,
                range,
                ticksPerSecond,
                derived,
                reader.histograms(),
                reader.summaries());
    }
}
