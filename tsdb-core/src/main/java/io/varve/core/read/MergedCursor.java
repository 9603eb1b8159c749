package io.varve.core.read;

import io.varve.core.model.Histogram;
import io.varve.core.model.SampleKind;
import io.varve.core.model.StaleMarker;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.PageSummary;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Samples of one series from several cursors, in time order. Of equal times the later cursor wins, whatever its kind,
 * but a stale marker never replaces a value. Pages that overlap no other are passed on as they are, array identity of
 * times included; where pages overlap, a page ends where the kind changes.
 */
final class MergedCursor implements ColumnCursor {

    private static final int MERGED_PAGE = 4096;
    private static final double[] NO_VALUES = {};

    private Part[] parts = new Part[0];
    private int live;

    private boolean prefetched;
    private long[] times = new long[0];
    private double[] values = new double[0];
    private double[] mergedValues = new double[0];
    private int size;
    private SampleKind kind = SampleKind.FLOAT;

    /** Of a page that was passed on without being decoded: where it comes from. */
    private @Nullable ColumnCursor summarized;

    /** Of a page of histograms that was passed on: where it comes from, and its first one there. */
    private @Nullable ColumnCursor passed;

    private int passedFrom;

    /** Of a page of histograms that was merged: all of them. */
    private @Nullable Histogram[] merged = new @Nullable Histogram[0];

    /** Starts over with the cursors of a series, oldest log positions first. */
    void over(List<ColumnCursor> cursors) {
        if (parts.length < cursors.size()) {
            parts = new Part[cursors.size()];
            Arrays.setAll(parts, i -> new Part());
        }
        live = 0;
        prefetched = false;
        for (ColumnCursor cursor : cursors) {
            Part part = parts[live];
            part.cursor = cursor;
            if (part.load()) {
                live++;
            }
        }
    }

    /** Reads the first page ahead; false if there is none. */
    boolean prefetch() {
        prefetched = advance();
        return prefetched;
    }

    @Override
    public boolean nextPage() {
        if (prefetched) {
            prefetched = false;
            return true;
        }
        return advance();
    }

    private boolean advance() {
        while (true) {
            dropFinished();
            summarized = null;
            if (live == 0) {
                return false;
            }
            Part first = parts[0];
            for (int i = 1; i < live; i++) {
                if (parts[i].time() < first.time()) {
                    first = parts[i];
                }
            }
            long bound = Long.MAX_VALUE;
            boolean tie = false;
            for (int i = 0; i < live; i++) {
                if (parts[i] != first) {
                    bound = Math.min(bound, parts[i].time());
                    tie |= parts[i].time() == first.time();
                }
            }
            if (tie || first.times[first.from] >= bound) {
                if (!decodeSummarized()) {
                    mergeOverlap();
                    return true;
                }
                continue; // a damaged page has no samples left
            }
            int to = live == 1 ? first.size : first.lowerBound(bound);
            if (first.summary != null && (first.from > 0 || to < first.size)) {
                first.decode();
                continue;
            }
            pass(first, to);
            return true;
        }
    }

    /** Decodes the pages of all parts that were not; false if there are none. */
    private boolean decodeSummarized() {
        boolean any = false;
        for (int i = 0; i < live; i++) {
            if (parts[i].summary != null) {
                parts[i].decode();
                any = true;
            }
        }
        return any;
    }

    @Override
    public @Nullable PageSummary summary() {
        ColumnCursor of = summarized;
        return of == null ? null : of.summary();
    }

    @Override
    public boolean decode() {
        ColumnCursor of = summarized;
        summarized = null;
        if (of == null) {
            return true;
        }
        boolean sound = of.decode();
        times = of.times();
        values = of.values();
        size = of.size();
        return sound;
    }

    @Override
    public boolean isLast() {
        return live == 1 && parts[0].from == parts[0].size && parts[0].cursor.isLast();
    }

    @Override
    public boolean isFinite() {
        return live == 1 && parts[0].cursor.isFinite();
    }

    /** Moves parts to their next page where the current one is used up; finished ones leave, the order stays. */
    private void dropFinished() {
        int kept = 0;
        for (int i = 0; i < live; i++) {
            Part part = parts[i];
            if (part.from < part.size || part.load()) {
                parts[i] = parts[kept];
                parts[kept++] = part;
            }
        }
        live = kept;
    }

    private void pass(Part part, int to) {
        if (part.summary != null) {
            summarized = part.cursor;
        }
        size = to - part.from;
        kind = part.kind;
        if (kind == SampleKind.HISTOGRAM) {
            passed = part.cursor;
            passedFrom = part.from;
            times = part.from == 0 ? part.times : Arrays.copyOfRange(part.times, part.from, to);
        } else if (part.from == 0) {
            times = part.times;
            values = part.values;
        } else {
            times = Arrays.copyOfRange(part.times, part.from, to);
            values = scratch(size);
            System.arraycopy(part.values, part.from, values, 0, size);
        }
        part.from = to;
    }

    private double[] scratch(int count) {
        if (mergedValues.length < count) {
            mergedValues = new double[Math.max(count, MERGED_PAGE)];
        }
        return mergedValues;
    }

    /** Merges sample by sample until a page is full, some part needs its next page, or the kind changes. */
    private void mergeOverlap() {
        long[] out = new long[MERGED_PAGE];
        values = scratch(MERGED_PAGE);
        passed = null;
        int count = 0;
        boolean more = true;
        while (more && count < MERGED_PAGE) {
            long time = Long.MAX_VALUE;
            for (int i = 0; i < live; i++) {
                time = Math.min(time, parts[i].time());
            }
            Part winner = winner(time);
            if (count > 0 && winner.kind != kind) {
                break;
            }
            kind = winner.kind;
            if (kind == SampleKind.HISTOGRAM) {
                keepHistogram(count, winner.cursor.histogram(winner.from));
            } else {
                values[count] = winner.values[winner.from];
            }
            out[count++] = time;
            more = consume(time);
        }
        times = out;
        size = count;
    }

    /** Of the parts that stand at a time the last one, but a stale marker only if all are. */
    private Part winner(long time) {
        Part winner = parts[0];
        boolean found = false;
        for (int i = 0; i < live; i++) {
            Part part = parts[i];
            if (part.time() == time && (!found || !part.isStale() || winner.isStale())) {
                winner = part;
                found = true;
            }
        }
        return winner;
    }

    /** Moves all parts on that stand at a time; false if one of them needs its next page. */
    private boolean consume(long time) {
        boolean more = true;
        for (int i = 0; i < live; i++) {
            Part part = parts[i];
            if (part.time() == time) {
                part.from++;
                more &= part.from < part.size;
            }
        }
        return more;
    }

    private void keepHistogram(int place, Histogram histogram) {
        if (place >= merged.length) {
            merged = Arrays.copyOf(merged, Math.max(64, 2 * merged.length));
        }
        merged[place] = histogram;
    }

    @Override
    public SampleKind kind() {
        return kind;
    }

    @Override
    public Histogram histogram(int index) {
        if (kind != SampleKind.HISTOGRAM) {
            throw new IllegalStateException("a page of histograms: kind=" + kind + ", index=" + index);
        }
        Objects.checkIndex(index, size);
        ColumnCursor from = passed;
        if (from != null) {
            return from.histogram(passedFrom + index);
        }
        Histogram found = merged[index];
        return Objects.requireNonNull(found);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public long[] times() {
        return times;
    }

    @Override
    public double[] values() {
        return values;
    }

    /** A cursor and how far its current page is used up. */
    private static final class Part {

        private ColumnCursor cursor = NONE;
        private long[] times = new long[0];
        private double[] values = new double[0];
        private SampleKind kind = SampleKind.FLOAT;
        private @Nullable PageSummary summary;
        private int from;
        private int size;

        boolean load() {
            if (!cursor.nextPage()) {
                from = 0;
                size = 0;
                return false;
            }
            times = cursor.times();
            summary = cursor.summary();
            values = summary == null ? cursor.values() : NO_VALUES;
            kind = cursor.kind();
            from = 0;
            size = cursor.size();
            return true;
        }

        void decode() {
            cursor.decode();
            summary = null;
            times = cursor.times();
            values = cursor.values();
            size = cursor.size();
        }

        long time() {
            return times[from];
        }

        boolean isStale() {
            return kind == SampleKind.HISTOGRAM ? cursor.histogram(from).isStale() : StaleMarker.is(values[from]);
        }

        int lowerBound(long bound) {
            int at = Arrays.binarySearch(times, from, size, bound);
            return at >= 0 ? at : -at - 1;
        }
    }

    private static final ColumnCursor NONE = new ColumnCursor() {
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
    };
}
