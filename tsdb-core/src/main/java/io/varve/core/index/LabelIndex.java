package io.varve.core.index;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * The labels of a set of series that are numbered from 0: which names and values there are, and which series have them.
 * Bitmaps that it returns are not to be changed. Any number of threads may read it.
 */
public interface LabelIndex {

    /** All label names, sorted by code point. */
    List<String> labelNames();

    /** All values of a name, sorted by code point; empty if no series has the name. */
    List<String> labelValues(String name);

    /** The values of a name; null if no series has it. */
    @Nullable
    LabelValues values(String name);

    /** The series that have exactly this value, or null if none has. */
    default @Nullable ImmutableRoaringBitmap postings(String name, String value) {
        LabelValues values = values(name);
        int number = values == null ? -1 : values.find(value);
        ImmutableRoaringBitmap series = values == null || number < 0 ? null : values.postings(number);
        return series == null || series.isEmpty() ? null : series;
    }

    /** Reads one label of series. One thread; going forward is cheap. */
    LabelOf labelOf(String name);

    /** All series. */
    ImmutableRoaringBitmap all();

    /** At most how many series there are. */
    int size();

    /** What is remembered of matchers that were evaluated before; null if that is nothing, since series come and go. */
    default @Nullable MatcherCache cache() {
        return null;
    }

    /** Reads one label of series. */
    @FunctionalInterface
    interface LabelOf {

        /** The value of the label, empty if the series does not have it. */
        String value(int series);
    }
}
