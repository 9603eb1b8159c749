package io.varve.core.slab;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Which numbers have a hash: open addressing over slots of a 32-bit hash and a number. The caller compares what the
 * numbers stand for; hashes must be keyed if the outside chooses what is hashed.
 *
 * <p>One thread writes. Others look up without locks: a slot is release-stored, growth replaces the table. They find
 * what was added before they learnt of it, and may or may not find what is added meanwhile.
 */
public final class HashSlots {

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int FIRST_CAPACITY = 256;

    private final SlabMemory memory;
    private volatile ByteBuffer table;
    private int used;

    /** An empty table whose bytes count for an owner. */
    public HashSlots(SlabMemory memory) {
        this.memory = memory;
        this.table = memory.table(FIRST_CAPACITY * Long.BYTES);
    }

    /** Says whether a number is the one that is looked for. */
    @FunctionalInterface
    public interface Match {

        /** Whether it is. */
        boolean is(int number);
    }

    /** The number with a hash that matches, or -1. */
    public int find(int hash, Match match) {
        ByteBuffer slots = table;
        int mask = slots.capacity() / Long.BYTES - 1;
        int slot = spread(hash) & mask;
        while (true) {
            long entry = (long) LONG.getAcquire(slots, slot * Long.BYTES);
            if (entry == 0) {
                return -1;
            }
            int number = (int) entry - 1;
            if ((int) (entry >>> Integer.SIZE) == hash && match.is(number)) {
                return number;
            }
            slot = slot + 1 & mask;
        }
    }

    /** Adds a number that is not there. The writer alone. */
    public void add(int hash, int number) {
        int capacity = table.capacity() / Long.BYTES;
        if (used >= capacity - capacity / 4) {
            ByteBuffer old = table;
            ByteBuffer grown = memory.table(2 * old.capacity());
            for (int i = 0; i < old.capacity(); i += Long.BYTES) {
                long entry = old.getLong(i);
                if (entry != 0) {
                    insert(grown, entry);
                }
            }
            table = grown;
            memory.dropped(old);
        }
        insert(table, (long) hash << Integer.SIZE | (number + 1));
        used++;
    }

    private static void insert(ByteBuffer slots, long entry) {
        int mask = slots.capacity() / Long.BYTES - 1;
        int slot = spread((int) (entry >>> Integer.SIZE)) & mask;
        while (slots.getLong(slot * Long.BYTES) != 0) {
            slot = slot + 1 & mask;
        }
        LONG.setRelease(slots, slot * Long.BYTES, entry);
    }

    private static int spread(int hash) {
        return hash ^ hash >>> 16;
    }
}
