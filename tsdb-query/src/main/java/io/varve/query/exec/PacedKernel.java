package io.varve.query.exec;

import io.varve.query.kernel.Row;
import io.varve.query.kernel.WindowKernel;
import io.varve.query.kernel.Windows;

/**
 * Applies a kernel to some steps after the other where the windows of one series are a lot of work, and asks in between
 * whether to go on: a query of one long series ends when its time is up, as one of many does.
 */
final class PacedKernel {

    /** Samples of windows between two questions. */
    private static final long SAMPLES = 1L << 24;

    private PacedKernel() {}

    static void apply(WindowKernel kernel, Windows windows, Row out, Runnable question) {
        int steps = windows.steps();
        boolean little = steps == 0 || (long) steps * windows.to()[steps - 1] <= SAMPLES;
        if (little || windows.summaries() != null) { // summaries are few
            kernel.apply(windows, out);
            return;
        }
        int from = 0;
        while (from < steps) {
            long samples = 0;
            int to = from;
            while (to < steps && samples < SAMPLES) {
                samples += windows.to()[to] - windows.from()[to];
                to++;
            }
            kernel.apply(from == 0 && to == steps ? windows : windows.steps(from, to), out);
            question.run();
            from = to;
        }
    }
}
