package io.varve.codec.bits;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A cursor over the bytes of one page. It reads inside the page's range only: whatever would leave it is a
 * {@link MalformedPageException}. The array belongs to the caller and is only read. One thread at a time.
 */
public final class PageReader {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int start;
    private int at;
    private int end;

    /**
     * Starts at the first byte of a page.
     *
     * @throws IndexOutOfBoundsException if the range is not inside the array: the caller's mistake, not the page's
     */
    public void reset(byte[] page, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, page.length);
        bytes = page;
        start = offset;
        at = offset;
        end = offset + length;
    }

    /** The array of the page, for kernels that read what {@link #take} handed out. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where the next byte stands in {@link #bytes}. */
    public int position() {
        return at;
    }

    /** Bytes that are left. */
    public int remaining() {
        return end - at;
    }

    /** An unsigned byte. */
    public int readByte() {
        return bytes[take(1)] & 0xff;
    }

    /** Eight bytes, little-endian. */
    public long readLong() {
        return (long) LONG.get(bytes, take(Long.BYTES));
    }

    /** An unsigned variable-length integer: seven bits a byte, low ones first, at most ten bytes. */
    public long readVarint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int b = readByte();
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                if (shift == 63 && b > 1) {
                    break;
                }
                return value;
            }
        }
        throw malformed("rule: a varint fits into 64 bits");
    }

    /** A signed integer: {@link #readVarint} with the sign in the lowest bit. */
    public long readSigned() {
        long value = readVarint();
        return (value >>> 1) ^ -(value & 1);
    }

    /**
     * A varint that must lie in a range.
     *
     * @param name what is read, for the message
     */
    public int readVarint(String name, int low, int high) {
        long value = readVarint();
        if (value < low || value > high) {
            throw malformed("rule: " + low + " <= " + name + " <= " + high + ", " + name + "=" + value);
        }
        return (int) value;
    }

    /**
     * Passes over bytes.
     *
     * @param length how many, not negative
     * @return where they start in {@link #bytes}
     */
    public int take(int length) {
        if (length > end - at) {
            throw malformed("rule: needed <= remaining, needed=" + length + ", remaining=" + (end - at));
        }
        int from = at;
        at += length;
        return from;
    }

    /**
     * Makes the page end after so many bytes, until {@link #widen}: for a part that ends where its page does.
     *
     * @return where the page really ends, for {@link #widen}
     */
    public int narrow(int length) {
        if (length > end - at) {
            throw malformed("rule: needed <= remaining, needed=" + length + ", remaining=" + (end - at));
        }
        int kept = end;
        end = at + length;
        return kept;
    }

    /** Requires that the part ends here and undoes {@link #narrow}. */
    public void widen(int pageEnd) {
        if (at != end) {
            throw malformed("rule: remaining=0, remaining=" + (end - at));
        }
        end = pageEnd;
    }

    /** Requires that the page ends here and forgets its array. */
    public void finish() {
        if (at != end) {
            throw malformed("rule: remaining=0, remaining=" + (end - at));
        }
        bytes = NOTHING;
        start = 0;
        at = 0;
        end = 0;
    }

    /** The violation of a rule at the present place. */
    public MalformedPageException malformed(String reason) {
        return new MalformedPageException(at - start, reason);
    }
}
