package io.varve.query.plan;

import io.varve.core.model.Labels;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Hole;
import io.varve.core.storage.RollupSet;
import io.varve.core.storage.SeriesSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks several sets of series in step: samples of several ranges, and rollups of several widths. Closes them. */
public final class SeriesWalk implements AutoCloseable {

    /** A set of samples, by range ascending, and whether it stands on a series. */
    private static final class Samples {
        final SeriesSet set;

        @Nullable
        Labels head;

        Samples(SeriesSet set) {
            this.set = set;
        }

        void advance() {
            head = set.next() ? set.labels() : null;
        }
    }

    /** A set of rollups, and whether it stands on a series. */
    public static final class Buckets {
        private final long width;
        private final RollupSet set;
        private @Nullable Labels head;

        Buckets(long width, RollupSet set) {
            this.width = width;
            this.set = set;
        }

        private void advance() {
            head = set.next() ? set.labels() : null;
        }

        /** Ticks of a bucket. */
        public long width() {
            return width;
        }

        /** The set, which stands on the series. */
        public RollupSet set() {
            return set;
        }
    }

    private final List<Samples> samples = new ArrayList<>();
    private final List<Buckets> buckets = new ArrayList<>();
    private @Nullable Labels current;
    private boolean begun;

    /** Adds samples of a range behind that of those before. */
    public void add(SeriesSet set) {
        samples.add(new Samples(set));
    }

    /** Adds rollups. */
    public void add(long width, RollupSet set) {
        buckets.add(new Buckets(width, set));
    }

    /** Goes to the next series that any set has, in label order; null at the end. */
    public @Nullable Labels next() {
        Labels last = current;
        for (Samples one : samples) {
            if (!begun || isAt(last, one.head)) {
                one.advance();
            }
        }
        for (Buckets one : buckets) {
            if (!begun || isAt(last, one.head)) {
                one.advance();
            }
        }
        begun = true;
        Labels least = null;
        for (Samples one : samples) {
            least = lesser(least, one.head);
        }
        for (Buckets one : buckets) {
            least = lesser(least, one.head);
        }
        current = least;
        return least;
    }

    private static boolean isAt(@Nullable Labels labels, @Nullable Labels head) {
        return labels != null && head != null && labels.equals(head);
    }

    private static @Nullable Labels lesser(@Nullable Labels a, @Nullable Labels b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.compareTo(b) <= 0 ? a : b;
    }

    /** The samples of the current series, range by range. */
    public List<ColumnCursor> columns() {
        List<ColumnCursor> columns = new ArrayList<>();
        for (Samples one : samples) {
            if (isAt(current, one.head)) {
                columns.add(one.set.columns());
            }
        }
        return columns;
    }

    /** The rollups that have the current series. */
    public List<Buckets> buckets() {
        return buckets.stream().filter(one -> isAt(current, one.head)).toList();
    }

    /** What could not be read so far; complete when {@link #next} has returned null. */
    public List<Hole> holes() {
        List<Hole> holes = new ArrayList<>();
        samples.forEach(one -> holes.addAll(one.set.holes()));
        buckets.forEach(one -> holes.addAll(one.set.holes()));
        return holes;
    }

    @Override
    public void close() {
        samples.forEach(one -> one.set.close());
        buckets.forEach(one -> one.set.close());
    }
}
