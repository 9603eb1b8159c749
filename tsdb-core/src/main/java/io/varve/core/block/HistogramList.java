package io.varve.core.block;

import io.varve.codec.Effort;
import io.varve.codec.bits.MalformedPageException;
import io.varve.codec.histogram.HistogramColumns;
import io.varve.codec.histogram.HistogramPageCodec;
import io.varve.core.index.ByteSink;
import io.varve.core.index.ByteSource;
import io.varve.core.kind.HistogramPages;
import io.varve.core.model.Histogram;

/**
 * Any number of native histograms as pages, each behind its rows and its length; how many there are is known from
 * elsewhere. docs/format/rollup.md; one thread.
 */
final class HistogramList {

    /** Most bucket counts of a page of several histograms. */
    private static final int MAX_NUMBERS = 1 << 16;

    private final HistogramPageCodec codec;
    private final HistogramPages page = new HistogramPages();
    private final ByteSink pages = new ByteSink();
    private byte[] bytes = new byte[1 << 12];

    /** Takes each histogram that is read. */
    @FunctionalInterface
    interface Reader {
        /**
         * A histogram.
         *
         * @param number from 0 on
         */
        void read(int number, Histogram histogram);
    }

    /** Takes each page that is read. */
    @FunctionalInterface
    interface PageReader {
        /**
         * A page.
         *
         * @param first number of its first histogram
         * @param columns borrowed
         */
        void read(int first, HistogramColumns columns);
    }

    HistogramList(Effort effort) {
        codec = new HistogramPageCodec(effort);
    }

    /** Adds a histogram to those that are to be written. */
    void append(Histogram histogram) {
        if (page.numbers() > MAX_NUMBERS || !page.append(histogram)) {
            flush();
            if (!page.append(histogram)) {
                throw new AssertionError("BUG: a page without room for one histogram: " + histogram.layout());
            }
        }
    }

    private void flush() {
        int room = HistogramPageCodec.maxEncodedBytes(page.columns());
        bytes = bytes.length < room ? new byte[room] : bytes;
        int length = codec.encode(page.columns(), bytes, 0);
        pages.varint(page.columns().size());
        pages.varint(length);
        pages.put(bytes, 0, length);
        page.clear();
    }

    /** Writes all that were added, at least one, and forgets them. */
    void write(ByteSink out) {
        flush();
        out.put(pages.array(), 0, pages.size());
        pages.clear();
    }

    /**
     * Reads histograms.
     *
     * @param count how many there are
     * @throws MalformedPageException or IllegalArgumentException if they are none
     */
    void read(ByteSource in, int count, Reader target) {
        readPages(in, count, (first, columns) -> {
            page.checkLayouts();
            for (int i = 0; i < columns.size(); i++) {
                target.read(first + i, page.get(i));
            }
        });
    }

    /** Reads histograms without making them, as {@link #read} does; layouts are not checked. */
    void readPages(ByteSource in, int count, PageReader target) {
        int done = 0;
        while (done < count) {
            int some = in.varint(count - done);
            int length = in.varint(in.remaining());
            bytes = bytes.length < length ? new byte[length] : bytes;
            in.get(bytes, 0, length);
            page.clear();
            int found = codec.decode(bytes, 0, length, page.columns());
            if (found != some) {
                throw new MalformedPageException(in.position(), some + " histograms: found=" + found);
            }
            target.read(done, page.columns());
            done += some;
        }
        page.clear();
    }
}
