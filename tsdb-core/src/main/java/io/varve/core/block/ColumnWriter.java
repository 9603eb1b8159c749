package io.varve.core.block;

import io.varve.codec.PageCodec;
import io.varve.core.fs.FileEnvelope;
import io.varve.core.index.ByteSink;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the distinct time columns of a block. The times of the columns used last stay in memory (at most {@link
 * #MAX_KEPT} columns and {@link #MAX_KEPT_TIMES} times), so that a series whose times are a run of one of them shares
 * it.
 */
final class ColumnWriter {

    private static final int MAX_KEPT = 64;
    private static final int MAX_KEPT_TIMES = 2 << 20;

    /** Copies of time columns may take one byte in so many of the file. */
    private static final long COPY_SHARE = 50;

    private final PageFile file;
    private final PageCodec codec;
    private final byte[] page = new byte[PageCodec.maxEncodedBytes(BlockFormat.PAGE_ROWS)];
    private final ByteSink entries = new ByteSink();
    private final ByteSink restarts = new ByteSink();
    private final Deque<Kept> kept = new ArrayDeque<>();
    private int keptTimes;
    private int columns;
    private long previousEnd;
    private long previousFirst;

    /** A column that series may still share. */
    private static final class Kept {
        final int id;
        final long[] times;
        final ByteSink encoded = new ByteSink();
        int users = 1;

        Kept(int id, long[] times) {
            this.id = id;
            this.times = times;
        }
    }

    /** Where a series' times stand: a column and the row of its first time. */
    record Place(int column, int firstRow) {}

    ColumnWriter(PageFile file, PageCodec codec) {
        this.file = file;
        this.codec = codec;
    }

    int columns() {
        return columns;
    }

    /** Finds the times in a column that is kept, or writes a new one. */
    Place place(long[] times, int count) throws IOException {
        Place shared = find(times, count);
        if (shared != null) {
            return shared;
        }
        int id = begin(count);
        Kept column = count <= MAX_KEPT_TIMES / 4 ? new Kept(id, Arrays.copyOf(times, count)) : null;
        for (int row = 0; row < count; row += BlockFormat.PAGE_ROWS) {
            page(times, row, Math.min(BlockFormat.PAGE_ROWS, count - row), column);
        }
        if (column != null) {
            keep(column);
        }
        return new Place(id, 0);
    }

    private @Nullable Place find(long[] times, int count) {
        for (Iterator<Kept> all = kept.iterator(); all.hasNext(); ) {
            Kept column = all.next();
            int row = Arrays.binarySearch(column.times, times[0]);
            if (row >= 0
                    && count <= column.times.length - row
                    && column.times[row + count - 1] == times[count - 1]
                    && Arrays.equals(column.times, row, row + count, times, 0, count)) {
                column.users++;
                all.remove();
                kept.addFirst(column);
                return new Place(column.id, row);
            }
        }
        return null;
    }

    private void keep(Kept column) {
        kept.addFirst(column);
        keptTimes += column.times.length;
        while (kept.size() > MAX_KEPT || keptTimes > MAX_KEPT_TIMES) {
            keptTimes -= kept.removeLast().times.length;
        }
    }

    /** Begins a column of the caller's, whose pages follow one by one; returns its number. */
    int begin(long rows) {
        if (columns % BlockFormat.STEP == 0) {
            restarts.u32(entries.size());
            previousEnd = 0;
            previousFirst = 0;
        }
        entries.varint(rows);
        return columns++;
    }

    private void page(long[] times, int from, int rows, @Nullable Kept column) throws IOException {
        int length = codec.encodeTimes(times, from, rows, page, 0);
        long offset = file.position();
        file.append(page, 0, length);
        if (column != null) {
            column.encoded.put(page, 0, length);
        }
        entry(entries, offset, length, FileEnvelope.crc(page, 0, length), times[from], times[from + rows - 1]);
    }

    private void entry(ByteSink out, long offset, int length, int crc, long first, long last) {
        out.zigzag(offset - previousEnd);
        out.varint(length);
        out.u32(crc);
        out.zigzag(first - previousFirst);
        out.varint(last - first);
        previousEnd = offset + length;
        previousFirst = first;
    }

    /** Pages of a column whose length is known only at its end, as it is too long to be kept in memory. */
    final class LongColumn {

        private record Page(long offset, int length, int crc, long first, long last) {}

        private final List<Page> pages = new ArrayList<>();
        private long rows;

        void page(long[] times, int from, int count) throws IOException {
            int length = codec.encodeTimes(times, from, count, page, 0);
            pages.add(new Page(
                    file.position(), length, FileEnvelope.crc(page, 0, length), times[from], times[from + count - 1]));
            file.append(page, 0, length);
            rows += count;
        }

        int finish() {
            int id = begin(rows);
            pages.forEach(p -> entry(entries, p.offset(), p.length(), p.crc(), p.first(), p.last()));
            return id;
        }

        long rows() {
            return rows;
        }
    }

    /** The section that says where the columns' pages are. */
    ByteSink finish() {
        return DirectoryWriter.table(columns, restarts, entries);
    }

    /**
     * Writes columns on which several series hang a second time, the most used first, within their share of the file;
     * a column of one series is no safer than that series' values.
     *
     * @return the section that says where the copies are
     */
    ByteSink copies() throws IOException {
        List<Kept> chosen = new ArrayList<>();
        long room = file.position() / COPY_SHARE;
        List<Kept> shared = new ArrayList<>(kept);
        shared.removeIf(column -> column.users < 2);
        shared.sort(Comparator.<Kept>comparingInt(column -> -column.users).thenComparingInt(column -> column.id));
        for (Kept column : shared) {
            if (column.encoded.size() <= room) {
                room -= column.encoded.size();
                chosen.add(column);
            }
        }
        ByteSink out = new ByteSink();
        out.varint(chosen.size());
        for (Kept column : chosen) {
            out.varint(column.id);
            out.varint(file.position());
            file.append(column.encoded.array(), 0, column.encoded.size());
        }
        return out;
    }
}
