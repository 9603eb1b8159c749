package io.varve.core.block;

import io.varve.codec.Effort;
import io.varve.codec.PageCodec;
import io.varve.codec.ValueStatistics;
import io.varve.codec.bits.PageWriter;
import io.varve.codec.model.CodingModel;
import io.varve.codec.model.ModelTrainer;
import io.varve.core.index.ByteSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes the value pages of a block. Series of one metric tend to be distributed alike, and in a short block a page's
 * own table costs more than its data: so the pages of a metric are held back (up to {@link #MAX_VALUES} values), a
 * coding model is trained on them, and each page is written with it or alone, whichever is smaller. A model that does
 * not save more than it takes is dropped. Directory and statistics are told of pages and series in their order.
 */
final class ValueWriter {

    /** Most values that are held back. */
    private static final int MAX_VALUES = 1 << 16;

    /** Longer pages gain next to nothing from a model. */
    private static final int LONGEST_MODELLED = 2_048;

    /** Shorter pages have nothing to gain. */
    private static final int LEAST_BYTES = 10;

    /** A model of an earlier batch must save one byte in so many, or another one is trained. */
    private static final int LEAST_SAVING = 64;

    private final PageFile file;
    private final PageCodec codec;
    private final DirectoryWriter directory;
    private final StatisticsWriter statistics;

    /** Null if pages are to be made fast. */
    private final @Nullable ModelTrainer trainer;

    private final ValueStatistics gathered = new ValueStatistics();
    private final byte[] page = new byte[BlockSession.MAX_PAGE_BYTES];

    private final double[] values = new double[MAX_VALUES];
    private int held;
    private final List<Page> pages = new ArrayList<>();
    private final ByteSink encoded = new ByteSink();

    private String metric = "";
    private @Nullable CodingModel model;
    private int modelNumber = -1;
    private int models;
    private final ByteSink lengths = new ByteSink();
    private final ByteSink bytes = new ByteSink();

    /** A page that is held back, and what ends with it. */
    private static final class Page {
        final int from;
        final int rows;
        int at;
        int length;
        int modelledAt;
        int modelledLength = -1;

        @Nullable
        PageStatistics statistics;

        boolean endsSeries;
        int column;
        long firstRow;
        long seriesRows;

        Page(int from, int rows) {
            this.from = from;
            this.rows = rows;
        }
    }

    ValueWriter(PageFile file, PageCodec codec, Effort effort, DirectoryWriter directory, StatisticsWriter statistics) {
        this.file = file;
        this.codec = codec;
        this.trainer = effort == Effort.BEST ? new ModelTrainer() : null;
        this.directory = directory;
        this.statistics = statistics;
    }

    /** Begins a series of a metric. */
    void series(String name) throws IOException {
        if (!name.equals(metric)) {
            flush();
            metric = name;
            model = null;
            modelNumber = -1;
        }
    }

    /** Adds a page of the current series. */
    void page(double[] source, int from, int rows) throws IOException {
        if (rows > MAX_VALUES - held) {
            flush();
        }
        System.arraycopy(source, from, values, held, rows);
        pages.add(new Page(held, rows));
        held += rows;
    }

    /** Ends the current series, which has at least one page since the one before. */
    void endSeries(int column, long firstRow, long rows) throws IOException {
        if (pages.isEmpty()) {
            // Its last page has been written already.
            end(column, firstRow, rows);
            return;
        }
        Page last = pages.get(pages.size() - 1);
        last.endsSeries = true;
        last.column = column;
        last.firstRow = firstRow;
        last.seriesRows = rows;
    }

    /** Passes over a series that has no floats. */
    void emptySeries() throws IOException {
        flush();
        end(0, 0, 0);
    }

    private void end(int column, long firstRow, long rows) {
        directory.series(column, firstRow, rows);
        statistics.endSeries();
    }

    /** Writes all pages that are held back. */
    void flush() throws IOException {
        int candidates = 0;
        for (Page kept : pages) {
            kept.length = codec.encodeValues(values, kept.from, kept.rows, page, 0, gathered);
            kept.statistics = PageStatistics.of(gathered);
            kept.at = keep(kept.length);
            candidates += isCandidate(kept) ? 1 : 0;
        }
        if (candidates > 1 && trainer != null) {
            encodeWithModel(trainer);
        }
        for (Page kept : pages) {
            write(kept);
        }
        pages.clear();
        encoded.clear();
        held = 0;
    }

    private static boolean isCandidate(Page page) {
        return page.rows <= LONGEST_MODELLED && page.length >= LEAST_BYTES;
    }

    private int keep(int length) {
        int at = encoded.size();
        encoded.put(page, 0, length);
        return at;
    }

    private void encodeWithModel(ModelTrainer of) {
        CodingModel known = model;
        if (known != null) {
            long saved = tryModel(known, modelNumber);
            if (saved * LEAST_SAVING >= encoded.size()) {
                return;
            }
        }
        CodingModel trained = train(of);
        if (trained == null || models == BlockModels.MAX_MODELS) {
            return;
        }
        byte[] written = bytesOf(trained);
        // It is stored twice, since many pages hang on it.
        if (tryModel(trained, models) > 2L * written.length) {
            model = trained;
            modelNumber = models++;
            lengths.varint(written.length);
            bytes.put(written, 0, written.length);
        } else {
            for (Page refused : pages) {
                refused.modelledLength = -1;
            }
        }
    }

    private @Nullable CodingModel train(ModelTrainer of) {
        of.clear();
        int rows = 0;
        for (Page candidate : pages) {
            rows += isCandidate(candidate) ? candidate.rows : 0;
        }
        // Every page that fits, or an even choice of them.
        double share = Math.min(1, (double) ModelTrainer.CAPACITY / rows);
        double due = 1;
        for (Page candidate : pages) {
            if (isCandidate(candidate)) {
                due += share;
                if (due >= 1 && of.add(values, candidate.from, candidate.rows)) {
                    due -= 1;
                }
            }
        }
        return of.train();
    }

    private byte[] bytesOf(CodingModel trained) {
        PageWriter out = new PageWriter();
        byte[] room = new byte[BlockModels.MAX_BYTES];
        out.reset(room, 0);
        trained.write(out);
        return Arrays.copyOf(room, out.length());
    }

    /** Encodes pages with a model; returns the bytes that it saves. */
    private long tryModel(CodingModel tried, int number) {
        long saved = 0;
        for (Page candidate : pages) {
            candidate.modelledLength = -1;
            if (isCandidate(candidate)) {
                int length = codec.encodeValues(tried, number, values, candidate.from, candidate.rows, page, 0);
                if (length >= 0 && length < candidate.length) {
                    candidate.modelledLength = length;
                    candidate.modelledAt = keep(length);
                    saved += candidate.length - length;
                }
            }
        }
        return saved;
    }

    private void write(Page written) throws IOException {
        boolean modelled = written.modelledLength >= 0;
        int at = modelled ? written.modelledAt : written.at;
        int length = modelled ? written.modelledLength : written.length;
        System.arraycopy(encoded.array(), at, page, 0, length);
        long offset = file.position();
        file.append(page, 0, length);
        directory.page(offset, page, length);
        statistics.page(Objects.requireNonNull(written.statistics), written.rows, length);
        if (written.endsSeries) {
            end(written.column, written.firstRow, written.seriesRows);
        }
    }

    /** The section of the models: count, lengths, models; empty if there are none. */
    ByteSink models() {
        ByteSink out = new ByteSink();
        if (models > 0) {
            out.varint(models);
            out.put(lengths.array(), 0, lengths.size());
            out.put(bytes.array(), 0, bytes.size());
        }
        return out;
    }
}
