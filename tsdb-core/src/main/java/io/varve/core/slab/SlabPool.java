package io.varve.core.slab;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Slabs that are free: memory outside the heap is only given back by the collector, so what one owner leaves another
 * one takes. Any thread.
 */
public final class SlabPool {

    /** Bytes of a slab. */
    static final int SLAB_BYTES = 1 << 16;

    private static final byte[] ZEROS = new byte[SLAB_BYTES];

    private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();
    private final AtomicLong freeBytes = new AtomicLong();

    /** Bytes that are kept for the next owner. */
    public long freeBytes() {
        return freeBytes.get();
    }

    /** A slab of zeros. */
    ByteBuffer take() {
        ByteBuffer slab = free.poll();
        if (slab == null) {
            return ByteBuffer.allocateDirect(SLAB_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        }
        freeBytes.addAndGet(-SLAB_BYTES);
        return slab.put(0, ZEROS);
    }

    /** Takes a slab back to which nobody refers any more. */
    void give(ByteBuffer slab) {
        free.add(slab);
        freeBytes.addAndGet(SLAB_BYTES);
    }
}
