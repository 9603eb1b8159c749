package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSource;

/** The entry of a series in the directory of rollups: where its ends, pages, sketches and histograms are. */
final class RollupChunk {

    /** The least bytes of a page's entry. */
    private static final int LEAST_ENTRY = 9;

    final int column;
    final long firstRow;
    final long rows;
    final int[] pageRows;
    final long[] offsets;
    final int[] lengths;
    final int[] crcs;

    /** Bytes of the sketches behind each page; 0 if there are none. */
    final int[] sketchLengths;

    final int[] sketchCrcs;

    /** Bytes of the histograms behind those; 0 if there are none. */
    final int[] histogramLengths;

    final int[] histogramCrcs;

    /**
     * Reads an entry.
     *
     * @throws MalformedPageException if it is damaged
     */
    RollupChunk(ByteSource source) {
        column = source.varint(Integer.MAX_VALUE);
        firstRow = source.varint();
        rows = source.varint();
        int pages = source.varint(source.remaining() / LEAST_ENTRY);
        if (rows <= 0 || firstRow < 0 || firstRow + rows < 0) {
            throw new MalformedPageException(source.position(), "buckets of a series: found=" + rows);
        }
        pageRows = new int[pages];
        offsets = new long[pages];
        lengths = new int[pages];
        crcs = new int[pages];
        sketchLengths = new int[pages];
        sketchCrcs = new int[pages];
        histogramLengths = new int[pages];
        histogramCrcs = new int[pages];
        long end = 0;
        long total = 0;
        for (int i = 0; i < pages; i++) {
            pageRows[i] = source.varint(RollupPage.MAX_ROWS);
            offsets[i] = end + source.zigzag();
            lengths[i] = source.varint(RollupPage.MAX_BYTES);
            crcs[i] = source.u32();
            sketchLengths[i] = source.varint(RollupPage.MAX_SKETCH_BYTES);
            sketchCrcs[i] = sketchLengths[i] == 0 ? 0 : source.u32();
            histogramLengths[i] = source.varint(RollupPage.MAX_HISTOGRAM_BYTES);
            histogramCrcs[i] = histogramLengths[i] == 0 ? 0 : source.u32();
            end = offsets[i] + lengths[i] + sketchLengths[i] + histogramLengths[i];
            total += pageRows[i];
        }
        if (total != rows || !source.isAtEnd()) {
            throw new MalformedPageException(source.position(), rows + " buckets in pages: found=" + total);
        }
    }
}
