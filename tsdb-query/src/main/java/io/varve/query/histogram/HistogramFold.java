package io.varve.query.histogram;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.ResetHint;
import io.varve.core.sketch.HistogramSum;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds up histograms, takes some away, and notes what is wrong with that: of a counter and a gauge a gauge is made, of
 * counters that know nothing in common of resets one of which nothing is known.
 */
public final class HistogramFold {

    private static final int[] NO_SPANS = {};
    /** What is taken of each histogram for a mean whose sum might overflow; exact, but for the smallest numbers. */
    private static final double PART = 0x1p-64;

    private static final double LIMIT = Double.MAX_VALUE / 4;
    private static final int CONTRADICTION = 1 << ResetHint.RESET.id() | 1 << ResetHint.NOT_RESET.id();

    private final HistogramSum sum = new HistogramSum();
    private final Set<Flaw> flaws;
    private @Nullable HistogramLayout first;
    private boolean differs;
    private boolean hasExponential;
    private boolean hasCustom;

    /** A bit for each hint that was seen. */
    private int hints;

    /** Of histograms of a mean: how many there are, and what no number of their sum is beyond. */
    private long averaged;

    private double reach;
    private boolean inParts;

    /**
     * A fold of nothing.
     *
     * @param flaws what is noted goes there
     */
    public HistogramFold(Set<Flaw> flaws) {
        this.flaws = flaws;
    }

    /** Forgets all histograms. */
    public HistogramFold clear() {
        sum.clear();
        first = null;
        differs = false;
        hasExponential = false;
        hasCustom = false;
        hints = 0;
        averaged = 0;
        reach = 0;
        inParts = false;
        return this;
    }

    /** Adds a histogram. */
    public HistogramFold add(Histogram histogram) {
        note(histogram);
        sum.add(histogram);
        return this;
    }

    /** Adds a histogram of which the {@link #mean} is wanted: that does not overflow where the sum does. */
    public HistogramFold average(Histogram histogram) {
        averaged++;
        if (!inParts) {
            reach += reach(histogram);
            if (reach > LIMIT) {
                inParts = true;
                Histogram whole = sum.total();
                if (whole != null) {
                    sum.clear();
                    sum.add(HistogramMath.times(whole, PART));
                }
            }
        }
        return add(inParts ? HistogramMath.times(histogram, PART) : histogram);
    }

    /** The largest number of a histogram; what is infinite stays so anyhow. */
    private static double reach(Histogram histogram) {
        double reach = Math.max(finite(histogram.sum()), finite(histogram.count()));
        reach = Math.max(reach, finite(histogram.zeroCount()));
        for (int i = 0; i < histogram.layout().buckets(); i++) {
            reach = Math.max(reach, finite(histogram.bucket(i)));
        }
        return reach;
    }

    private static double finite(double number) {
        return Double.isFinite(number) ? Math.abs(number) : 0;
    }

    /** The mean of what was added by {@link #average}; null as {@link #total} is. */
    public @Nullable Histogram mean() {
        Histogram total = total();
        return total == null ? null : HistogramMath.divided(total, inParts ? averaged * PART : averaged);
    }

    /** Takes a histogram away. */
    public HistogramFold subtract(Histogram histogram) {
        note(histogram);
        sum.subtract(histogram);
        return this;
    }

    /** Sees to it that the exponential buckets are as wide as those of a schema at least. */
    public void coarsen(int schema) {
        sum.align(Histogram.floating(
                HistogramLayout.exponential(schema, false, 0, NO_SPANS, NO_SPANS)
                        .withFloats(),
                ResetHint.UNKNOWN,
                0,
                0,
                0));
    }

    private void note(Histogram histogram) {
        hints |= 1 << histogram.hint().id();
        HistogramLayout layout = histogram.layout();
        boolean custom = layout.schema() == HistogramLayout.CUSTOM_SCHEMA;
        hasCustom |= custom;
        hasExponential |= !custom;
        HistogramLayout before = first;
        if (before == null) {
            first = layout;
        } else if (custom && !differs) {
            differs = !haveSameBounds(before, layout);
        }
    }

    private static boolean haveSameBounds(HistogramLayout a, HistogramLayout b) {
        if (a.bounds() != b.bounds()) {
            return false;
        }
        for (int i = 0; i < a.bounds(); i++) {
            if (a.bound(i) != b.bound(i)) {
                return false;
            }
        }
        return true;
    }

    /** Notes it if there were histograms that were reset and others that were not. */
    public HistogramFold checkResets() {
        if ((hints & CONTRADICTION) == CONTRADICTION && (hints & 1 << ResetHint.GAUGE.id()) == 0) {
            flaws.add(Flaw.CONTRADICTING_RESETS);
        }
        return this;
    }

    /** What there is in all; null if nothing was added, or if it cannot be in one histogram. */
    public @Nullable Histogram total() {
        Histogram total = hasCustom && hasExponential ? null : sum.total();
        if (total == null) {
            if (first != null) {
                flaws.add(Flaw.MIXED_BUCKETS);
            }
            return null;
        }
        if (differs) {
            flaws.add(Flaw.DIFFERENT_BOUNDS);
        }
        return total.withHint(hint());
    }

    private ResetHint hint() {
        if ((hints & 1 << ResetHint.GAUGE.id()) != 0) {
            return ResetHint.GAUGE;
        }
        return Integer.bitCount(hints) == 1 ? ResetHint.byId(Integer.numberOfTrailingZeros(hints)) : ResetHint.UNKNOWN;
    }
}
