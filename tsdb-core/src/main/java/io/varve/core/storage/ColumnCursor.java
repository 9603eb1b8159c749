package io.varve.core.storage;

/**
 * The samples of one series, a page at a time: times strictly increasing within and across pages, all inside the
 * querier's range.
 *
 * <p>The arrays belong to the cursor; values hold until the next call of {@link #nextPage}. Only the first
 * {@link #size()} elements count. Series that were scraped together share their time column: consecutive cursors may
 * then return the very same {@code times} array, so whoever derives something from times alone (window bounds, say)
 * compares with what it saw last (the reference first, then the content) and derives it once. An array of times that
 * was handed out never changes its content; an array of values may be filled anew.
 */
public interface ColumnCursor {

    /** Goes to the next page that has samples in range; false at the end. */
    boolean nextPage();

    /** Samples in the current page, at least one. */
    int size();

    /** Times in ticks, from index 0. Not to be changed. */
    long[] times();

    /** Values as they were stored, bit for bit, stale markers included, from index 0. Not to be changed. */
    double[] values();
}
