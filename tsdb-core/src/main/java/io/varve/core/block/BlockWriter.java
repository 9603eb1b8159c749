package io.varve.core.block;

import io.varve.codec.Effort;
import io.varve.codec.PageCodec;
import io.varve.core.fs.FileEnvelope;
import io.varve.core.fs.FileSystem;
import io.varve.core.index.ByteSink;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.model.Metadata;
import io.varve.core.model.StartTime;
import io.varve.core.storage.ColumnCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes one block, series by series in label order. Pages go to the file as they fill; memory holds the samples of the
 * current series (up to {@link #MAX_BUFFERED}, after which they stream), the pages of the current metric that {@link
 * ValueWriter} holds back, the time columns used last, and the directory
 * and labels of all series. Series without a sample leave no trace.
 *
 * <p>One thread. {@link #finish} returns with the file forced; the caller renames it into place and forces the
 * directory. Closing without it deletes the file. Format: {@code docs/format/block.md}.
 */
public final class BlockWriter implements AutoCloseable {

    private static final int MAX_BUFFERED = 1 << 20;

    private final FileSystem fs;
    private final String path;
    private final BlockHeader header;
    private final FileEnvelope.Header envelope;
    private final PageFile file;
    private final PageCodec codec;
    private final ColumnWriter columns;
    private final DirectoryWriter directory = new DirectoryWriter();
    private final StatisticsWriter statistics = new StatisticsWriter();
    private final ValueWriter pages;
    private final SeriesWriter labels = new SeriesWriter();
    private final KindsWriter kinds;

    private long[] times = new long[1_024];
    private double[] values = new double[1_024];
    private int buffered;
    private ColumnWriter.@Nullable LongColumn streamed;
    private @Nullable Labels current;
    private @Nullable Labels previous;
    private long lastTime;
    private boolean begun;
    private int series;
    private long timeIfEmpty;
    private long minTime = Long.MAX_VALUE;
    private long maxTime = Long.MIN_VALUE;
    private long samples;
    private boolean finished;
    private boolean closed;

    private BlockWriter(FileSystem fs, String path, BlockHeader header, Effort effort) throws IOException {
        this.codec = new PageCodec(effort);
        this.fs = fs;
        this.path = path;
        this.header = header;
        this.envelope = new FileEnvelope.Header(BlockFormat.KIND, BlockFormat.VERSION, header.id());
        this.file = new PageFile(fs, path);
        this.columns = new ColumnWriter(file, codec);
        this.pages = new ValueWriter(file, codec, effort, directory, statistics);
        this.kinds = new KindsWriter(file, columns, effort);
    }

    /**
     * Creates the file of a block.
     *
     * @param path where it is written; not yet its final name
     * @param effort how hard its pages are made small
     * @throws java.nio.file.FileAlreadyExistsException if there is such a file
     */
    public static BlockWriter create(FileSystem fs, String path, BlockHeader header, Effort effort) throws IOException {
        BlockWriter writer = new BlockWriter(fs, path, header, effort);
        writer.file.append(FileEnvelope.header(writer.envelope), 0, FileEnvelope.HEADER_BYTES);
        return writer;
    }

    /**
     * Begins a series.
     *
     * @throws IllegalArgumentException if it does not come after the previous one in label order
     */
    public void series(Labels next) throws IOException {
        endSeries();
        if (previous != null && previous.compareTo(next) >= 0) {
            throw new IllegalArgumentException(
                    "series in label order, each once: series=" + next + ", after=" + previous);
        }
        current = next;
        previous = next;
        begun = false;
        pages.series(next.get(Labels.NAME));
    }

    /**
     * Adds floats to the current series.
     *
     * @param from index of the first one in both arrays
     * @param count how many
     * @throws IllegalArgumentException if times do not increase strictly over the whole series
     */
    public void samples(long[] newTimes, double[] newValues, int from, int count) throws IOException {
        requireSeries();
        int at = from;
        int end = from + count;
        while (at < end) {
            int part = Math.min(end - at, MAX_BUFFERED - buffered);
            reserve(buffered + part);
            for (int i = 0; i < part; i++) {
                long time = newTimes[at + i];
                checkTime(time);
                times[buffered + i] = time;
            }
            System.arraycopy(newValues, at, values, buffered, part);
            buffered += part;
            at += part;
            if (buffered == MAX_BUFFERED) {
                streamBuffered();
            }
        }
    }

    private void requireSeries() {
        if (current == null) {
            throw new IllegalStateException("a series before its samples: path=" + path);
        }
    }

    private void checkTime(long time) {
        if (begun && time <= lastTime) {
            throw new IllegalArgumentException(
                    "times increase strictly: time=" + time + ", after=" + lastTime + ", series=" + current);
        }
        begun = true;
        lastTime = time;
    }

    /**
     * Adds the histograms of a cursor's page to the current series, in one order of times with its floats.
     *
     * @throws IllegalArgumentException if times do not increase strictly over the whole series
     */
    public void histograms(ColumnCursor page) throws IOException {
        requireSeries();
        for (int i = 0; i < page.size(); i++) {
            checkTime(page.times()[i]);
        }
        kinds.histograms(page.times(), page, page.size());
    }

    /** Sets the exemplars of the current series, in their order, each once; called at most once a series. */
    public void exemplars(List<Exemplar> exemplars) {
        requireSeries();
        kinds.exemplars(exemplars);
    }

    /** Sets the start times of the current series by ascending start, each once; called at most once a series. */
    public void starts(List<StartTime> starts) {
        requireSeries();
        kinds.starts(starts, begun);
    }

    /**
     * Sets what is known of metrics.
     *
     * @param time ticks for which the block stands if it has nothing with a time
     */
    public void metadata(Map<String, Metadata> metadata, long time) {
        kinds.metadata(metadata);
        timeIfEmpty = time;
    }

    private void reserve(int size) {
        if (size > times.length) {
            int length = Math.min(MAX_BUFFERED, Math.max(size, 2 * times.length));
            times = Arrays.copyOf(times, length);
            values = Arrays.copyOf(values, length);
        }
    }

    /** The series is too long to be compared with other columns: it gets one of its own, written as it comes. */
    private void streamBuffered() throws IOException {
        if (streamed == null) {
            streamed = columns.new LongColumn();
            minTime = Math.min(minTime, times[0]);
        }
        for (int row = 0; row < buffered; row += BlockFormat.PAGE_ROWS) {
            int rows = Math.min(BlockFormat.PAGE_ROWS, buffered - row);
            streamed.page(times, row, rows);
            pages.page(values, row, rows);
        }
        buffered = 0;
    }

    private void endSeries() throws IOException {
        Labels ended = current;
        if (ended == null || (buffered == 0 && streamed == null && !kinds.hasAny())) {
            return;
        }
        if (buffered == 0 && streamed == null) {
            pages.emptySeries();
        } else {
            endFloats();
        }
        kinds.endSeries(series++);
        labels.add(ended);
        current = null;
    }

    private void endFloats() throws IOException {
        if (streamed != null) {
            streamBuffered();
            pages.endSeries(streamed.finish(), 0, streamed.rows());
            samples += streamed.rows();
            streamed = null;
        } else {
            ColumnWriter.Place place = columns.place(times, buffered);
            int row = 0;
            while (row < buffered) {
                int inPage = (place.firstRow() + row) % BlockFormat.PAGE_ROWS;
                int rows = Math.min(BlockFormat.PAGE_ROWS - inPage, buffered - row);
                pages.page(values, row, rows);
                row += rows;
            }
            pages.endSeries(place.column(), place.firstRow(), buffered);
            minTime = Math.min(minTime, times[0]);
            samples += buffered;
        }
        maxTime = Math.max(maxTime, lastTime);
        buffered = 0;
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
        endSeries();
        pages.flush();
        List<BlockFormat.Section> sections = new ArrayList<>();
        ByteSink copies = columns.copies();
        add(sections, BlockFormat.COLUMNS, columns.finish());
        add(sections, BlockFormat.DIRECTORY, directory.finish());
        ByteSink symbols = labels.symbols();
        add(sections, BlockFormat.SERIES, labels.series());
        add(sections, BlockFormat.SYMBOLS, symbols);
        add(sections, BlockFormat.POSTINGS, labels.postings());
        add(sections, BlockFormat.STATISTICS, statistics.finish());
        add(sections, BlockFormat.COLUMN_COPIES, copies);
        ByteSink models = pages.models();
        if (models.size() > 0) {
            add(sections, BlockFormat.MODELS, models);
            add(sections, BlockFormat.MODEL_COPIES, models);
        }
        List<BlockFormat.Section> more = sections;
        kinds.finish((id, bytes) -> add(more, id, bytes));
        samples += kinds.samples();
        minTime = Math.min(minTime, kinds.minTime());
        maxTime = Math.max(maxTime, kinds.maxTime());
        if (minTime > maxTime && timeIfEmpty != 0) {
            minTime = timeIfEmpty;
            maxTime = timeIfEmpty;
        }
        BlockMeta meta = new BlockMeta(
                header, minTime, maxTime, directory.series(), samples, columns.columns(), directory.pages(), 0);
        byte[] tail = BlockFormat.encodeTail(meta, sections);
        long bytes = file.position() + tail.length + FileEnvelope.FOOTER_BYTES;
        file.append(tail, 0, tail.length);
        byte[] footer = FileEnvelope.footer(
                new FileEnvelope.Footer(envelope, bytes, tail.length, FileEnvelope.crc(tail, 0, tail.length)));
        file.append(footer, 0, footer.length);
        file.finish();
        finished = true;
        return new BlockMeta(header, minTime, maxTime, meta.series(), samples, meta.columns(), meta.pages(), bytes);
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
