package io.varve.core.block;

import io.varve.codec.Effort;
import io.varve.codec.bits.MalformedPageException;
import io.varve.core.fs.FileEnvelope;
import io.varve.core.index.ByteSource;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeRange;
import io.varve.core.sketch.ExponentialHistogram;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.RollupHistograms;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** One thread's reading of one block of rollups. Valid while the block's reader is retained. */
public final class RollupSession {

    private final BlockReader reader;
    private final BlockSession session;
    private final RollupSpan span;
    private final RollupPage page = new RollupPage(Effort.FAST);
    private byte[] bytes = new byte[4096];

    /** A reading of a block of rollups, on scratch memory that this thread lends. */
    public RollupSession(BlockReader reader, DecodeScratch scratch) {
        this.reader = reader;
        this.session = reader.session(scratch);
        this.span = Objects.requireNonNull(reader.meta().header().rollup(), "a block of rollups");
    }

    /** The labels of a series; going forward is cheap. */
    public Labels labels(int series) {
        return session.labels(series);
    }

    /**
     * The buckets of a series that hold some tick of a range. What is damaged is reported and left out.
     *
     * @param range ticks, both ends included
     * @param whole whether sketches and histograms are wanted too
     * @param budget charged before a page is decoded
     * @param holes takes what cannot be read
     */
    public RollupBuckets read(int series, TimeRange range, boolean whole, ReadBudget budget, Consumer<Hole> holes) {
        RollupBuckets found = new RollupBuckets(span.width());
        SparseTable table = reader.rollups();
        if (table == null || range.isEmpty() || !range.overlaps(span.from() + 1, span.to())) {
            return found;
        }
        try {
            ByteSource entry = table.find(series);
            if (entry == null) {
                throw new MalformedPageException(0, "an entry of a series");
            }
            RollupChunk chunk = new RollupChunk(entry);
            BlockColumns.Column column = column(chunk);
            long row = chunk.firstRow;
            for (int i = 0; i < chunk.pageRows.length; i++) {
                readPage(new Place(series, chunk, i, column, row), range, whole, budget, holes, found);
                row += chunk.pageRows[i];
            }
        } catch (MalformedPageException | UncheckedIOException | IndexOutOfBoundsException | InternalError e) {
            hole(series, span.covered(), range, e, holes);
        }
        return found;
    }

    /** A page of a series, and the row of its first bucket's end. */
    private record Place(int series, RollupChunk chunk, int number, BlockColumns.Column column, long row) {

        int rows() {
            return chunk.pageRows[number];
        }
    }

    private BlockColumns.Column column(RollupChunk chunk) {
        BlockColumns.Column column = session.column(chunk.column);
        if (chunk.firstRow + chunk.rows > column.rows) {
            throw new MalformedPageException(0, "rows up to " + column.rows + " of ends: found=" + chunk.rows);
        }
        return column;
    }

    private void readPage(
            Place place, TimeRange range, boolean whole, ReadBudget budget, Consumer<Hole> holes, RollupBuckets found) {
        if (place.rows() == 0) {
            return;
        }
        TimeRange extent = span.covered();
        boolean direct = false;
        try {
            long[] ends = ends(place);
            extent = TimeRange.of(ends[0] - span.width() + 1, ends[ends.length - 1]);
            if (!range.overlaps(extent.from(), extent.to())) {
                return;
            }
            RollupChunk chunk = place.chunk();
            budget.charge(place.rows(), bytes(chunk, place.number(), whole));
            direct = found.size() == 0 && range.from() <= extent.from() && range.to() >= extent.to();
            RollupBuckets all = direct ? found : new RollupBuckets(span.width());
            decode(place, ends, whole, all);
            for (int i = 0; !direct && i < all.size(); i++) {
                if (range.overlaps(ends[i] - span.width() + 1, ends[i])) {
                    found.add(all, i);
                }
            }
        } catch (MalformedPageException
                | UncheckedIOException
                | IndexOutOfBoundsException
                | IllegalArgumentException
                | InternalError e) {
            if (direct) {
                found.clear();
            }
            hole(place.series(), extent, range, e, holes);
        }
    }

    /**
     * Adds the sketches of buckets to histograms of a reader's choice. What is damaged is reported and left out.
     *
     * @param known buckets of this series that were read, ascending
     * @param targets by place among them; null for one that is not wanted
     */
    public void addSketches(
            int series,
            RollupBuckets known,
            ReadBudget budget,
            Consumer<Hole> holes,
            IntFunction<@Nullable ExponentialHistogram> targets) {
        if (known.size() == 0) {
            return;
        }
        TimeRange range = TimeRange.of(known.ends()[0] - span.width() + 1, known.ends()[known.size() - 1]);
        try {
            ByteSource entry = Objects.requireNonNull(reader.rollups(), "a directory of rollups")
                    .find(series);
            RollupChunk chunk = new RollupChunk(Objects.requireNonNull(entry, "an entry of a series"));
            BlockColumns.Column column = column(chunk);
            long row = chunk.firstRow;
            for (int i = 0; i < chunk.pageRows.length; i++) {
                addSketches(new Place(series, chunk, i, column, row), known, budget, holes, targets);
                row += chunk.pageRows[i];
            }
        } catch (MalformedPageException
                | UncheckedIOException
                | IndexOutOfBoundsException
                | NullPointerException
                | InternalError e) {
            hole(series, span.covered(), range, e, holes);
        }
    }

    private void addSketches(
            Place place,
            RollupBuckets known,
            ReadBudget budget,
            Consumer<Hole> holes,
            IntFunction<@Nullable ExponentialHistogram> targets) {
        RollupChunk chunk = place.chunk();
        int number = place.number();
        if (place.rows() == 0 || chunk.sketchLengths[number] == 0) {
            return;
        }
        long[] ends = ends(place);
        int[] rows = new int[ends.length];
        int at = 0;
        int wanted = 0;
        for (int i = 0; i < ends.length; i++) {
            while (at < known.size() && known.ends()[at] < ends[i]) {
                at++;
            }
            boolean there = at < known.size() && known.ends()[at] == ends[i];
            rows[i] = there ? at : -1;
            wanted += there ? 1 : 0;
        }
        if (wanted == 0) {
            return;
        }
        TimeRange extent = TimeRange.of(ends[0] - span.width() + 1, ends[ends.length - 1]);
        try {
            budget.charge(0, chunk.sketchLengths[number]);
            load(chunk.offsets[number] + chunk.lengths[number], chunk.sketchLengths[number], chunk.sketchCrcs[number]);
            page.addSketches(bytes, chunk.sketchLengths[number], ends.length, new SketchSums(known, rows, targets));
        } catch (MalformedPageException
                | UncheckedIOException
                | IndexOutOfBoundsException
                | IllegalArgumentException
                | InternalError e) {
            hole(place.series(), extent, extent, e, holes);
        }
    }

    private static long bytes(RollupChunk chunk, int page, boolean whole) {
        long decoded = 8L * chunk.lengths[page] + chunk.sketchLengths[page];
        return whole ? decoded + 8L * chunk.histogramLengths[page] : decoded;
    }

    private long[] ends(Place place) {
        long[] ends = new long[place.rows()];
        int copied = 0;
        while (copied < ends.length) {
            long row = place.row() + copied;
            int inPage = (int) (row % BlockFormat.PAGE_ROWS);
            long[] times = session.times(place.column(), (int) (row / BlockFormat.PAGE_ROWS));
            int part = Math.min(ends.length - copied, times.length - inPage);
            System.arraycopy(times, inPage, ends, copied, part);
            copied += part;
        }
        return ends;
    }

    private void decode(Place place, long[] ends, boolean whole, RollupBuckets target) {
        RollupChunk chunk = place.chunk();
        int number = place.number();
        long offset = chunk.offsets[number];
        load(offset, chunk.lengths[number], chunk.crcs[number]);
        page.read(bytes, chunk.lengths[number], ends, 0, ends.length, target);
        if (!whole) {
            return;
        }
        offset += chunk.lengths[number];
        if (chunk.sketchLengths[number] > 0) {
            load(offset, chunk.sketchLengths[number], chunk.sketchCrcs[number]);
            page.readSketches(bytes, chunk.sketchLengths[number], ends.length, target, 0);
        }
        offset += chunk.sketchLengths[number];
        load(offset, chunk.histogramLengths[number], chunk.histogramCrcs[number]);
        page.readHistograms(bytes, chunk.histogramLengths[number], ends.length, target, 0);
    }

    private void load(long offset, int length, int crc) {
        if (bytes.length < length) {
            bytes = new byte[Math.max(length, 2 * bytes.length)];
        }
        reader.region().copy(offset, bytes, 0, length);
        if (FileEnvelope.crc(bytes, 0, length) != crc) {
            throw new MalformedPageException(0, "page at offset " + offset + ": wrong checksum");
        }
    }

    private void hole(int series, TimeRange extent, TimeRange range, Throwable cause, Consumer<Hole> holes) {
        TimeRange missing = TimeRange.of(Math.max(extent.from(), range.from()), Math.min(extent.to(), range.to()));
        holes.accept(new Hole(1, missing, reader.path() + ": rollups of series " + series + ": " + cause.getMessage()));
    }

    /**
     * Reads all of a series, sketches and histograms included, and says what is wrong.
     *
     * @param findings takes a place and what is wrong there
     * @return number of buckets that should be there
     */
    long verify(int series, KindsVerifier.Findings findings) {
        ByteSource entry = Objects.requireNonNull(reader.rollups(), "a directory of rollups")
                .find(series);
        if (entry == null) {
            findings.find(0, "no rollups of series " + series);
            return 0;
        }
        RollupChunk chunk = new RollupChunk(entry);
        BlockColumns.Column column = column(chunk);
        long row = chunk.firstRow;
        for (int i = 0; i < chunk.pageRows.length; i++) {
            Place place = new Place(series, chunk, i, column, row);
            try {
                verifyPage(place, findings);
            } catch (MalformedPageException
                    | UncheckedIOException
                    | IndexOutOfBoundsException
                    | IllegalArgumentException e) {
                findings.find(chunk.offsets[i], "rollups of series " + series + ": " + e.getMessage());
            }
            row += chunk.pageRows[i];
        }
        return chunk.rows;
    }

    private void verifyPage(Place place, KindsVerifier.Findings findings) {
        RollupBuckets all = new RollupBuckets(span.width());
        decode(place, ends(place), true, all);
        for (int i = 0; i < all.size(); i++) {
            long end = all.ends()[i];
            boolean inside = end > span.from()
                    && end <= span.to()
                    && Math.floorMod(end, span.width()) == 0
                    && all.firstTimes()[i] > end - span.width()
                    && all.firstTimes()[i] <= all.lastTimes()[i]
                    && all.lastTimes()[i] <= end
                    && all.numbers()[i] >= 0
                    && all.nans()[i] >= 0
                    && all.stales()[i] >= 0;
            RollupHistograms histograms = all.histograms(i);
            inside &= histograms == null
                    || histograms.firstTime() > end - span.width()
                            && histograms.firstTime() <= histograms.lastTime()
                            && histograms.lastTime() <= end;
            if (!inside) {
                findings.find(
                        place.chunk().offsets[place.number()],
                        "a bucket of series " + place.series() + " out of place: end=" + end);
            }
            if (span.sketch()) {
                all.sketch(i);
            }
        }
    }
}
