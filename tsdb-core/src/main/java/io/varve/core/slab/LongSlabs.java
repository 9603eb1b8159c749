package io.varve.core.slab;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Longs by index, 0 where nothing was set. One thread writes; another may read an index once it has learnt of it by an
 * acquire that follows the writer's release.
 */
public final class LongSlabs {

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int SLAB_BITS = 13;
    private static final int MASK = (1 << SLAB_BITS) - 1;

    private final SlabMemory memory;
    private volatile ByteBuffer[] slabs = {};

    /** An empty array whose bytes count for an owner. */
    public LongSlabs(SlabMemory memory) {
        this.memory = memory;
    }

    /** Makes room for all indices below a limit. The writer alone. */
    public void ensure(int limit) {
        ByteBuffer[] old = slabs;
        int needed = (limit + MASK) >>> SLAB_BITS;
        if (needed > old.length) {
            ByteBuffer[] more = Arrays.copyOf(old, needed);
            for (int i = old.length; i < needed; i++) {
                more[i] = memory.slab();
            }
            slabs = more;
        }
    }

    /** Indices below this have room. */
    public int limit() {
        return slabs.length << SLAB_BITS;
    }

    /** The long at an index that has room. */
    public long get(int index) {
        return slabs[index >>> SLAB_BITS].getLong((index & MASK) << 3);
    }

    /** Sets the long at an index that has room. The writer alone. */
    public void set(int index, long value) {
        slabs[index >>> SLAB_BITS].putLong((index & MASK) << 3, value);
    }

    /**
     * Copies neighbours that have room, taken for the bits of doubles.
     *
     * @param index of the first one; all lie in one slab
     * @param target takes the first one at {@code at}
     */
    public void copyDoubles(int index, int count, double[] target, int at) {
        ByteBuffer slab = slabs[index >>> SLAB_BITS];
        int offset = (index & MASK) << 3;
        for (int i = 0; i < count; i++) {
            target[at + i] = slab.getDouble(offset + (i << 3));
        }
    }

    /** As {@link #get}; what was written before {@link #setRelease} of this value is seen behind it. */
    public long getAcquire(int index) {
        return (long) LONG.getAcquire(slabs[index >>> SLAB_BITS], (index & MASK) << 3);
    }

    /** As {@link #set}, and publishes what was written before. */
    public void setRelease(int index, long value) {
        LONG.setRelease(slabs[index >>> SLAB_BITS], (index & MASK) << 3, value);
    }
}
