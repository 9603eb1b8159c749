package io.varve.core.head;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.slab.ByteSlabs;
import io.varve.core.slab.SlabMemory;

/**
 * Encoded pages of all series of a generation, one behind the other in slabs of bytes. Append-only: what a published
 * reference leads to never changes. Written by the agent, read by any thread.
 *
 * <p>A page is named by its place. It is kept as
 *
 * <pre>
 * | 5 bytes: the series' page before it | 2 bytes: length | length bytes: a page of values |
 * </pre>
 */
final class PageSlabs {

    /** Bits of a reference; the five bytes of a link hold them all. */
    static final int REFERENCE_BITS = 38;

    private static final int LINK_BYTES = 5;
    private static final int HEAD_BYTES = LINK_BYTES + 2;

    private final ByteSlabs pages;

    PageSlabs(SlabMemory memory) {
        pages = new ByteSlabs(memory);
    }

    /**
     * Encodes a page.
     *
     * @param before reference of the series' page before it; any if there is none
     * @return its reference
     */
    long append(PageScratch scratch, double[] values, int count, long before) {
        int length = scratch.codec.encodeValues(values, 0, count, scratch.bytes, 0);
        long reference = pages.reserve(HEAD_BYTES + length);
        if ((reference + HEAD_BYTES + length) >>> REFERENCE_BITS != 0) {
            throw new AssertionError("BUG: a generation was not frozen: bytes of pages=" + reference);
        }
        pages.setInt(reference, (int) before);
        pages.set(reference + Integer.BYTES, (byte) (before >>> Integer.SIZE));
        pages.setShort(reference + LINK_BYTES, (short) length);
        pages.set(reference + HEAD_BYTES, scratch.bytes, 0, length);
        return reference;
    }

    /** The series' page before a page. */
    long before(long reference) {
        return pages.getInt(reference) & 0xffff_ffffL | (pages.get(reference + Integer.BYTES) & 0xffL) << Integer.SIZE;
    }

    /** Bytes of a page. */
    int length(long reference) {
        return pages.getShort(reference + LINK_BYTES);
    }

    /** Decodes a page of so many values. */
    void decode(long reference, int count, PageScratch scratch, double[] target, int targetOffset) {
        int length = pages.getShort(reference + LINK_BYTES);
        pages.get(reference + HEAD_BYTES, scratch.bytes, 0, length);
        scratch.read += length;
        int found;
        try {
            found = scratch.codec.decodeValues(scratch.bytes, 0, length, target, targetOffset);
        } catch (MalformedPageException e) {
            throw new AssertionError("BUG: a page of the head is malformed: reference=" + reference, e);
        }
        if (found != count) {
            throw new AssertionError("BUG: a page of the head has values=" + found + ", expected=" + count);
        }
    }
}
