package io.varve.core.slab;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;

/** The memory outside the heap of one owner. Any thread. */
public final class SlabMemory {

    private final AtomicLong bytes = new AtomicLong();

    /** Bytes taken so far. */
    public long bytes() {
        return bytes.get();
    }

    /** A slab of zeros; it is given back when nothing refers to it any more. */
    ByteBuffer take(int size) {
        ByteBuffer slab = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
        bytes.addAndGet(size);
        return slab;
    }

    /** A slab is no longer referred to by its array; readers may still hold it. */
    void dropped(ByteBuffer slab) {
        bytes.addAndGet(-slab.capacity());
    }
}
