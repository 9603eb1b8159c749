package io.varve.core.storage;

import io.varve.core.model.Histogram;
import io.varve.core.model.SampleKind;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one series, a page at a time: times strictly increasing within and across pages, all inside the
 * querier's range. A page holds samples of one {@link #kind}: floats, or histograms. Most series have floats alone;
 * whoever reads only these passes over other pages.
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

    /** What the current page holds: floats, or histograms. */
    default SampleKind kind() {
        return SampleKind.FLOAT;
    }

    /**
     * Values as they were stored, bit for bit, stale markers included, from index 0. Not to be changed. Of a page of
     * histograms nothing may be read here.
     */
    double[] values();

    /**
     * Whether it is known that no page follows the current one: its values then hold until the series that it belongs
     * to is left. False where that is not known.
     */
    default boolean isLast() {
        return false;
    }

    /** Whether all values of the current page are known to be finite, stale markers being none; else false. */
    default boolean isFinite() {
        return false;
    }

    /**
     * A histogram as it was stored, bit for bit, stale markers included. It is made when it is asked for, and may be
     * kept.
     *
     * @param index 0 to {@link #size()} - 1
     * @throws IllegalStateException if the page holds floats
     */
    default Histogram histogram(int index) {
        throw new IllegalStateException("a page of histograms: kind=" + kind() + ", index=" + index);
    }

    /**
     * What is known of a page of floats that was not decoded, because the {@link SummaryRule} of the selection does
     * without its values; null of all others. Of such a page {@link #values} may not be read before {@link #decode}.
     */
    default @Nullable PageSummary summary() {
        return null;
    }

    /**
     * Decodes a page that has a {@link #summary}, which it has no more then.
     *
     * @return false if it is damaged, which is told as a hole: it has no samples
     */
    default boolean decode() {
        return true;
    }
}
