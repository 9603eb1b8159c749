package io.varve.core.ingest;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * From the bytes of a series' labels, exactly as a client sent them, to its reference. Only a 128-bit hash keyed by a
 * secret of the process is kept, so two series are confused with a chance of about n²/2^129 and no client can aim for
 * it.
 *
 * <p>Read by any thread without locks; written by the agent alone: an entry's key is release-stored behind its
 * reference, and growth or clearing replaces the whole table. A miss is always allowed.
 */
final class LabelCache {

    private static final VarHandle KEYS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int FIRST_CAPACITY = 1 << 12;

    /** Three longs an entry: first half of the hash (never 0 when used), second half, reference. */
    private volatile long[] table = new long[FIRST_CAPACITY * 3];

    private final int maxEntries;
    private int entries;

    LabelCache(int maxEntries) {
        this.maxEntries = maxEntries;
    }

    /** The reference of a key, or -1. */
    long find(long high, long low) {
        long[] entriesTable = table;
        int capacity = entriesTable.length / 3;
        int slot = slot(high, capacity);
        while (true) {
            long key = (long) KEYS.getAcquire(entriesTable, slot * 3);
            if (key == 0) {
                return -1;
            }
            if (key == high && entriesTable[slot * 3 + 1] == low) {
                return entriesTable[slot * 3 + 2];
            }
            slot = slot + 1 == capacity ? 0 : slot + 1;
        }
    }

    /** Where to look first: any capacity will do, so that the table grows by halves. */
    private static int slot(long high, int capacity) {
        return (int) ((high >>> Integer.SIZE) * capacity >>> Integer.SIZE);
    }

    /** Adds a key; one that is there already keeps its reference. The agent alone. */
    void put(long high, long low, long ref) {
        if (find(high, low) >= 0) {
            return;
        }
        if (entries >= maxEntries) {
            entries = 0;
            table = new long[FIRST_CAPACITY * 3];
        }
        if (entries >= table.length / 3 / 5 * 4) {
            table = grown(table);
        }
        insert(table, high, low, ref);
        entries++;
    }

    private static long[] grown(long[] old) {
        long[] grown = new long[3 * (old.length / 3 * 3 / 2)];
        for (int i = 0; i < old.length; i += 3) {
            if (old[i] != 0) {
                insert(grown, old[i], old[i + 1], old[i + 2]);
            }
        }
        return grown;
    }

    private static void insert(long[] target, long high, long low, long ref) {
        int capacity = target.length / 3;
        int slot = slot(high, capacity);
        while (target[slot * 3] != 0) {
            slot = slot + 1 == capacity ? 0 : slot + 1;
        }
        target[slot * 3 + 1] = low;
        target[slot * 3 + 2] = ref;
        KEYS.setRelease(target, slot * 3, high);
    }

    /** Memory in bytes. */
    long bytes() {
        return table.length * 8L;
    }
}
