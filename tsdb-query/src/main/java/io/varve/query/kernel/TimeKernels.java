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
     * nothing else.
     */
    public static WindowKernel extreme(boolean largest) {
        return (windows, out) -> {
            Extremes extremes = new Extremes(windows, largest, true);
            for (int step = 0; step < windows.steps(); step++) {
                int to = windows.to()[step];
                if (to > windows.from()[step]) {
                    int place = extremes.of(step);
                    out.set(step, windows.seconds(windows.times()[place < 0 ? to - 1 : place]));
                }
            }
        };
    }
}
