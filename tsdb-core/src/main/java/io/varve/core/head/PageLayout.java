package io.varve.core.head;

/**
 * Which rows of a series stand on which page of values, and how the state of a series' pages is packed into one number,
 * so that it is published at once: pages in the upper bits, the reference of the newest below.
 *
 * <pre>
 * |63                26|37                                 0|
 * |  number of pages   |  reference of the newest page      |
 * </pre>
 *
 * <p>All pages but a series' first have {@link #PAGE} rows. The first has fewer, by the series' number: series that are
 * scraped together fill their pages at different times, so the raw chunks of some serve the others, and no batch has to
 * encode a page of each of its series.
 */
final class PageLayout {

    /**
     * Rows of a page, a power of two; docs/adr/0003 weighs it. Smaller pages cost more to encode and decode, larger
     * ones leave more values raw.
     */
    static final int PAGE = 128;

    private static final int PHASES = PAGE / ValueSlabs.CHUNK;

    private PageLayout() {}

    /** Rows that a series' first page is short of. */
    private static int lacking(int series) {
        return series % PHASES * ValueSlabs.CHUNK;
    }

    /** Whether so many rows end with a full page; true for none. */
    static boolean isEnd(int series, int rows) {
        return rows == 0 || ((rows + lacking(series)) & (PAGE - 1)) == 0;
    }

    /** Page on which a row stands. */
    static int pageOf(int series, int row) {
        return (row + lacking(series)) / PAGE;
    }

    /** First row of a page, or the rows of all pages before it. */
    static int firstRow(int series, int page) {
        return page == 0 ? 0 : page * PAGE - lacking(series);
    }

    static long pack(int pages, long newest) {
        return (long) pages << PageSlabs.REFERENCE_BITS | newest;
    }

    static int pages(long packed) {
        return (int) (packed >>> PageSlabs.REFERENCE_BITS);
    }

    static long newest(long packed) {
        return packed & (1L << PageSlabs.REFERENCE_BITS) - 1;
    }

    /** Rows that stand on pages. */
    static int encodedRows(int series, long packed) {
        return firstRow(series, pages(packed));
    }
}
