package io.varve.core.ingest;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongPredicate;

/**
 * From the bytes of a series' labels, exactly as a client sent them, to its reference. Only a 128-bit hash keyed by a
 * secret of the process is kept, so two series are confused with a chance of about n²/2^129 and no client can aim for
 * it.
 *
 * <p>Read by any thread without locks; written by the agents, one at a time: an entry's key is release-stored behind
 * its reference, and growth or clearing replaces the whole table. A miss is always allowed.
 */
final class LabelCache {

    private static final VarHandle KEYS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int FIRST_CAPACITY = 1 << 12;

    /** Three longs an entry: first half of the hash (never 0 when used), second half, reference. */
    private volatile long[] table = new long[FIRST_CAPACITY * 3];

    private final int maxEntries;
    private int entries;
    private int deadEntries;

    LabelCache(int maxEntries) {
        this.maxEntries = maxEntries;
    }

    /** The reference of a key, or -1. */
    long find(long high, long low) {
        long[] entriesTable = table;
        int place = placeOf(entriesTable, high, low);
        return place < 0 ? -1 : (long) KEYS.getAcquire(entriesTable, place + 2);
    }

    /** Where the entry of a key begins, or -1. */
    private static int placeOf(long[] entriesTable, long high, long low) {
        int capacity = entriesTable.length / 3;
        int slot = slot(high, capacity);
        while (true) {
            long key = (long) KEYS.getAcquire(entriesTable, slot * 3);
            if (key == 0) {
                return -1;
            }
            if (key == high && entriesTable[slot * 3 + 1] == low) {
                return slot * 3;
            }
            slot = slot + 1 == capacity ? 0 : slot + 1;
        }
    }

    /** Where to look first: any capacity will do, so that the table grows by halves. */
    private static int slot(long high, int capacity) {
        return (int) ((high >>> Integer.SIZE) * capacity >>> Integer.SIZE);
    }

    /** Adds a key, or gives it another reference. Agents alone. */
    synchronized void put(long high, long low, long ref) {
        long[] current = table;
        int place = placeOf(current, high, low);
        if (place >= 0) {
            KEYS.setRelease(current, place + 2, ref);
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

    /**
     * Drops entries of series that have died, if they are worth the work: a dead reference does no harm, the agent
     * replaces it with the next sample. Agents alone.
     *
     * @param lives whether a reference names a series that lives
     * @param died how many died since the last call
     */
    synchronized void forgetDead(LongPredicate lives, int died) {
        deadEntries += died;
        if (deadEntries < entries / 8) {
            return;
        }
        deadEntries = 0;
        long[] old = table;
        int kept = 0;
        for (int i = 0; i < old.length; i += 3) {
            kept += old[i] != 0 && lives.test(old[i + 2]) ? 1 : 0;
        }
        long[] fresh = new long[3 * Math.max(FIRST_CAPACITY, 2 * kept)];
        for (int i = 0; i < old.length; i += 3) {
            if (old[i] != 0 && lives.test(old[i + 2])) {
                insert(fresh, old[i], old[i + 1], old[i + 2]);
            }
        }
        entries = kept;
        table = fresh;
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
