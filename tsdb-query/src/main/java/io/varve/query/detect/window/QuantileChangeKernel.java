package io.varve.query.detect.window;

import io.varve.core.model.Histogram;
import io.varve.core.model.ResetHint;
import io.varve.core.sketch.HistogramResets;
import io.varve.query.histogram.Flaw;
import io.varve.query.histogram.HistogramEstimates;
import io.varve.query.histogram.HistogramFold;
import io.varve.query.kernel.Row;
import io.varve.query.kernel.WindowKernel;
import io.varve.query.kernel.Windows;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A detector over a quantile of native histograms: each sample counts as the quantile of what was observed since the
 * one before, a gauge as its own, and samples without observations are passed over. Floats are left out. One thread.
 */
public final class QuantileChangeKernel implements WindowKernel {

    private final double[] q;
    private final DetectorKernel detectors;
    private final Set<Flaw> flaws;
    private final Pace pace;
    private final HistogramFold fold;
    private final HistogramEstimates estimates;

    /**
     * A kernel.
     *
     * @param q quantile for each step, from 0 to 1
     * @param detectors takes values as increases
     * @param flaws what is noted goes there
     * @param question asked now and then; throws to end
     */
    public QuantileChangeKernel(double[] q, DetectorKernel detectors, Set<Flaw> flaws, Runnable question) {
        this.q = q;
        this.detectors = detectors;
        this.flaws = flaws;
        this.pace = new Pace(question);
        this.fold = new HistogramFold(flaws);
        this.estimates = new HistogramEstimates(flaws);
    }

    @Override
    public void apply(Windows windows, Row out) {
        @Nullable Histogram @Nullable [] histograms = windows.histograms();
        if (histograms == null) {
            return;
        }
        int first = 0;
        while (first < windows.steps()) { // one pass for all steps, unless q differs
            int behind = first + 1;
            while (behind < windows.steps() && q[behind] == q[first]) {
                behind++;
            }
            boolean all = first == 0 && behind == windows.steps();
            detectors.apply(quantiles(all ? windows : windows.steps(first, behind), histograms, q[first]), out);
            first = behind;
        }
    }

    /** The same windows over quantiles; NaN where nothing was observed. */
    private Windows quantiles(Windows windows, @Nullable Histogram[] histograms, double one) {
        int begin = windows.from()[0];
        int end = Math.max(begin, windows.to()[windows.steps() - 1]);
        long[] times = new long[end - begin];
        double[] values = new double[end - begin];
        int[] before = new int[end - begin + 1]; // how many of the samples before each are histograms
        int size = 0;
        Histogram last = null;
        for (int i = begin; i < end; i++) {
            Histogram histogram = histograms[i];
            before[i - begin] = size;
            if (histogram == null) {
                flaws.add(Flaw.FLOATS_IGNORED);
                continue;
            }
            times[size] = windows.times()[i];
            values[size++] = value(last, histogram, one);
            last = histogram;
            pace.worked(256);
        }
        before[end - begin] = size;
        int[] from = new int[windows.steps()];
        int[] to = new int[windows.steps()];
        for (int step = 0; step < windows.steps(); step++) {
            from[step] = before[windows.from()[step] - begin];
            to[step] = before[Math.max(windows.from()[step], windows.to()[step]) - begin];
        }
        return new Windows(
                times,
                values,
                from,
                to,
                windows.steps(),
                windows.firstEnd(),
                windows.step(),
                windows.range(),
                windows.ticksPerSecond());
    }

    private double value(@Nullable Histogram before, Histogram now, double one) {
        if (before == null) {
            return Double.NaN;
        }
        if (now.hint() == ResetHint.GAUGE) {
            return estimates.quantile(one, now);
        }
        fold.clear().add(now);
        if (!HistogramResets.isReset(before, now)) {
            fold.subtract(before);
        }
        Histogram increase = fold.total();
        return increase == null || !(increase.count() > 0) ? Double.NaN : estimates.quantile(one, increase);
    }
}
