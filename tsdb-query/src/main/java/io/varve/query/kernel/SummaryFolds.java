package io.varve.query.kernel;

import io.varve.core.storage.PageSummary;

/** The functions of windows that summaries of pages answer. */
public final class SummaryFolds {

    private SummaryFolds() {}

    /** Number of samples. */
    public static SummaryFold count() {
        return new Count(false);
    }

    /** 1 where there is a sample. */
    public static SummaryFold present() {
        return new Count(true);
    }

    /** Compensated sum. */
    public static SummaryFold sum() {
        return new Sum(false);
    }

    /** Compensated mean. */
    public static SummaryFold mean() {
        return new Sum(true);
    }

    /** Smallest or largest sample, NaN only if all are. */
    public static SummaryFold extreme(boolean largest) {
        return new Extreme(largest);
    }

    /** The oldest sample. */
    public static SummaryFold first() {
        return new Ends(true);
    }

    /** The newest sample. */
    public static SummaryFold last() {
        return new Ends(false);
    }

    /** How often the value dropped. */
    public static SummaryFold resets() {
        return new Growth(false, false, true);
    }

    /**
     * The growth within each window, stretched to its edges; parameters as of {@link CounterKernels#growth(boolean,
     * boolean)}.
     */
    public static SummaryFold growth(boolean counter, boolean perSecond) {
        return new Growth(counter, perSecond, false);
    }

    private static final class Count extends SummaryFold {

        private final boolean presence;
        private long points;

        Count(boolean presence) {
            this.presence = presence;
        }

        @Override
        void begin() {
            points = 0;
        }

        @Override
        void sample(long time, double value) {
            points++;
        }

        @Override
        void page(PageSummary page, long first, long last) {
            points += page.points();
        }

        @Override
        void end(Windows windows, int step, Row out) {
            out.set(step, presence ? 1 : (double) points);
        }
    }

    private static final class Sum extends SummaryFold {

        /** A sum of so small parts cannot overflow. */
        private static final double SMALL = 0x1p-64;

        private final boolean mean;
        private final CompensatedSum sum = new CompensatedSum();
        private final CompensatedSum small = new CompensatedSum();
        private long points;

        Sum(boolean mean) {
            this.mean = mean;
        }

        @Override
        void begin() {
            sum.reset(-0.0);
            small.reset(-0.0);
            points = 0;
        }

        @Override
        void sample(long time, double value) {
            points++;
            add(value);
        }

        private void add(double value) {
            sum.add(value);
            if (mean) {
                small.add(value * SMALL);
            }
        }

        @Override
        void page(PageSummary page, long first, long last) {
            points += page.points();
            add(page.nans() > 0 ? Double.NaN : page.sum());
        }

        @Override
        void end(Windows windows, int step, Row out) {
            double all = sum.value();
            if (mean) {
                all = Double.isInfinite(all) ? small.value() / points / SMALL : all / points;
            }
            out.set(step, all);
        }
    }

    private static final class Extreme extends SummaryFold {

        private final boolean largest;
        private double found;

        Extreme(boolean largest) {
            this.largest = largest;
        }

        @Override
        void begin() {
            found = Double.NaN;
        }

        @Override
        void sample(long time, double value) {
            if (Double.isNaN(found) || (largest ? value > found : value < found)) {
                found = value;
            }
        }

        @Override
        void page(PageSummary page, long first, long last) {
            sample(last, largest ? page.max() : page.min());
        }

        @Override
        void end(Windows windows, int step, Row out) {
            out.set(step, found);
        }
    }

    private static final class Ends extends SummaryFold {

        private final boolean first;
        private boolean begun;
        private double value;

        Ends(boolean first) {
            this.first = first;
        }

        @Override
        void begin() {
            begun = false;
        }

        @Override
        void sample(long time, double sample) {
            if (!begun || !first) {
                value = sample;
                begun = true;
            }
        }

        @Override
        void page(PageSummary page, long firstTime, long lastTime) {
            sample(firstTime, first ? page.first() : page.last());
        }

        @Override
        void end(Windows windows, int step, Row out) {
            out.set(step, value);
        }
    }

    private static final class Growth extends SummaryFold {

        private final boolean counter;
        private final boolean perSecond;
        private final boolean countsResets;
        private final CompensatedSum correction = new CompensatedSum();
        private long points;
        private long resets;
        private long firstTime;
        private double firstValue;
        private long lastTime;
        private double lastValue;

        Growth(boolean counter, boolean perSecond, boolean countsResets) {
            this.counter = counter;
            this.perSecond = perSecond;
            this.countsResets = countsResets;
        }

        @Override
        void begin() {
            points = 0;
            resets = 0;
            correction.reset(0);
        }

        @Override
        void sample(long time, double value) {
            next(time, value);
            lastTime = time;
            lastValue = value;
            points++;
        }

        /** The value that comes next, whatever comes with it. */
        private void next(long time, double value) {
            if (points == 0) {
                firstTime = time;
                firstValue = value;
            } else if (value < lastValue) {
                resets++;
                correction.add(lastValue);
            }
        }

        @Override
        void page(PageSummary page, long first, long last) {
            next(first, page.first());
            resets += page.resets();
            correction.add(page.correction());
            lastTime = last;
            lastValue = page.last();
            points += page.points();
        }

        @Override
        void end(Windows windows, int step, Row out) {
            if (countsResets) {
                out.set(step, (double) resets);
            } else if (points > 1) {
                double growth = lastValue - firstValue + (counter ? correction.value() : 0);
                CounterKernels.Span span = new CounterKernels.Span(firstTime, firstValue, lastTime, points - 1);
                out.set(step, CounterKernels.extrapolate(windows, step, span, growth, counter, perSecond));
            }
        }
    }
}
