package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSource;
import io.varve.core.model.SampleKind;

/** A chunk of a kind other than floats, read out of its directory: where its times and pages are. */
final class HistogramChunk {

    /** The most bytes of a page of histograms, by the limits of a page and of {@link HistogramWriter}. */
    static final int MAX_PAGE_BYTES = 16 << 20;

    /** The least bytes of a page's entry. */
    private static final int LEAST_ENTRY = 7;

    final int column;
    final long firstRow;
    final long rows;
    final int[] pageRows;
    final long[] offsets;
    final int[] lengths;
    final int[] crcs;

    /**
     * Reads an entry.
     *
     * @throws MalformedPageException if it is damaged
     */
    HistogramChunk(ByteSource source) {
        int kind = source.u8();
        if (kind != SampleKind.HISTOGRAM.id()) {
            throw new MalformedPageException(source.position(), "a kind of chunk: found=" + kind);
        }
        column = source.varint(Integer.MAX_VALUE);
        firstRow = source.varint();
        rows = source.varint();
        int pages = source.varint(source.remaining() / LEAST_ENTRY);
        if (rows <= 0 || firstRow < 0 || firstRow + rows < 0) {
            throw new MalformedPageException(source.position(), "rows of a chunk: found=" + rows);
        }
        pageRows = new int[pages];
        offsets = new long[pages];
        lengths = new int[pages];
        crcs = new int[pages];
        long end = 0;
        long total = 0;
        for (int i = 0; i < pages; i++) {
            pageRows[i] = source.varint(BlockFormat.PAGE_ROWS);
            offsets[i] = end + source.zigzag();
            lengths[i] = source.varint(MAX_PAGE_BYTES);
            crcs[i] = source.u32();
            end = offsets[i] + lengths[i];
            total += pageRows[i];
        }
        if (total != rows || !source.isAtEnd()) {
            throw new MalformedPageException(source.position(), rows + " rows in pages: found=" + total);
        }
    }
}
