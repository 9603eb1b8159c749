package io.varve.core.slab;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bytes behind each other, named by their place. Append-only. One thread writes; another may read what it has learnt of
 * by an acquire that follows the writer's release.
 */
public final class ByteSlabs {

    private static final int SLAB_BITS = 16;
    private static final int SLAB = SlabPool.SLAB_BYTES;

    private final SlabMemory memory;
    private volatile ByteBuffer[] slabs = {};
    private long end;

    /** An empty array whose bytes count for an owner. */
    public ByteSlabs(SlabMemory memory) {
        this.memory = memory;
    }

    /** The place of the next byte. The writer alone. */
    public long end() {
        return end;
    }

    private void ensure(long limit) {
        ByteBuffer[] old = slabs;
        int needed = Math.toIntExact((limit + SLAB - 1) >>> SLAB_BITS);
        if (needed > old.length) {
            ByteBuffer[] more = Arrays.copyOf(old, needed);
            for (int i = old.length; i < needed; i++) {
                more[i] = memory.slab();
            }
            slabs = more;
        }
    }

    /** Takes room for so many bytes in one slab; returns the place of the first. The writer alone. */
    public long reserve(int length) {
        if (length > SLAB) {
            throw new AssertionError("BUG: more than a slab reserved: bytes=" + length);
        }
        if ((end & (SLAB - 1)) + length > SLAB) {
            end = (end + SLAB - 1) & -SLAB;
        }
        ensure(end + length);
        long at = end;
        end += length;
        return at;
    }

    /** Appends bytes; returns the place of the first. The writer alone. */
    public long append(byte[] source, int offset, int length) {
        ensure(end + length);
        long at = end;
        for (int done = 0; done < length; ) {
            int in = (int) (end + done) & (SLAB - 1);
            int part = Math.min(length - done, SLAB - in);
            slabs[(int) ((end + done) >>> SLAB_BITS)].put(in, source, offset + done, part);
            done += part;
        }
        end += length;
        return at;
    }

    /** The byte at a place. */
    public byte get(long at) {
        return slabs[(int) (at >>> SLAB_BITS)].get((int) at & (SLAB - 1));
    }

    /** Sets the byte at a place that has room. The writer alone. */
    public void set(long at, byte value) {
        slabs[(int) (at >>> SLAB_BITS)].put((int) at & (SLAB - 1), value);
    }

    /** Sets bytes at a place where they lie in one slab. The writer alone. */
    public void set(long at, byte[] source, int offset, int length) {
        slabs[(int) (at >>> SLAB_BITS)].put((int) at & (SLAB - 1), source, offset, length);
    }

    /** The short at a place whose two bytes lie in one slab. */
    public int getShort(long at) {
        return slabs[(int) (at >>> SLAB_BITS)].getShort((int) at & (SLAB - 1));
    }

    /** Sets the short at such a place. The writer alone. */
    public void setShort(long at, short value) {
        slabs[(int) (at >>> SLAB_BITS)].putShort((int) at & (SLAB - 1), value);
    }

    /** The int at a place whose four bytes lie in one slab. */
    public int getInt(long at) {
        return slabs[(int) (at >>> SLAB_BITS)].getInt((int) at & (SLAB - 1));
    }

    /** Sets the int at such a place. The writer alone. */
    public void setInt(long at, int value) {
        slabs[(int) (at >>> SLAB_BITS)].putInt((int) at & (SLAB - 1), value);
    }

    /** Copies bytes out. */
    public void get(long at, byte[] target, int offset, int length) {
        ByteBuffer[] all = slabs;
        for (int done = 0; done < length; ) {
            int in = (int) (at + done) & (SLAB - 1);
            int part = Math.min(length - done, SLAB - in);
            all[(int) ((at + done) >>> SLAB_BITS)].get(in, target, offset + done, part);
            done += part;
        }
    }

    /** Whether the bytes at a place are these. */
    public boolean equals(long at, byte[] bytes, int offset, int length) {
        for (int i = 0; i < length; i++) {
            if (get(at + i) != bytes[offset + i]) {
                return false;
            }
        }
        return true;
    }
}
