package io.varve.core.index;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
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

    /** The series that have exactly this value, or null if none has. */
    @Nullable
    ImmutableRoaringBitmap postings(String name, String value);

    /**
     * Visits the values of a name that begin with a prefix, in order of their code points. Postings are fetched only
     * for values that pass the test.
     *
     * @param name the label
     * @param prefix what values begin with; empty for all
     * @param wanted asked once for each such value
     * @param series takes the postings of each value that is wanted
     */
    void forEachValue(String name, String prefix, Predicate<String> wanted, Consumer<ImmutableRoaringBitmap> series);

    /** All series. */
    ImmutableRoaringBitmap all();
}
