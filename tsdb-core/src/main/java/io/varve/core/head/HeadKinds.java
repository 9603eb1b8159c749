package io.varve.core.head;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Metadata;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.StartTime;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Verdict;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a generation holds beside floats: histograms, exemplars, start times, and metadata. Costs nothing until the
 * first of a kind comes. Written by the agent alone, read by any thread at any time.
 */
public final class HeadKinds {

    private static final int METADATA_OVERHEAD = 160;
    private static final VarHandle SERIES = MethodHandles.arrayElementVarHandle(HistogramSeries[].class);

    private final FormSlabs slabs = new FormSlabs();
    private volatile @Nullable HistogramSeries @Nullable [] histograms;
    private long histogramBytes;
    /** Most exemplars that a generation keeps. */
    public static final int MAX_EXEMPLARS = HeadExemplars.MAX_IN_ALL;

    private final HeadExemplars exemplars = new HeadExemplars();
    private final HeadStarts starts = new HeadStarts();
    private final ConcurrentHashMap<String, Metadata> metadata = new ConcurrentHashMap<>();
    private long metadataBytes;

    HeadKinds() {}

    /** Histograms of a series, or null. */
    @Nullable
    HistogramSeries histograms(int series) {
        @Nullable HistogramSeries[] all = histograms;
        return all == null || series >= all.length ? null : (HistogramSeries) SERIES.getAcquire(all, series);
    }

    void applyHistogram(int series, long time, byte[] bytes, int offset, int length) {
        @Nullable HistogramSeries[] all = histograms;
        if (all == null || series >= all.length) {
            int room = Math.max(series + 1, all == null ? 64 : all.length + all.length / 2);
            all = all == null ? new @Nullable HistogramSeries[room] : Arrays.copyOf(all, room);
            histogramBytes += 4L * room;
            histograms = all;
        }
        HistogramSeries of = all[series];
        if (of == null) {
            of = new HistogramSeries(slabs);
            of.append(time, bytes, offset, length);
            histogramBytes += of.bytes();
            SERIES.setRelease(all, series, of);
        } else {
            histogramBytes -= of.bytes();
            of.append(time, bytes, offset, length);
            histogramBytes += of.bytes();
        }
    }

    /** Floats were applied: where there is a histogram at their time, they come after it. */
    void floatsCame(int[] series, long[] times, double[] values, int count) {
        if (histograms == null) {
            return;
        }
        for (int i = 0; i < count; i++) {
            HistogramSeries of = histograms(series[i]);
            if (of != null) {
                of.floatCame(times[i], StaleMarker.is(values[i]));
            }
        }
    }

    /** {@link Verdict#DUPLICATE} if the exemplar is here already, else {@link Verdict#ACCEPTED}. The agent alone. */
    public Verdict judgeExemplar(int series, long time, byte[] form, int offset, int length) {
        return exemplars.has(series, time, form, offset, length) ? Verdict.DUPLICATE : Verdict.ACCEPTED;
    }

    /** Keeps an exemplar; never refuses. The agent alone. */
    public void applyExemplar(int series, long time, byte[] form, int offset, int length) {
        exemplars.append(series, time, form, offset, length);
    }

    /** Adds the exemplars of a series in a range, in no order. */
    public void exemplars(int series, TimeRange range, List<Exemplar> target) {
        exemplars.read(series, range, target);
    }

    /** Whether an exemplar may lie in a range. */
    public boolean exemplarsOverlap(TimeRange range) {
        return !exemplars.isEmpty() && range.overlaps(exemplars.minTime(), exemplars.maxTime());
    }

    /** Exemplars that are kept. Any thread. */
    public int exemplarCount() {
        return exemplars.count();
    }

    /** Exemplars that had to go for want of room. */
    public long exemplarsEvicted() {
        return exemplars.evicted();
    }

    /** {@link Verdict#DUPLICATE} if the start is known already, else {@link Verdict#ACCEPTED}. The agent alone. */
    public Verdict judgeStart(int series, long start, long time) {
        return starts.isKnown(series, start, time) ? Verdict.DUPLICATE : Verdict.ACCEPTED;
    }

    /** Keeps a start time. The agent alone. */
    public void applyStart(int series, long start, long time) {
        starts.append(series, start, time);
    }

    /** Adds the start times of a series, in no order. */
    public void starts(int series, List<StartTime> target) {
        starts.read(series, target);
    }

    /** Whether there are any start times. */
    public boolean hasStarts() {
        return !starts.isEmpty();
    }

    /** {@link Verdict#DUPLICATE} if nothing would change, else {@link Verdict#ACCEPTED}. The agent alone. */
    public Verdict judgeMetadata(String metric, Metadata said) {
        return said.equals(metadata.get(metric)) ? Verdict.DUPLICATE : Verdict.ACCEPTED;
    }

    /** Keeps what is known of a metric. The agent alone. */
    public void applyMetadata(String metric, Metadata said) {
        Metadata before = metadata.put(metric, said);
        metadataBytes += textBytes(said) - (before == null ? -METADATA_OVERHEAD - metric.length() : textBytes(before));
    }

    private static long textBytes(Metadata said) {
        return (long) said.help().length() + said.unit().length();
    }

    /** What is known of metrics, by name; not to be changed. */
    public Map<String, Metadata> metadata() {
        return metadata;
    }

    /** Whether a series has something here beside floats. */
    public boolean has(int series) {
        return histograms(series) != null || exemplars.has(series) || starts.has(series);
    }

    /** Whether any series has exemplars or start times. */
    public boolean hasSides() {
        return !exemplars.isEmpty() || !starts.isEmpty();
    }

    /** Whether there is nothing at all. */
    public boolean isEmpty() {
        return histograms == null && !hasSides() && metadata.isEmpty();
    }

    /** Estimated memory in bytes. */
    public long bytes() {
        return slabs.bytes() + histogramBytes + exemplars.bytes() + starts.bytes() + metadataBytes;
    }
}
