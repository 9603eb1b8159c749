package io.varve.core.block;

import io.varve.codec.Effort;
import io.varve.codec.histogram.HistogramPageCodec;
import io.varve.core.fs.FileEnvelope;
import io.varve.core.index.ByteSink;
import io.varve.core.kind.HistogramPages;
import io.varve.core.model.Histogram;
import io.varve.core.model.SampleKind;
import java.io.IOException;

/**
 * Writes the histogram pages of a block as they fill, and the directory of where they are. A page ends after {@link
 * BlockFormat#PAGE_ROWS} histograms or {@link #MAX_NUMBERS} bucket counts, wherever the pages of its time column end.
 */
final class HistogramWriter {

    /** Most bucket counts of a page of several histograms, zero buckets included. */
    static final int MAX_NUMBERS = 1 << 16;

    private final PageFile file;
    private final HistogramPageCodec codec;
    private final HistogramPages page = new HistogramPages();
    private final SparseWriter directory = new SparseWriter();
    private final ByteSink entry = new ByteSink();
    private final ByteSink pages = new ByteSink();
    private byte[] bytes = new byte[1 << 16];
    private int pageCount;
    private long end;

    HistogramWriter(PageFile file, Effort effort) {
        this.file = file;
        this.codec = new HistogramPageCodec(effort);
    }

    /** Adds a histogram of the current series. */
    void append(Histogram histogram) throws IOException {
        int rows = page.columns().size();
        int numbers = page.numbers() + 1 + histogram.layout().buckets();
        if (rows > 0 && (rows == BlockFormat.PAGE_ROWS || numbers > MAX_NUMBERS)) {
            flush();
        }
        if (!page.append(histogram)) {
            flush();
            if (!page.append(histogram)) {
                throw new AssertionError("BUG: a page without room for one histogram: " + histogram.layout());
            }
        }
    }

    private void flush() throws IOException {
        int room = HistogramPageCodec.maxEncodedBytes(page.columns());
        if (bytes.length < room) {
            bytes = new byte[room];
        }
        int length = codec.encode(page.columns(), bytes, 0);
        long offset = file.position();
        file.append(bytes, 0, length);
        pages.varint(page.columns().size());
        pages.zigzag(offset - end);
        pages.varint(length);
        pages.u32(FileEnvelope.crc(bytes, 0, length));
        end = offset + length;
        pageCount++;
        page.clear();
    }

    /** Ends the current series, which has at least one histogram. */
    void endSeries(int series, int column, long firstRow, long rows) throws IOException {
        flush();
        entry.clear();
        entry.u8(SampleKind.HISTOGRAM.id());
        entry.varint(column);
        entry.varint(firstRow);
        entry.varint(rows);
        entry.varint(pageCount);
        entry.put(pages.array(), 0, pages.size());
        directory.add(series, entry);
        pages.clear();
        pageCount = 0;
        end = 0;
    }

    boolean isEmpty() {
        return directory.isEmpty();
    }

    /** The section that says where the pages are. */
    ByteSink finish() {
        return directory.finish();
    }
}
