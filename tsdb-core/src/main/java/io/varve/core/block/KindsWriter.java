package io.varve.core.block;

import io.varve.codec.Effort;
import io.varve.core.index.ByteSink;
import io.varve.core.kind.ExemplarForm;
import io.varve.core.kind.MetadataForm;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.model.Metadata;
import io.varve.core.model.StartTime;
import io.varve.core.storage.ColumnCursor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a block holds beside floats: histograms, whose times stand in time columns like any others, and the
 * sections of exemplars, metadata and start times. Memory holds the times of the current series, up to a limit.
 */
final class KindsWriter {

    /** Times that are held; a multiple of a page's rows. */
    private static final int MAX_HELD = 1 << 20;

    private final ColumnWriter columns;
    private final HistogramWriter histograms;
    private final SparseWriter exemplars = new SparseWriter();
    private final SparseWriter starts = new SparseWriter();
    private final TreeMap<String, Metadata> metadata = new TreeMap<>(Labels::compareCodePoints);

    private long[] times = new long[256];
    private int held;
    private ColumnWriter.@Nullable LongColumn streamed;
    private final ByteSink exemplarEntry = new ByteSink();
    private final ByteSink startEntry = new ByteSink();

    private long samples;
    private long minTime = Long.MAX_VALUE;
    private long maxTime = Long.MIN_VALUE;

    KindsWriter(PageFile file, ColumnWriter columns, Effort effort) {
        this.columns = columns;
        this.histograms = new HistogramWriter(file, effort);
    }

    /** Adds histograms of the current series, whose times were checked. */
    void histograms(long[] newTimes, ColumnCursor page, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            if (held == MAX_HELD) {
                stream();
            }
            if (held == times.length) {
                times = Arrays.copyOf(times, Math.min(MAX_HELD, 2 * held));
            }
            times[held++] = newTimes[i];
            histograms.append(page.histogram(i));
            seen(newTimes[i]);
        }
        samples += count;
    }

    private void seen(long time) {
        minTime = Math.min(minTime, time);
        maxTime = Math.max(maxTime, time);
    }

    /** The times are too many to be compared with other columns: they get one of their own. */
    private void stream() throws IOException {
        ColumnWriter.LongColumn column = streamed == null ? columns.new LongColumn() : streamed;
        streamed = column;
        for (int row = 0; row < held; row += BlockFormat.PAGE_ROWS) {
            column.page(times, row, Math.min(BlockFormat.PAGE_ROWS, held - row));
        }
        held = 0;
    }

    /** Sets the exemplars of the current series, in order. */
    void exemplars(List<Exemplar> all) {
        if (all.isEmpty()) {
            return;
        }
        exemplarEntry.varint(all.size());
        long before = 0;
        for (Exemplar exemplar : all) {
            exemplarEntry.zigzag(exemplar.time() - before);
            before = exemplar.time();
            ExemplarForm.write(exemplar, exemplarEntry);
            seen(exemplar.time());
        }
    }

    /**
     * Sets the start times of the current series, in order.
     *
     * @param besideSamples whether it has samples: they keep starts of any age, which then say nothing of how far back
     *     the block goes
     */
    void starts(List<StartTime> all, boolean besideSamples) {
        if (all.isEmpty()) {
            return;
        }
        startEntry.varint(all.size());
        long before = 0;
        long newest = Long.MIN_VALUE;
        for (StartTime start : all) {
            startEntry.zigzag(start.start() - before);
            before = start.start();
            startEntry.varint(start.time() - start.start());
            newest = Math.max(newest, start.time());
        }
        maxTime = Math.max(maxTime, newest);
        if (!besideSamples && exemplarEntry.size() == 0) {
            minTime = Math.min(minTime, newest);
        }
    }

    /** Sets what is known of metrics. */
    void metadata(Map<String, Metadata> all) {
        metadata.putAll(all);
    }

    /** Whether the current series has anything here. */
    boolean hasAny() {
        return held > 0 || streamed != null || exemplarEntry.size() > 0 || startEntry.size() > 0;
    }

    /** Ends the current series. */
    void endSeries(int number) throws IOException {
        ColumnWriter.LongColumn column = streamed;
        if (column != null) {
            stream();
            histograms.endSeries(number, column.finish(), 0, column.rows());
            streamed = null;
        } else if (held > 0) {
            ColumnWriter.Place place = columns.place(times, held);
            histograms.endSeries(number, place.column(), place.firstRow(), held);
        }
        held = 0;
        if (exemplarEntry.size() > 0) {
            exemplars.add(number, exemplarEntry);
            exemplarEntry.clear();
        }
        if (startEntry.size() > 0) {
            starts.add(number, startEntry);
            startEntry.clear();
        }
    }

    /** Takes each section that is not empty. */
    @FunctionalInterface
    interface Sections {
        /** A section with its id. */
        void add(int id, ByteSink bytes) throws IOException;
    }

    void finish(Sections sections) throws IOException {
        if (!histograms.isEmpty()) {
            sections.add(BlockFormat.HISTOGRAMS, histograms.finish());
        }
        if (!exemplars.isEmpty()) {
            sections.add(BlockFormat.EXEMPLARS, exemplars.finish());
        }
        if (!metadata.isEmpty()) {
            ByteSink out = new ByteSink();
            out.varint(metadata.size());
            metadata.forEach((metric, said) -> MetadataForm.write(metric, said, out));
            sections.add(BlockFormat.METADATA, out);
        }
        if (!starts.isEmpty()) {
            sections.add(BlockFormat.START_TIMES, starts.finish());
        }
    }

    /** Number of histograms. */
    long samples() {
        return samples;
    }

    /** Oldest time of a histogram, an exemplar, or what told the newest start of a series that has starts alone. */
    long minTime() {
        return minTime;
    }

    /** Newest such time. */
    long maxTime() {
        return maxTime;
    }
}
