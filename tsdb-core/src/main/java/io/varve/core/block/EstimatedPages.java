package io.varve.core.block;

import java.util.Arrays;

/**
 * The pages of one series of a place in a range, those of a kind in order of time, and what reading them would cost.
 * Reused from series to series. One thread.
 */
public final class EstimatedPages {

    private long[] firsts = new long[16];
    private long[] lasts = new long[16];
    private int[] samples = new int[16];
    private int[] bytes = new int[16];
    private boolean[] summarized = new boolean[16];
    private int size;
    private boolean ascending = true;
    private long read;

    /** Starts over with another series. */
    public void clear() {
        size = 0;
        ascending = true;
    }

    /** Takes note of bytes that are read whatever becomes of the pages. */
    public void read(long more) {
        read += more;
    }

    /**
     * Adds a page.
     *
     * @param first time before which it has no sample
     * @param last time behind which it has none
     * @param rows its samples
     * @param length its bytes
     * @param bySummary whether its summary does, if nothing else touches it
     */
    public void add(long first, long last, int rows, int length, boolean bySummary) {
        if (size == firsts.length) {
            int more = 2 * size;
            firsts = Arrays.copyOf(firsts, more);
            lasts = Arrays.copyOf(lasts, more);
            samples = Arrays.copyOf(samples, more);
            bytes = Arrays.copyOf(bytes, more);
            summarized = Arrays.copyOf(summarized, more);
        }
        ascending &= size == 0 || lasts[size - 1] <= first;
        firsts[size] = first;
        lasts[size] = last;
        samples[size] = rows;
        bytes[size] = length;
        summarized[size++] = bySummary;
    }

    /** Number of pages. */
    public int size() {
        return size;
    }

    /** Time before which a page has no sample. */
    public long first(int page) {
        return firsts[page];
    }

    /** Time behind which a page has no sample. */
    public long last(int page) {
        return lasts[page];
    }

    /** Samples of a page. */
    public int samples(int page) {
        return samples[page];
    }

    /** Whether the summary of a page does, if no other place touches it. */
    public boolean isSummarized(int page) {
        return summarized[page] && ascending;
    }

    /** The summary of a page does not do. */
    public void needValues(int page) {
        summarized[page] = false;
    }

    /** Takes note that the values of a page are read. */
    public void decode(int page) {
        read += bytes[page];
    }

    /** Whether some page may have a sample between two times, both included. */
    public boolean touches(long from, long to) {
        int low = 0;
        int high = ascending ? size : 0; // pages of two kinds may lie between each other, and are looked at in turn
        while (low < high) { // the first page that does not end before
            int middle = (low + high) >>> 1;
            if (lasts[middle] < from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (ascending) {
            return low < size && firsts[low] <= to;
        }
        while (low < size && (lasts[low] < from || firsts[low] > to)) {
            low++;
        }
        return low < size;
    }

    /** All bytes that are read of the place, of all series so far. */
    public long bytes() {
        return read;
    }
}
