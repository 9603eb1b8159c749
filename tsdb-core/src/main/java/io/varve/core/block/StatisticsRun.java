package io.varve.core.block;

import io.varve.core.index.ByteSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The statistics of the pages of a {@link ChunkRun}, unpacked. Reused; one thread. */
final class StatisticsRun {

    private @Nullable PageStatistics[] pages = new @Nullable PageStatistics[64];
    private int run = -1;
    private final int[] entryBytes = new int[BlockFormat.STEP];

    /** Bytes of the statistics of a series of the run that is here. */
    int entryBytes(int series) {
        return entryBytes[series % BlockFormat.STEP];
    }

    /**
     * Unpacks the run that holds a series, if it is not the one that is here.
     *
     * @param chunks the same run
     * @throws RuntimeException if it is damaged
     */
    void load(RunTable table, int series, ChunkRun chunks) {
        int wanted = series / BlockFormat.STEP;
        if (wanted == run) {
            return;
        }
        run = -1;
        ByteSource source = table.run(series);
        int count = Math.min(BlockFormat.STEP, table.count() - wanted * BlockFormat.STEP);
        int all = chunks.firstPage[count];
        if (pages.length < all) {
            pages = new @Nullable PageStatistics[Math.max(all, 2 * pages.length)];
        }
        Arrays.fill(pages, null);
        for (int i = 0; i < count; i++) {
            int start = source.position();
            long row = chunks.firstRow[i];
            long end = row + chunks.rows[i];
            for (int page = chunks.firstPage[i]; page < chunks.firstPage[i + 1]; page++) {
                long next = Math.min(end, (row / BlockFormat.PAGE_ROWS + 1) * BlockFormat.PAGE_ROWS);
                int rows = (int) (next - row);
                if (BlockFormat.hasStatistics(rows, chunks.length[page])) {
                    pages[page] = PageStatistics.read(source, rows);
                }
                row = next;
            }
            entryBytes[i] = source.position() - start;
        }
        run = wanted;
    }

    /** Statistics of a page of the run that is here, or null if it has none. */
    @Nullable
    PageStatistics of(int page) {
        return pages[page];
    }
}
