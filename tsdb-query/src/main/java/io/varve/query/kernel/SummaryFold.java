package io.varve.query.kernel;

import io.varve.core.storage.PageSummary;

/**
 * A function of a window that is computed from summaries of pages and the samples between them, in order of time. Says
 * of the same window what the kernel over all samples says: counts, extremes, first and last values bit for bit, sums
 * and what is made of them to the rounding.
 */
public abstract class SummaryFold {

    /** A window begins. */
    abstract void begin();

    /** The next sample of the window. */
    abstract void sample(long time, double value);

    /** The next page, which has at least one point and no stale marker. */
    abstract void page(PageSummary page, long first, long last);

    /** The window ends: puts its value, or leaves the step empty. It had at least one point. */
    abstract void end(Windows windows, int step, Row out);

    /** The fold over all windows of a series. */
    public final WindowKernel kernel() {
        return (windows, out) -> {
            Summaries summaries = windows.summaries();
            int pages = summaries == null ? 0 : summaries.size();
            int next = 0;
            for (int step = 0; step < windows.steps(); step++) {
                long end = windows.end(step);
                long start = windows.start(step);
                while (summaries != null && next < pages && summaries.first(next) <= start) {
                    next++;
                }
                int at = windows.from()[step];
                int to = windows.to()[step];
                boolean any = at < to;
                begin();
                for (int i = next; summaries != null && i < pages && summaries.last(i) <= end; i++) {
                    at = samples(windows, at, Math.min(to, summaries.place(i)));
                    page(summaries.page(i), summaries.first(i), summaries.last(i));
                    any = true;
                }
                samples(windows, at, to);
                if (any) {
                    end(windows, step, out);
                }
            }
        };
    }

    private int samples(Windows windows, int from, int to) {
        for (int i = from; i < to; i++) {
            sample(windows.times()[i], windows.values()[i]);
        }
        return Math.max(from, to);
    }
}
