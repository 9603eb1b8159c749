package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.FileEnvelope;
import io.varve.core.fs.FileSystem;
import io.varve.core.fs.UnsupportedFormatException;
import io.varve.core.model.Labels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads all of a block and says what is wrong with it: every checksum, every page, the order of series and times,
 * postings against series, statistics against values, totals. Never changes anything. One thread.
 */
public final class BlockVerifier {

    private static final int MAX_FINDINGS = 1_000;

    private final String path;
    private final List<Finding> findings = new ArrayList<>();
    private String id = "";
    private int series;
    private long samples;
    private long pages;
    private long bytes;

    /**
     * Something that is not as it was written.
     *
     * @param path the file
     * @param offset where in the file, or as near as is known
     * @param what what is wrong
     */
    public record Finding(String path, long offset, String what) {}

    /**
     * The result for one block.
     *
     * @param id which block it is, empty if it cannot be opened
     * @param findings what is wrong, at most 1000 entries; empty if the block is sound
     * @param series series that were read
     * @param samples samples that were read
     * @param pages pages of values and times that were read
     * @param bytes size of the file
     */
    public record Report(String id, List<Finding> findings, int series, long samples, long pages, long bytes) {

        /** Whether nothing is wrong. */
        public boolean isSound() {
            return findings.isEmpty();
        }
    }

    private BlockVerifier(String path) {
        this.path = path;
    }

    /**
     * Verifies one block.
     *
     * @throws IOException if the file cannot be read at all; damage is a finding instead
     */
    public static Report verify(FileSystem fs, String path) throws IOException {
        BlockVerifier verifier = new BlockVerifier(path);
        verifier.bytes = fs.size(path);
        try {
            BlockReader reader = BlockReader.open(fs, path);
            try {
                verifier.id = reader.meta().id();
                verifier.verify(reader);
            } finally {
                reader.release();
            }
        } catch (CorruptFileException e) {
            verifier.find(e.offset(), String.valueOf(e.getMessage()));
        } catch (UnsupportedFormatException e) {
            verifier.find(0, String.valueOf(e.getMessage()));
        }
        return new Report(
                verifier.id,
                List.copyOf(verifier.findings),
                verifier.series,
                verifier.samples,
                verifier.pages,
                verifier.bytes);
    }

    private void find(long offset, String what) {
        if (findings.size() < MAX_FINDINGS) {
            findings.add(new Finding(path, offset, what));
        }
    }

    private void verify(BlockReader reader) {
        verifyHeader(reader);
        for (int id : reader.damaged()) {
            BlockFormat.Section section =
                    Objects.requireNonNull(reader.sections().get(id));
            find(section.offset(), "wrong checksum of section " + id);
        }
        BlockSession session = reader.session();
        for (int column = 0; column < reader.columns().count(); column++) {
            guarded(column, "time column ", id -> verifyColumn(session, id));
        }
        @Nullable Labels[] previous = new @Nullable Labels[1];
        for (int i = 0; i < reader.meta().series(); i++) {
            guarded(i, "series ", id -> verifySeries(reader, session, id, previous));
        }
        guarded(0, "postings ", id -> verifyPostings(reader));
        if (reader.rollups() != null) {
            verifyRollups(reader);
        }
        KindsVerifier kinds = new KindsVerifier(reader, session, this::find);
        guarded(0, "histograms, section ", id -> kinds.verifyHistograms());
        guarded(0, "exemplars, section ", id -> kinds.verifyExemplars());
        guarded(0, "start times, section ", id -> kinds.verifyStarts());
        guarded(0, "metadata, section ", id -> kinds.verifyMetadata());
        samples += kinds.samples();
        pages += kinds.pages();
        expect("series", reader.meta().series(), series);
        expect("samples", reader.meta().samples(), samples);
    }

    private void verifyRollups(BlockReader reader) {
        RollupSession session = new RollupSession(reader, new DecodeScratch());
        for (int i = 0; i < reader.meta().series(); i++) {
            guarded(i, "rollups of series ", id -> samples += session.verify(id, this::find));
        }
        pages += reader.meta().pages();
    }

    /** A check of one thing, which may find it unreadable. */
    @FunctionalInterface
    private interface Check {
        void run(int id);
    }

    private void guarded(int id, String what, Check check) {
        try {
            check.run(id);
        } catch (RuntimeException | InternalError e) { // of whatever kind: a verifier reports and goes on
            find(0, what + id + ": " + e.getMessage());
        }
    }

    private void expect(String what, long expected, long found) {
        if (expected != found) {
            find(bytes, expected + " " + what + " by the tail, found " + found);
        }
    }

    private void verifyHeader(BlockReader reader) {
        byte[] header = new byte[FileEnvelope.HEADER_BYTES];
        reader.region().copy(0, header, 0, header.length);
        try {
            FileEnvelope.Header found =
                    FileEnvelope.parseHeader(path, BlockFormat.KIND, 1, BlockFormat.VERSION, header);
            if (!found.id().equals(reader.meta().id())) {
                find(0, "id " + reader.meta().id() + " by the footer, " + found.id() + " by the header");
            }
        } catch (CorruptFileException | UnsupportedFormatException e) {
            find(0, String.valueOf(e.getMessage()));
        }
    }

    private void verifyColumn(BlockSession session, int id) {
        BlockColumns.Column column = session.column(id);
        long before = 0;
        for (int page = 0; page < column.offsets.length; page++) {
            pages++;
            String damage = session.decodeTimes(column, page, column.offsets[page]);
            if (damage == null) {
                before = verifyOrder(session, column, page, before);
            } else {
                find(column.offsets[page], damage);
            }
            String copyDamage = column.copy < 0 ? null : session.decodeTimes(column, page, column.copyOf(page));
            if (copyDamage != null) {
                find(column.copyOf(page), "second copy: " + copyDamage);
            }
        }
    }

    private long verifyOrder(BlockSession session, BlockColumns.Column column, int page, long before) {
        long[] times = session.times(column, page);
        long last = before;
        for (int i = 0; i < times.length; i++) {
            if ((i > 0 || page > 0) && times[i] <= last) {
                find(column.offsets[page], "times do not increase: column=" + column.id + ", time=" + times[i]);
                break;
            }
            last = times[i];
        }
        return times[times.length - 1];
    }

    private void verifySeries(BlockReader reader, BlockSession session, int id, @Nullable Labels[] previous) {
        series++;
        Labels labels = session.labels(id);
        Labels before = previous[0];
        if (before != null && before.compareTo(labels) >= 0) {
            find(0, "series out of label order: series=" + id + ", labels=" + labels);
        }
        previous[0] = labels;
        List<@Nullable PageStatistics> statistics = session.statistics(id);
        ChunkRun chunks = session.chunks;
        chunks.load(reader.directory(), id);
        int place = id % BlockFormat.STEP;
        if (chunks.rows[place] == 0) {
            return; // a series without floats
        }
        long row = chunks.firstRow[place];
        long end = row + chunks.rows[place];
        BlockColumns.Column column = session.column(chunks.column[place]);
        if (end > column.rows) {
            find(0, "rows up to " + end + " of a column of " + column.rows + ": series=" + id);
            return;
        }
        int first = chunks.firstPage[place];
        for (int page = first; page < chunks.firstPage[place + 1]; page++) {
            long next = Math.min(end, (row / BlockFormat.PAGE_ROWS + 1) * BlockFormat.PAGE_ROWS);
            int rows = (int) (next - row);
            pages++;
            try {
                session.decodeValues(page, rows);
                samples += rows;
                PageStatistics expected = statistics.isEmpty() ? null : statistics.get(page - first);
                if (expected != null && !expected.equals(PageStatistics.of(session.values(), 0, rows))) {
                    find(chunks.offset[page], "statistics differ from the values: series=" + id);
                }
            } catch (MalformedPageException | UncheckedIOException | IndexOutOfBoundsException e) {
                samples += rows;
                find(chunks.offset[page], "series " + id + ": " + e.getMessage());
            }
            row = next;
        }
    }

    private void verifyPostings(BlockReader reader) {
        BlockIndex index = (BlockIndex) reader.index();
        if (!index.sameAs(PostingsTable.rebuilt(reader.series(), index.pairs()))) {
            BlockFormat.Section section = reader.sections().get(BlockFormat.POSTINGS);
            find(section == null ? 0 : section.offset(), "postings differ from the series");
        }
        List<String> names = index.labelNames();
        if (!isSorted(names)) {
            find(0, "label names out of order");
        }
        for (String name : names) {
            if (!isSorted(index.labelValues(name))) {
                find(0, "values out of order: name=" + name);
            }
        }
    }

    private static boolean isSorted(List<String> texts) {
        for (int i = 1; i < texts.size(); i++) {
            if (Labels.compareCodePoints(texts.get(i - 1), texts.get(i)) >= 0) {
                return false;
            }
        }
        return true;
    }
}
