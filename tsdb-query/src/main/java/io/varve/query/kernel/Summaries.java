package io.varve.query.kernel;

import io.varve.core.storage.PageSummary;
import java.util.Arrays;

/**
 * Pages of one series of which the summary is known and the samples are not, in order of time, between the samples that
 * are. No window begins or ends within one of them. One thread.
 */
public final class Summaries {

    private PageSummary[] pages = new PageSummary[8];
    private long[] firsts = new long[8];
    private long[] lasts = new long[8];
    private int[] places = new int[8];
    private int size;

    /** Takes all away. */
    public void clear() {
        size = 0;
    }

    /**
     * Adds a page behind the others.
     *
     * @param first time of its first sample
     * @param last time of its last sample
     * @param place how many decoded samples come before it
     */
    public void add(PageSummary page, long first, long last, int place) {
        if (size == pages.length) {
            pages = Arrays.copyOf(pages, 2 * size);
            firsts = Arrays.copyOf(firsts, 2 * size);
            lasts = Arrays.copyOf(lasts, 2 * size);
            places = Arrays.copyOf(places, 2 * size);
        }
        pages[size] = page;
        firsts[size] = first;
        lasts[size] = last;
        places[size++] = place;
    }

    /** Number of pages. */
    public int size() {
        return size;
    }

    /**
     * Pages before which so many samples come have fewer before them, since some were taken away.
     *
     * @param samples how many came before
     * @param left how many of them are left
     * @param page the first page that may be meant
     * @return the first page behind those
     */
    public int moveTo(int samples, int left, int page) {
        int next = page;
        while (next < size && places[next] == samples) {
            places[next++] = left;
        }
        return next;
    }

    PageSummary page(int index) {
        return pages[index];
    }

    long first(int index) {
        return firsts[index];
    }

    long last(int index) {
        return lasts[index];
    }

    int place(int index) {
        return places[index];
    }
}
