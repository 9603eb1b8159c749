package io.varve.core.read;

import io.varve.core.model.Labels;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Series of several sources in label order, of which nothing is decoded before it is asked for. Sources are given in
 * the order of their log positions. One thread.
 */
final class LockstepSeries {

    private final List<SeriesSource> sources;
    private final @Nullable Labels[] heads;
    private final MergedCursor cursor = new MergedCursor();
    private @Nullable Labels current;

    LockstepSeries(List<SeriesSource> sources) {
        this.sources = List.copyOf(sources);
        this.heads = new Labels[sources.size()];
        for (int i = 0; i < heads.length; i++) {
            advance(i);
        }
    }

    private void advance(int source) {
        heads[source] = sources.get(source).next() ? sources.get(source).labels() : null;
    }

    /** The next series, or null at the end. */
    @Nullable
    Labels next() {
        Labels done = current;
        for (int i = 0; done != null && i < heads.length; i++) {
            if (done.equals(heads[i])) {
                advance(i);
            }
        }
        Labels least = null;
        for (Labels head : heads) {
            if (head != null && (least == null || head.compareTo(least) < 0)) {
                least = head;
            }
        }
        current = least;
        return least;
    }

    /** Whether a source has the current series. */
    boolean isIn(int source) {
        Labels of = current;
        return of != null && of.equals(heads[source]);
    }

    /** Goes forward to a series; its {@link #columns} are empty if no source has it. */
    void seek(Labels wanted) {
        for (int i = 0; i < heads.length; i++) {
            Labels head = heads[i];
            while (head != null && head.compareTo(wanted) < 0) {
                advance(i);
                head = heads[i];
            }
        }
        current = wanted;
    }

    /** The samples of the current series in a range; valid until the next call of any method. */
    ColumnCursor columns(TimeRange range) {
        List<ColumnCursor> parts = new ArrayList<>(heads.length);
        Labels of = current;
        for (int i = 0; of != null && i < heads.length; i++) {
            if (of.equals(heads[i])) {
                sources.get(i).columns(range, parts);
            }
        }
        cursor.over(parts);
        return cursor;
    }
}
