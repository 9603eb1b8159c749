package io.varve.core.head;

import io.varve.codec.PageCodec;
import io.varve.codec.bits.MalformedPageException;
import java.util.Arrays;

/**
 * Encoded pages of all series of a generation, one behind the other in slabs of bytes. Append-only: what a published
 * reference leads to never changes. Written by the agent, read by any thread.
 *
 * <p>A page is named by its place: slab number × slab size + offset. It is kept as
 *
 * <pre>
 * | 5 bytes: the series' page before it | 2 bytes: length | length bytes: a page of values |
 * </pre>
 */
final class PageSlabs {

    /** Bits of a reference; the five bytes of a link hold them all. */
    static final int REFERENCE_BITS = 38;

    private static final int SLAB_BITS = 16;
    private static final int SLAB = 1 << SLAB_BITS;
    private static final int LINK_BYTES = 5;
    private static final int HEAD_BYTES = LINK_BYTES + 2;

    private volatile byte[][] slabs = new byte[0][];
    private long end;

    /**
     * Encodes a page.
     *
     * @param before reference of the series' page before it; any if there is none
     * @return its reference
     */
    long append(PageCodec codec, double[] values, int count, long before) {
        int at = (int) end & (SLAB - 1);
        boolean full = end >>> SLAB_BITS == slabs.length;
        if (full || SLAB - at < HEAD_BYTES + PageCodec.maxEncodedBytes(count)) {
            end = (long) slabs.length << SLAB_BITS;
            at = 0;
            byte[][] more = Arrays.copyOf(slabs, slabs.length + 1);
            more[slabs.length] = new byte[SLAB];
            slabs = more;
        }
        byte[] slab = slabs[(int) (end >>> SLAB_BITS)];
        int length = codec.encodeValues(values, 0, count, slab, at + HEAD_BYTES);
        for (int i = 0; i < LINK_BYTES; i++) {
            slab[at + i] = (byte) (before >>> Byte.SIZE * i);
        }
        slab[at + LINK_BYTES] = (byte) length;
        slab[at + LINK_BYTES + 1] = (byte) (length >>> Byte.SIZE);
        long reference = end;
        end += HEAD_BYTES + length;
        if (end >>> REFERENCE_BITS != 0) {
            throw new AssertionError("BUG: a generation was not frozen: bytes of pages=" + end);
        }
        return reference;
    }

    /** The series' page before a page. */
    long before(long reference) {
        byte[] slab = slabs[(int) (reference >>> SLAB_BITS)];
        int at = (int) reference & (SLAB - 1);
        long before = 0;
        for (int i = 0; i < LINK_BYTES; i++) {
            before |= (slab[at + i] & 0xFFL) << Byte.SIZE * i;
        }
        return before;
    }

    /** Decodes a page of so many values. */
    void decode(long reference, int count, PageCodec codec, double[] target, int targetOffset) {
        byte[] slab = slabs[(int) (reference >>> SLAB_BITS)];
        int at = (int) reference & (SLAB - 1);
        int length = slab[at + LINK_BYTES] & 0xFF | (slab[at + LINK_BYTES + 1] & 0xFF) << Byte.SIZE;
        int found;
        try {
            found = codec.decodeValues(slab, at + HEAD_BYTES, length, target, targetOffset);
        } catch (MalformedPageException e) {
            throw new AssertionError("BUG: a page of the head is malformed: reference=" + reference, e);
        }
        if (found != count) {
            throw new AssertionError("BUG: a page of the head has values=" + found + ", expected=" + count);
        }
    }

    /** Memory in bytes. */
    long bytes() {
        return (long) slabs.length << SLAB_BITS;
    }
}
