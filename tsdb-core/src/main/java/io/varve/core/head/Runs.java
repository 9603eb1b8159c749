package io.varve.core.head;

import io.varve.core.slab.IntSlabs;
import io.varve.core.slab.SlabMemory;

/**
 * Where the rows of series stand: a run says that from some row on they stand on consecutive rows of a time column, up
 * to the run that was begun behind it. A series names its last run, and each run the one before it. Series that came
 * together so far and leave a column together have the same runs, which are kept once (ADR 0002).
 *
 * <p>Written by the agent. A reader takes the number of a run with acquire semantics, and what it leads to never
 * changes.
 */
final class Runs {

    /** No run: before the first. */
    static final int NONE = -1;

    private static final int FIELDS = 4;
    private static final int BEFORE = 0;
    private static final int COLUMN = 1;
    private static final int COLUMN_ROW = 2;
    private static final int FIRST_ROW = 3;
    private static final int RECENT = 1 << 10;

    private final IntSlabs fields;
    private int count;

    /** Runs that were begun last, by a hash of what they say: number + 1. */
    private final int[] recent = new int[RECENT];

    Runs(SlabMemory memory) {
        fields = new IntSlabs(memory);
    }

    /**
     * A run that says this; a known one if there is one among the last. The agent alone.
     *
     * @param before the run before it, or {@link #NONE}
     * @param column the time column
     * @param columnRow its row on which the first row of the run stands
     * @param firstRow that row of the series
     */
    int begin(int before, int column, int columnRow, int firstRow) {
        int slot = (int) (((before * 31L + column) * 31 + columnRow) * 0x9e3779b97f4a7c15L >>> 54);
        int known = recent[slot] - 1;
        if (known >= 0
                && before(known) == before
                && column(known) == column
                && columnRow(known) == columnRow
                && firstRow(known) == firstRow) {
            return known;
        }
        int run = count++;
        fields.ensure(count * FIELDS);
        fields.set(run * FIELDS + BEFORE, before);
        fields.set(run * FIELDS + COLUMN, column);
        fields.set(run * FIELDS + COLUMN_ROW, columnRow);
        fields.set(run * FIELDS + FIRST_ROW, firstRow);
        recent[slot] = run + 1;
        return run;
    }

    int before(int run) {
        return fields.get(run * FIELDS + BEFORE);
    }

    int column(int run) {
        return fields.get(run * FIELDS + COLUMN);
    }

    int columnRow(int run) {
        return fields.get(run * FIELDS + COLUMN_ROW);
    }

    int firstRow(int run) {
        return fields.get(run * FIELDS + FIRST_ROW);
    }

    /** How many runs lead to this one, itself included. */
    int length(int run) {
        int length = 0;
        for (int at = run; at != NONE; at = before(at)) {
            length++;
        }
        return length;
    }

    /** The run of a row that stands on this run or on one before it. */
    int ofRow(int run, int row) {
        int at = run;
        while (firstRow(at) > row) {
            at = before(at);
        }
        return at;
    }
}
