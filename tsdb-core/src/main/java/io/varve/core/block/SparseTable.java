package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSource;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A section with an entry for some of the series: a table of runs whose entries begin with the series' number (the
 * first of a run itself, each other one the difference to the one before) and the length of what follows. Any number of
 * threads.
 */
final class SparseTable {

    private final RunTable table;

    SparseTable(ByteBuffer section) {
        table = new RunTable(section);
    }

    /** Number of series that have an entry. */
    int count() {
        return table.count();
    }

    /** Takes entries in the order of their series. */
    @FunctionalInterface
    interface Visitor {
        /** What an entry holds, up to the source's limit. */
        void entry(int series, ByteSource source);
    }

    /**
     * The entry of a series, or null if it has none.
     *
     * @throws MalformedPageException if the table is damaged
     */
    @Nullable
    ByteSource find(int series) {
        int low = 0;
        int high = (table.count() - 1) / BlockFormat.STEP;
        while (low < high) { // the last run whose first series is not beyond
            int middle = (low + high + 1) >>> 1;
            long first = table.run(middle * BlockFormat.STEP).varint();
            if (first <= series) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return table.count() == 0 ? null : findInRun(low, series);
    }

    private @Nullable ByteSource findInRun(int run, int series) {
        int from = run * BlockFormat.STEP;
        ByteSource source = table.run(from);
        long at = 0;
        for (int i = from; i < Math.min(table.count(), from + BlockFormat.STEP); i++) {
            at += source.varint();
            ByteBuffer body = source.slice(source.varint(source.remaining()));
            if (at >= series) {
                return at == series ? new ByteSource(body, 0) : null;
            }
        }
        return null;
    }

    /**
     * Visits all entries.
     *
     * @throws MalformedPageException if the table is damaged
     */
    void forEach(Visitor visitor) {
        long before = -1;
        for (int from = 0; from < table.count(); from += BlockFormat.STEP) {
            ByteSource source = table.run(from);
            long at = 0;
            for (int i = from; i < Math.min(table.count(), from + BlockFormat.STEP); i++) {
                at += source.varint();
                if (at <= before || at > Integer.MAX_VALUE) {
                    throw new MalformedPageException(source.position(), "series ascend: found=" + at);
                }
                before = at;
                visitor.entry((int) at, new ByteSource(source.slice(source.varint(source.remaining())), 0));
            }
        }
    }
}
