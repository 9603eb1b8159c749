package io.varve.query.percentile;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.sketch.HistogramSum;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Querier;
import io.varve.core.storage.Queryable;
import io.varve.core.storage.RollupCursor;
import io.varve.core.storage.RollupHistograms;
import io.varve.core.storage.RollupSet;
import io.varve.core.storage.SeriesSet;
import io.varve.query.plan.Notes;
import io.varve.query.plan.QueryBudget;
import io.varve.query.plan.RollupPlan;
import io.varve.query.plan.SeriesWalk;
import io.varve.query.plan.Spans;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what there is of a series, samples and buckets of rollups, and adds it to a group: each moment from one of the
 * two. Reused for one series after the other; one thread.
 */
final class SeriesReading {

    private final Queryable store;
    private final QueryBudget budget;
    private final Spans spans;
    private final RollupPlan plan;
    private final long lookback;
    private final Notes notes;

    private final SeriesSamples samples = new SeriesSamples();
    private final Counter counter = new Counter();
    private final HistogramCounter histograms = new HistogramCounter();
    private final List<UsedBucket> used = new ArrayList<>();
    private final List<TimeRange> usedRanges = new ArrayList<>();
    private final List<TimeRange> unmet = new ArrayList<>();

    /** Bounds of the windows over the floats of the series before, which series of one scrape have in common. */
    private long[] boundTimes = new long[0];

    private int[] from = new int[0];
    private int[] to = new int[0];

    /**
     * A reading.
     *
     * @param lookback how old, at a window's start, the sample may be from which counters are measured; ticks
     */
    SeriesReading(Queryable store, QueryBudget budget, Spans spans, RollupPlan plan, long lookback, Notes notes) {
        this.store = store;
        this.budget = budget;
        this.spans = spans;
        this.plan = plan;
        this.lookback = lookback;
        this.notes = notes;
    }

    /**
     * Adds the walk's current series to a group.
     *
     * @param bound upper bound of the bucket of a classic histogram that the series is, or null if it is none
     */
    void add(Labels labels, SeriesWalk walk, @Nullable Double bound, Group group) {
        used.clear();
        usedRanges.clear();
        unmet.clear();
        for (SeriesWalk.Buckets buckets : walk.buckets()) {
            readBuckets(buckets, bound != null, group);
        }
        mergeRanges();
        samples.clear();
        for (ColumnCursor columns : walk.columns()) {
            samples.add(columns, usedRanges);
        }
        readUnmet(labels);
        samples.order();
        addHistograms(group);
        if (bound != null) {
            addCounter(bound, group);
        } else if (samples.size() > 0) {
            addFloats(group);
        }
    }

    private void readBuckets(SeriesWalk.Buckets buckets, boolean counts, Group group) {
        RollupSet set = buckets.set();
        long width = buckets.width();
        long samplesFrom = set.samplesFrom();
        for (RollupCursor page = set.buckets(); page.nextPage(); ) {
            boolean[] sketched = new boolean[page.size()];
            boolean any = false;
            for (int i = 0; i < sketched.length; i++) {
                if (judge(page, i, width, samplesFrom)) {
                    RollupHistograms kept = page.histograms(i);
                    if (counts || kept != null) {
                        used.add(UsedBucket.of(page, i, kept));
                    }
                    sketched[i] = !counts && page.numbers()[i] + page.nans()[i] > 0;
                    any |= sketched[i];
                }
            }
            if (any) {
                page.addSketches(i -> sketched[i] ? group.sketches().target(page.ends()[i], width) : null);
            }
        }
        if (plan.first()) {
            for (TimeRange touched : set.touched()) {
                addUnmet(touched, width, samplesFrom);
            }
        }
    }

    /** Whether a bucket answers for its time; if samples do, and are not read anyway, that is noted. */
    private boolean judge(RollupCursor page, int index, long width, long samplesFrom) {
        long end = page.ends()[index];
        if (!plan.holds(width, end)) {
            return false;
        }
        boolean gone = end - width + 1 < samplesFrom;
        boolean exact = page.isExact(index);
        if (!gone && (!plan.first() || !exact)) {
            if (plan.first()) {
                unmet.add(TimeRange.of(end - width + 1, end));
            }
            return false;
        }
        if (!exact) {
            notes.warn("some buckets of rollups do not know of samples or deletions that came late, and their samples "
                    + "have expired: intervals may miss the exact answer");
        }
        usedRanges.add(TimeRange.of(end - width + 1, end));
        return true;
    }

    /** Buckets that samples came to late, where the samples are there. */
    private void addUnmet(TimeRange touched, long width, long samplesFrom) {
        for (long end = touched.from() + width - 1; end <= touched.to(); end += width) {
            if (plan.holds(width, end) && end - width + 1 >= samplesFrom) {
                unmet.add(TimeRange.of(end - width + 1, end));
            }
        }
    }

    /** Sorts ranges of used buckets, and joins those that follow each other. */
    private void mergeRanges() {
        usedRanges.sort(Comparator.comparingLong(TimeRange::from));
        int last = -1;
        for (int i = 0; i < usedRanges.size(); i++) {
            TimeRange range = usedRanges.get(i);
            if (last >= 0 && usedRanges.get(last).to() + 1 >= range.from()) {
                usedRanges.set(last, TimeRange.of(usedRanges.get(last).from(), range.to()));
            } else {
                usedRanges.set(++last, range);
            }
        }
        usedRanges.subList(last + 1, usedRanges.size()).clear();
    }

    /** Reads samples in the time of buckets that do not answer, which the plan reads none for. */
    private void readUnmet(Labels labels) {
        for (RollupPlan.Segment segment : unmet.isEmpty() ? List.<RollupPlan.Segment>of() : plan.segments()) {
            long first = Long.MAX_VALUE;
            long last = Long.MIN_VALUE;
            for (TimeRange range : unmet) {
                if (segment.holds(range.to()) && range.from() >= segment.from()) {
                    first = Math.min(first, range.from());
                    last = Math.max(last, range.to());
                }
            }
            if (last >= first) {
                read(labels, TimeRange.of(first, last));
            }
        }
    }

    private void read(Labels labels, TimeRange range) {
        Matcher[] matchers = new Matcher[labels.size()];
        for (int i = 0; i < matchers.length; i++) {
            matchers[i] = Matcher.equal(labels.name(i), labels.value(i));
        }
        try (Querier querier = store.querier(range, budget);
                SeriesSet set = querier.select(matchers)) {
            while (set.next()) {
                if (set.labels().equals(labels)) {
                    samples.add(set.columns(), usedRanges);
                    break;
                }
            }
            notes.holes(set.holes());
        }
    }

    private void addFloats(Group group) {
        int size = samples.size();
        if (boundTimes.length != size || !Arrays.equals(boundTimes, 0, size, samples.times(), 0, size)) {
            bounds();
        }
        int last = to[to.length - 1];
        int first = from[0];
        if (last > first) {
            budget.charge(0, 8L * (last - first));
            group.raw().add(samples.keys(0, last), from, to);
        }
    }

    private void bounds() {
        budget.charge(0, 8L * spans.count() + 8L * samples.size());
        boundTimes = Arrays.copyOf(samples.times(), samples.size());
        from = new int[spans.count()];
        to = new int[spans.count()];
        int first = 0;
        int behind = 0;
        for (int step = 0; step < spans.count(); step++) {
            while (behind < boundTimes.length && boundTimes[behind] <= spans.end(step)) {
                behind++;
            }
            while (first < behind && boundTimes[first] <= spans.start(step)) {
                first++;
            }
            from[step] = first;
            to[step] = behind;
        }
    }

    private void addCounter(double bound, Group group) {
        counter.clear();
        used.sort(Comparator.comparingLong(UsedBucket::end));
        int next = 0;
        for (int i = 0; i < samples.size(); i++) {
            long time = samples.times()[i];
            while (next < used.size() && used.get(next).end() < time) {
                counter.add(used.get(next++));
            }
            counter.add(time, samples.value(i));
        }
        while (next < used.size()) {
            counter.add(used.get(next++));
        }
        if (counter.size() < 2) {
            return;
        }
        ClassicBuckets buckets = group.classic();
        if (!buckets.knows(bound)) {
            budget.charge(0, ClassicBuckets.bytes(spans.count()));
        }
        for (int step = 0; step < spans.count(); step++) {
            double increase = counter.increase(spans.start(step), spans.end(step), lookback);
            if (!Double.isNaN(increase)) {
                buckets.add(bound, step, increase);
            }
        }
    }

    private void addHistograms(Group group) {
        histograms.clear();
        used.sort(Comparator.comparingLong(UsedBucket::end));
        int next = 0;
        for (SeriesSamples.At sample : samples.histograms()) {
            while (next < used.size() && used.get(next).end() < sample.time()) {
                addHistograms(used.get(next++));
            }
            histograms.add(sample.time(), sample.histogram());
        }
        while (next < used.size()) {
            addHistograms(used.get(next++));
        }
        HistogramSum sum = new HistogramSum();
        for (int step = 0; !histograms.isEmpty() && step < spans.count(); step++) {
            sum.clear();
            if (histograms.addWindow(spans.start(step), spans.end(step), lookback, sum)) {
                Histogram observed = sum.total();
                if (observed == null) {
                    notes.warn("native histograms of a series that no layout holds together were passed over: custom "
                            + "bounds and exponential buckets in one window");
                } else {
                    group.histograms().add(step, observed);
                }
            }
        }
    }

    private void addHistograms(UsedBucket bucket) {
        RollupHistograms kept = bucket.histograms();
        if (kept != null && !histograms.add(kept)) {
            notes.warn(
                    "a bucket of rollups does not tell the sum of its native histograms: they have layouts that none "
                            + "holds together");
        }
    }
}
