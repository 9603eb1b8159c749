package io.varve.core.slab;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory outside the heap of one owner, who gives all of it back at once. One thread takes; any may ask for the
 * size.
 */
public final class SlabMemory {

    private final SlabPool pool;
    private final List<ByteBuffer> slabs = new ArrayList<>();
    private volatile long bytes;

    /** Memory that comes from a pool. */
    public SlabMemory(SlabPool pool) {
        this.pool = pool;
    }

    /** Bytes taken so far. */
    public long bytes() {
        return bytes;
    }

    ByteBuffer slab() {
        ByteBuffer slab = pool.take();
        slabs.add(slab);
        add(slab.capacity());
        return slab;
    }

    /** A table of zeros, which the collector frees when nothing refers to it any more. */
    ByteBuffer table(int size) {
        ByteBuffer table = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
        add(size);
        return table;
    }

    /** A table has been replaced; readers may still hold it. */
    void dropped(ByteBuffer table) {
        add(-table.capacity());
    }

    private void add(long more) {
        long before = bytes; // one thread takes: a plain sum is enough
        bytes = before + more;
    }

    /** Gives all slabs back. Nobody may read or write the arrays over them any more. */
    public void release() {
        slabs.forEach(pool::give);
        slabs.clear();
        bytes = 0;
    }
}
