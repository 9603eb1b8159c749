package io.varve.core.head;

import static io.varve.core.head.PageLayout.PAGE;
import static io.varve.core.head.ValueSlabs.CHUNK;

import io.varve.core.slab.SlabMemory;
import java.lang.invoke.VarHandle;

/**
 * Values of all series of a generation. The newest ones of a series lie raw in a chain of chunks; when they fill a page
 * they are encoded, and the chunks are used again, most often for another series.
 *
 * <p>Written by the agent, which is never held up. In this order: values; row count (release); …; bytes of the page;
 * the series' packed pages (release); a store-store fence; only then other values into the chunks. A reader takes a row
 * count R (acquire); then, from the newest table, the packed pages (acquire) of E rows; copies rows E to R of the
 * chain, whatever they are; a load-load fence; and looks at the packed pages of the newest table again. If they are the
 * same, no store into a chunk of that chain was seen, since it would have brought the newer pages with it: what was
 * copied are the values. Else it tries again, which happens at most once for each page that the agent encodes of this
 * series meanwhile; in the end the rows up to R stand on pages, which never change. The pages' number only grows, so
 * the same number is the same state (docs/adr/0003).
 */
final class HeadValues {

    private final ValueSlabs raw;
    private final PageSlabs encoded;
    private final AgentCodec codec;
    private final double[] full = new double[PAGE];

    /** The page that was last decoded for the agent: who repeats a batch asks for each value of a page in turn. */
    private final double[] decoded = new double[PAGE];

    private boolean deferred;
    private int decodedSeries = -1;
    private int decodedPage;

    HeadValues(AgentCodec codec, SlabMemory memory) {
        this.codec = codec;
        raw = new ValueSlabs(memory);
        encoded = new PageSlabs(memory);
    }

    AgentCodec codec() {
        return codec;
    }

    /** Keeps the value of row {@code rows} of a series, which readers do not see yet. The agent alone. */
    void append(SeriesTable state, int series, int rows, double value) {
        int index = rows & (CHUNK - 1);
        if (index == 0) {
            boolean opens = rows == PageLayout.encodedRows(series, state.pages(series));
            int chunk = raw.newChunk(opens ? -1 : state.lastChunk.get(series));
            state.lastChunk.set(series, chunk);
            if (opens) {
                state.firstChunk.set(series, chunk);
            } else if (PageLayout.isEnd(series, rows)) {
                state.publishMark(series, rows, chunk); // a page was left raw
            }
        }
        raw.set(state.lastChunk.get(series), index, value);
    }

    /**
     * Leaves values raw from now on, or encodes them again, with those that were left raw: while there is memory
     * enough, and while a start reads the log, pages are not worth their time.
     */
    void defer(boolean values) {
        deferred = values;
    }

    /** Encodes the raw values of a series if its published rows end with a full page. The agent alone. */
    void encodeIfFull(SeriesTable state, int series, int rows) {
        if (deferred || (rows & (CHUNK - 1)) != 0 || !PageLayout.isEnd(series, rows)) {
            return;
        }
        long packed = state.pages(series);
        int pages = PageLayout.pages(packed);
        int start = PageLayout.encodedRows(series, packed);
        int first = state.firstChunk.get(series);
        long reference = PageLayout.newest(packed);
        // One page, or several that were deferred; readers see them all at once, as the chain is left at once.
        for (int done = start; done < rows; pages++) {
            int count = PageLayout.firstRow(series, pages + 1) - done;
            if (!raw.copy(first, done - start, count, full, 0)) {
                throw new AssertionError("BUG: a chain of raw values ends early: rows=" + rows);
            }
            reference = encoded.append(codec.get(), full, count, reference);
            done += count;
        }
        state.publishPages(series, PageLayout.pack(pages, reference));
        VarHandle.storeStoreFence(); // nothing is stored into the chunks before readers can see that they are left
        raw.giveBack(first, state.lastChunk.get(series));
    }

    /** Value of a published row of a series. The agent alone. */
    double get(SeriesTable state, int series, int row) {
        long packed = state.pages(series);
        int page = PageLayout.pageOf(series, row);
        int first = PageLayout.firstRow(series, page);
        if (series != decodedSeries || page != decodedPage) {
            int end = PageLayout.firstRow(series, page + 1);
            if (end > PageLayout.encodedRows(series, packed)) {
                copyRaw(state, packed, series, row, row + 1, full);
                return full[0];
            }
            decodedSeries = -1;
            copyEncoded(packed, series, first, end, decoded, codec.get());
            decodedSeries = series;
            decodedPage = page;
        }
        return decoded[row - first];
    }

    /**
     * Copies the rows of a series that lie raw. Any thread; right only if the packed pages are still the same after it.
     *
     * @param packed the series' packed pages
     * @param from first row wanted
     * @param to end of the rows wanted, not beyond a row count that was acquired before
     * @param target takes row {@code from} at 0
     */
    void copyRaw(SeriesTable state, long packed, int series, int from, int to, double[] target) {
        int open = PageLayout.encodedRows(series, packed);
        int start = Math.max(from, open);
        if (start < to) {
            long mark = state.mark(series);
            int marked = (int) (mark >>> Integer.SIZE);
            boolean near = marked > open && marked <= start;
            int first = near ? (int) mark : state.firstChunk.get(series);
            raw.copy(first, start - (near ? marked : open), to - start, target, start - from);
        }
    }

    /** Bytes of the pages on which some rows of a series stand, and of those that lie raw. Any thread. */
    long bytes(long packed, int series, int from, int to) {
        int encodedRows = PageLayout.encodedRows(series, packed);
        long bytes = (long) Double.BYTES * Math.max(0, to - Math.max(from, encodedRows));
        int end = Math.min(to, encodedRows);
        if (from >= end) {
            return bytes;
        }
        int last = PageLayout.pageOf(series, end - 1);
        int first = PageLayout.pageOf(series, from);
        long reference = PageLayout.newest(packed);
        for (int number = PageLayout.pages(packed) - 1; number >= first; number--) {
            bytes += number <= last ? encoded.length(reference) : 0;
            reference = encoded.before(reference);
        }
        return bytes;
    }

    /**
     * Copies the rows of a series that stand on pages. Any thread.
     *
     * @param scratch the caller's
     */
    void copyEncoded(long packed, int series, int from, int to, double[] target, PageScratch scratch) {
        int end = Math.min(to, PageLayout.encodedRows(series, packed));
        if (from >= end) {
            return;
        }
        int last = PageLayout.pageOf(series, end - 1);
        int first = PageLayout.pageOf(series, from);
        long reference = PageLayout.newest(packed);
        for (int number = PageLayout.pages(packed) - 1; number >= first; number--) {
            if (number <= last) {
                int start = PageLayout.firstRow(series, number);
                int stop = PageLayout.firstRow(series, number + 1);
                if (start >= from && stop <= end) {
                    encoded.decode(reference, stop - start, scratch, target, start - from);
                } else {
                    encoded.decode(reference, stop - start, scratch, scratch.values, 0);
                    int begin = Math.max(start, from);
                    System.arraycopy(scratch.values, begin - start, target, begin - from, Math.min(stop, end) - begin);
                }
            }
            reference = encoded.before(reference);
        }
    }
}
