package io.varve.query.plan;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.sketch.ExponentialHistogram;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Querier;
import io.varve.core.storage.RollupCursor;
import io.varve.core.storage.RollupSet;
import io.varve.core.storage.SeriesSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * The series of a selection with buckets of rollups in place of the samples that have expired (ADR 0034): each moment
 * of a series is told by a bucket or by samples, never by both. Those of which buckets alone are left are among them.
 * One thread.
 */
public final class RolledSeries implements SeriesSet {

    private final SeriesWalk walk = new SeriesWalk();
    private final RolledPlan plan;
    private final List<Hole> holes = new ArrayList<>();
    private Labels current = Labels.EMPTY;
    private ColumnCursor columns = Nothing.CURSOR;

    /** What buckets were used for, so that it can be told. */
    private final TreeSet<Long> used = new TreeSet<>();

    private long samplesFrom = Long.MIN_VALUE;
    private boolean cut;
    private boolean inexact;
    private boolean withHistograms;
    private double relativeError;

    /**
     * Series with rollups.
     *
     * @param raw the samples, closed with this
     * @param plan which buckets may answer
     * @param querier of the rollups, opened after that of the samples
     */
    public RolledSeries(SeriesSet raw, RolledPlan plan, Querier querier, Matcher... matchers) {
        this.plan = plan;
        walk.add(raw);
        for (long width : plan.widths()) {
            walk.add(width, querier.rollups(width, matchers));
        }
    }

    @Override
    public boolean next() {
        for (Labels labels = walk.next(); labels != null; labels = walk.next()) {
            List<BucketSummary> buckets = buckets();
            List<ColumnCursor> raw = walk.columns();
            if (!buckets.isEmpty() || !raw.isEmpty()) {
                current = labels;
                ColumnCursor samples = raw.isEmpty() ? Nothing.CURSOR : raw.get(0);
                boolean plain = buckets.isEmpty() && plan.lookback() == 0;
                columns = plain ? samples : new RolledCursor(samples, buckets, plan.lookback());
                return true;
            }
        }
        holes.addAll(walk.holes());
        return false;
    }

    private List<BucketSummary> buckets() {
        List<BucketSummary> found = new ArrayList<>();
        for (SeriesWalk.Buckets of : walk.buckets()) {
            RollupSet set = of.set();
            long width = of.width();
            long from = set.samplesFrom();
            samplesFrom = Math.max(samplesFrom, from);
            for (RollupCursor page = set.buckets(); page.nextPage(); ) {
                for (int i = 0; i < page.size(); i++) {
                    long end = page.ends()[i];
                    if (end - width + 1 < from && plan.holds(width, end)) {
                        add(page, i, width, found);
                    }
                }
            }
        }
        found.sort(Comparator.comparingLong(BucketSummary::end));
        return found;
    }

    private void add(RollupCursor page, int index, long width, List<BucketSummary> found) {
        withHistograms |= page.histograms(index) != null;
        if (page.numbers()[index] + page.nans()[index] == 0) {
            return;
        }
        BucketSummary bucket = new BucketSummary(page, index, width, plan.sketched());
        if (plan.sketched()) {
            ExponentialHistogram sketch = bucket.sketch();
            if (sketch == null) {
                return;
            }
            relativeError = Math.max(relativeError, sketch.relativeError());
        }
        used.add(width);
        inexact |= !page.isExact(index);
        cut |= plan.isCut(bucket.firstTime(), bucket.lastTime());
        found.add(bucket);
    }

    @Override
    public Labels labels() {
        return current;
    }

    @Override
    public ColumnCursor columns() {
        return columns;
    }

    @Override
    public List<Hole> holes() {
        return List.copyOf(holes);
    }

    /** Widths in ticks of the buckets that stood for samples, ascending; none if nothing had expired. */
    public List<Long> used() {
        return List.copyOf(used);
    }

    /** Whether a window began or ended between the samples of such a bucket, which is in no such window then. */
    public boolean isCut() {
        return cut;
    }

    /** Whether a part of windows had neither samples nor buckets that answer, though others are there. */
    public boolean isPartial() {
        return plan.leavesOut(samplesFrom);
    }

    /** Whether such a bucket does not know of samples or deletions that came late. */
    public boolean isInexact() {
        return inexact;
    }

    /** Whether there are histograms in such buckets, which are passed over. */
    public boolean hasHistograms() {
        return withHistograms;
    }

    /** The widest relative error of the sketches that were read. */
    public double relativeError() {
        return relativeError;
    }

    @Override
    public void close() {
        walk.close();
    }

    /** No samples. */
    private static final class Nothing implements ColumnCursor {

        static final ColumnCursor CURSOR = new Nothing();

        @Override
        public boolean nextPage() {
            return false;
        }

        @Override
        public int size() {
            return 0;
        }

        @Override
        public long[] times() {
            return new long[0];
        }

        @Override
        public double[] values() {
            return new double[0];
        }
    }
}
