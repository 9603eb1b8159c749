package io.varve.core.block;

import io.varve.codec.Effort;
import io.varve.codec.PageCodec;
import io.varve.core.fs.FileEnvelope;
import io.varve.core.fs.FileSystem;
import io.varve.core.index.ByteSink;
import io.varve.core.model.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes one block of rollups, series by series in label order. Memory holds the buckets of one series, the columns of
 * ends used last, and the directory and labels of all series.
 *
 * <p>One thread. {@link #finish} returns with the file forced; the caller renames it into place and forces the
 * directory. Closing without it deletes the file. Format: {@code docs/format/block.md}.
 */
public final class RollupWriter implements AutoCloseable {

    private final FileSystem fs;
    private final String path;
    private final BlockHeader header;
    private final RollupSpan span;
    private final FileEnvelope.Header envelope;
    private final PageFile file;
    private final ColumnWriter columns;
    private final SeriesWriter labels = new SeriesWriter();
    private final DirectoryWriter floats = new DirectoryWriter();
    private final SparseWriter directory = new SparseWriter();
    private final RollupPage pages = new RollupPage(Effort.BEST);
    private final ByteSink page = new ByteSink();
    private final ByteSink entry = new ByteSink();
    private @Nullable Labels previous;
    private int series;
    private long buckets;
    private long pageCount;
    private boolean finished;
    private boolean closed;

    private RollupWriter(FileSystem fs, String path, BlockHeader header) throws IOException {
        this.fs = fs;
        this.path = path;
        this.header = header;
        this.span = Objects.requireNonNull(header.rollup(), "the header of a rollup");
        this.envelope = new FileEnvelope.Header(BlockFormat.KIND, BlockFormat.VERSION, header.id());
        this.file = new PageFile(fs, path);
        this.columns = new ColumnWriter(file, new PageCodec(Effort.BEST));
    }

    /**
     * Creates the file of a block.
     *
     * @param path where it is written; not yet its final name
     * @param header says what it covers
     * @throws java.nio.file.FileAlreadyExistsException if there is such a file
     */
    public static RollupWriter create(FileSystem fs, String path, BlockHeader header) throws IOException {
        RollupWriter writer = new RollupWriter(fs, path, header);
        writer.file.append(FileEnvelope.header(writer.envelope), 0, FileEnvelope.HEADER_BYTES);
        return writer;
    }

    /**
     * Adds a series with its buckets, which were read whole; one without buckets leaves no trace.
     *
     * @throws IllegalArgumentException if it does not come after the previous one in label order, or a bucket is not
     *     one of those that the block covers
     */
    public void series(Labels next, RollupBuckets of) throws IOException {
        if (previous != null && previous.compareTo(next) >= 0) {
            throw new IllegalArgumentException(
                    "series in label order, each once: series=" + next + ", after=" + previous);
        }
        previous = next;
        int rows = of.size();
        if (rows == 0) {
            return;
        }
        boolean inside = of.ends[0] > span.from() && of.ends[rows - 1] <= span.to() && of.width() == span.width();
        if (!inside) {
            throw new IllegalArgumentException(
                    "buckets within what is covered: first=" + of.ends[0] + ", covered=" + span);
        }
        ColumnWriter.Place place = columns.place(of.ends, rows);
        entry.clear();
        entry.varint(place.column());
        entry.varint(place.firstRow());
        entry.varint(rows);
        int count = 0;
        for (int from = 0; from < rows; from += RollupPage.rows(of, from)) {
            count++;
        }
        entry.varint(count);
        long end = 0;
        int some;
        for (int from = 0; from < rows; from += some) {
            some = RollupPage.rows(of, from);
            end = page(of, from, some, end);
        }
        floats.series(0, 0, 0);
        directory.add(series++, entry);
        labels.add(next);
        buckets += rows;
    }

    private long page(RollupBuckets of, int from, int rows, long end) throws IOException {
        page.clear();
        pages.write(of, from, rows, page);
        long offset = file.position();
        entry.varint(rows);
        entry.zigzag(offset - end);
        append();
        if (!span.sketch() || of.sketches() == null) {
            entry.varint(0);
        } else {
            page.clear();
            pages.writeSketches(of, from, rows, page);
            append();
        }
        page.clear();
        pages.writeHistograms(of, from, rows, page);
        if (page.size() == 0) {
            entry.varint(0);
        } else {
            append();
        }
        pageCount++;
        return file.position();
    }

    private void append() throws IOException {
        entry.varint(page.size());
        entry.u32(FileEnvelope.crc(page.array(), 0, page.size()));
        file.append(page.array(), 0, page.size());
    }

    /**
     * Writes the rest of the block and forces the file. Nothing more can be written.
     *
     * @return what the block is and holds
     */
    public BlockMeta finish() throws IOException {
        if (finished || closed) {
            throw new IllegalStateException("an open writer: path=" + path);
        }
        List<BlockFormat.Section> sections = new ArrayList<>();
        ByteSink copies = columns.copies();
        add(sections, BlockFormat.COLUMNS, columns.finish());
        add(sections, BlockFormat.DIRECTORY, floats.finish());
        ByteSink symbols = labels.symbols();
        add(sections, BlockFormat.SERIES, labels.series());
        add(sections, BlockFormat.SYMBOLS, symbols);
        add(sections, BlockFormat.POSTINGS, labels.postings());
        add(sections, BlockFormat.COLUMN_COPIES, copies);
        add(sections, BlockFormat.ROLLUPS, directory.finish());
        BlockMeta meta = new BlockMeta(
                header, span.covered().from(), span.to(), series, buckets, columns.columns(), pageCount, 0);
        byte[] tail = BlockFormat.encodeTail(meta, sections);
        long bytes = file.position() + tail.length + FileEnvelope.FOOTER_BYTES;
        file.append(tail, 0, tail.length);
        byte[] footer = FileEnvelope.footer(
                new FileEnvelope.Footer(envelope, bytes, tail.length, FileEnvelope.crc(tail, 0, tail.length)));
        file.append(footer, 0, footer.length);
        file.finish();
        finished = true;
        return new BlockMeta(header, meta.minTime(), meta.maxTime(), series, buckets, meta.columns(), pageCount, bytes);
    }

    private void add(List<BlockFormat.Section> sections, int id, ByteSink bytes) throws IOException {
        sections.add(file.section(id, bytes.array(), bytes.size()));
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            try {
                file.close();
            } finally {
                if (!finished) {
                    fs.delete(path);
                }
            }
        }
    }
}
