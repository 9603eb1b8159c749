package io.varve.query.kernel;

/** When something happened within windows, in seconds since 1970. */
public final class TimeKernels {

    private TimeKernels() {}

    /** The time of the oldest sample. */
    public static void first(Windows windows, Row out) {
        for (int step = 0; step < windows.steps(); step++) {
            if (windows.to()[step] > windows.from()[step]) {
                out.set(step, windows.seconds(windows.times()[windows.from()[step]]));
            }
        }
    }

    /** The time of the newest sample. */
    public static void last(Windows windows, Row out) {
        for (int step = 0; step < windows.steps(); step++) {
            if (windows.to()[step] > windows.from()[step]) {
                out.set(step, windows.seconds(windows.times()[windows.to()[step] - 1]));
            }
        }
    }

    /**
     * The time of the smallest or largest sample, of equal ones that of the newest; NaN counts only where there is
     * nothing else. Each sample enters and leaves a queue once, as for the extreme itself.
     */
    public static WindowKernel extreme(boolean largest) {
        return (windows, out) -> {
            double[] values = windows.values();
            int steps = windows.steps();
            int[] queue = new int[steps == 0 ? 0 : windows.to()[steps - 1]];
            int head = 0;
            int tail = 0;
            int next = 0;
            for (int step = 0; step < steps; step++) {
                int from = windows.from()[step];
                int to = windows.to()[step];
                if (to <= from) {
                    continue;
                }
                for (next = Math.max(next, from); next < to; next++) {
                    double value = values[next];
                    if (Double.isNaN(value)) {
                        continue;
                    }
                    while (tail > head && yields(values[queue[tail - 1]], value, largest)) {
                        tail--;
                    }
                    queue[tail++] = next;
                }
                while (head < tail && queue[head] < from) {
                    head++;
                }
                out.set(step, windows.seconds(windows.times()[head < tail ? queue[head] : to - 1]));
            }
        };
    }

    private static boolean yields(double old, double value, boolean largest) {
        return largest ? old <= value : old >= value;
    }
}
