package io.varve.query.correlate;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.ResetHint;
import io.varve.core.model.StaleMarker;
import io.varve.core.sketch.HistogramResets;
import io.varve.query.Correlations.Measure;
import io.varve.query.detect.RobustScale;
import io.varve.query.histogram.Flaw;
import io.varve.query.histogram.HistogramEstimates;
import io.varve.query.histogram.HistogramFold;
import io.varve.query.plan.SampleReader;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one series after the other as a measure: gauges as they are, counters by their growth since the sample
 * before, native histograms by the rate and the 99th percentile of what was observed since then. A measure stands at
 * the time of the later sample, when it became known. Reused; one thread.
 */
final class Measured {

    private static final double PERCENTILE = 0.99;
    /** A gauge that only ever rose, so often, counts as a counter. */
    private static final int RISES = 10;

    private static final List<String> SUFFIXES = List.of("_total", "_count", "_sum", "_bucket");

    private final double ticksPerSecond;
    private final Set<Flaw> flaws =
            EnumSet.noneOf(Flaw.class); // of no interest: what does not go together is passed over
    private final HistogramFold fold = new HistogramFold(flaws);
    private final HistogramEstimates estimates = new HistogramEstimates(flaws);
    private long[] times = new long[0];
    private double[] values = new double[0];
    private int size;
    private long appeared = Long.MIN_VALUE;

    Measured(double ticksPerSecond) {
        this.ticksPerSecond = ticksPerSecond;
    }

    /** What a series is measured by. */
    static List<Measure> measures(SampleReader samples, Labels labels) {
        if (samples.histograms() != null) {
            return List.of(Measure.P99, Measure.RATE);
        }
        return List.of(isCounter(samples, labels.get(Labels.NAME)) ? Measure.RATE : Measure.VALUE);
    }

    private static boolean isCounter(SampleReader samples, String name) {
        if (SUFFIXES.stream().anyMatch(name::endsWith)) {
            return true;
        }
        int rises = 0;
        for (int i = 1; i < samples.size(); i++) {
            double before = samples.values()[i - 1];
            double now = samples.values()[i];
            if (!(now >= before) || before < 0) {
                return false;
            }
            rises += now > before ? 1 : 0;
        }
        return rises >= RISES && 2 * rises >= samples.size() && samples.values()[0] >= 0;
    }

    /** Takes the samples of a series. */
    void of(SampleReader samples, Measure measure) {
        if (times.length < samples.size() + 1) {
            times = new long[samples.size() + samples.size() / 2 + 1];
            values = new double[times.length];
        }
        size = 0;
        appeared = Long.MIN_VALUE;
        if (samples.histograms() != null) {
            histograms(samples, measure == Measure.P99);
        } else if (measure == Measure.RATE) {
            rates(samples);
        } else {
            for (int i = 0; i < samples.size(); i++) {
                put(samples.times()[i], samples.values()[i], StaleMarker.is(samples.values()[i]));
            }
        }
    }

    /** Adds a measure; NaN that is no end is passed over. */
    private void put(long time, double value, boolean isEnd) {
        if (isEnd || !Double.isNaN(value)) {
            times[size] = time;
            values[size++] = isEnd ? Double.NaN : RobustScale.cut(value);
        }
    }

    private void rates(SampleReader samples) {
        int before = -1;
        for (int i = 0; i < samples.size(); i++) {
            double now = samples.values()[i];
            if (StaleMarker.is(now)) {
                put(samples.times()[i], now, true);
                before = -1;
            } else if (!Double.isNaN(now)) {
                if (before >= 0) {
                    double last = samples.values()[before];
                    double growth = now < last ? now : now - last;
                    put(samples.times()[i], growth / seconds(samples, before, i), false);
                } else if (appeared == Long.MIN_VALUE) {
                    appeared = samples.times()[i];
                }
                before = i;
            }
        }
    }

    private double seconds(SampleReader samples, int before, int now) {
        return (samples.times()[now] - samples.times()[before]) / ticksPerSecond;
    }

    private void histograms(SampleReader samples, boolean percentile) {
        @Nullable Histogram @Nullable [] all = samples.histograms();
        int before = -1;
        for (int i = 0; all != null && i < samples.size(); i++) {
            Histogram now = all[i];
            if (now == null || now.isStale()) {
                if (now != null) {
                    put(samples.times()[i], 0, true);
                }
                before = -1;
                continue;
            }
            Histogram observed = now;
            double span = 1;
            if (now.hint() != ResetHint.GAUGE) {
                Histogram last = before < 0 ? null : all[before];
                observed = last == null ? null : increase(last, now);
                span = before < 0 ? 1 : seconds(samples, before, i);
            }
            if (observed != null && percentile && observed.count() > 0) {
                put(samples.times()[i], estimates.quantile(PERCENTILE, observed), false);
            } else if (observed != null && !percentile) {
                put(samples.times()[i], observed.count() / span, false);
            }
            before = i;
        }
        flaws.clear();
    }

    private @Nullable Histogram increase(Histogram before, Histogram now) {
        fold.clear().add(now);
        if (!HistogramResets.isReset(before, now)) {
            fold.subtract(before);
        }
        return fold.total();
    }

    /**
     * Brings the measure to a grid: the mean of what came since the grid's time before, else the last one before if
     * it is not older than the lookback. A counter that appears within the range is taken to have stood still before.
     *
     * @param lookback ticks
     * @param out as many as the grid has times; NaN for none
     * @return how many there are
     */
    int onto(Grid grid, long lookback, double[] out) {
        Arrays.fill(out, 0, grid.count(), Double.NaN);
        int next = 0;
        int found = 0;
        double last = Double.NaN;
        long lastTime = Long.MIN_VALUE;
        boolean appears = appeared > grid.start() + grid.step();
        for (int i = 0; i < grid.count(); i++) {
            long end = grid.time(i);
            double sum = 0;
            int count = 0;
            for (; next < size && times[next] <= end; next++) {
                last = values[next];
                lastTime = times[next];
                if (lastTime > end - grid.step() && !Double.isNaN(last)) {
                    sum += last;
                    count++;
                }
            }
            if (count > 0) {
                out[i] = sum / count;
            } else if (!Double.isNaN(last) && end - lastTime < lookback) {
                out[i] = last;
            } else if (appears && end < appeared) {
                out[i] = 0;
            }
            found += Double.isNaN(out[i]) ? 0 : 1;
        }
        return found;
    }
}
