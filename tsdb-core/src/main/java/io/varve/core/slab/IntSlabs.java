package io.varve.core.slab;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Ints by index, 0 where nothing was set. One thread writes; another may read an index once it has learnt of it by an
 * acquire that follows the writer's release.
 */
public final class IntSlabs {

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int SLAB_BITS = 14;
    private static final int MASK = (1 << SLAB_BITS) - 1;

    private final SlabMemory memory;
    private volatile ByteBuffer[] slabs = {};

    /** An empty array whose bytes count for an owner. */
    public IntSlabs(SlabMemory memory) {
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

    /** The int at an index that has room. */
    public int get(int index) {
        return slabs[index >>> SLAB_BITS].getInt((index & MASK) << 2);
    }

    /** Sets the int at an index that has room. The writer alone. */
    public void set(int index, int value) {
        slabs[index >>> SLAB_BITS].putInt((index & MASK) << 2, value);
    }

    /** As {@link #get}; what was written before {@link #setRelease} of this value is seen behind it. */
    public int getAcquire(int index) {
        return (int) INT.getAcquire(slabs[index >>> SLAB_BITS], (index & MASK) << 2);
    }

    /** As {@link #set}, and publishes what was written before. */
    public void setRelease(int index, int value) {
        INT.setRelease(slabs[index >>> SLAB_BITS], (index & MASK) << 2, value);
    }
}
