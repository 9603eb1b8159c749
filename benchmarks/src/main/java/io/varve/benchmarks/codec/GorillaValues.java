package io.varve.benchmarks.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The baseline for values: XOR with the value before, after Pelkonen et al., "Gorilla: A Fast, Scalable, In-Memory Time
 * Series Database", VLDB 2015, section 4.1.2. Bits go from the highest of a byte to the lowest.
 *
 * <pre>
 * first value   64 bits
 * same value    0
 * same window   10, the bits between the leading and trailing zeros of the last window that was written
 * new window    11, leading zeros (5 bits, at most 31), bits in between less one (6 bits), these bits
 * </pre>
 *
 * <p>The count is not in the bytes. One thread uses an instance at a time; nothing is allocated while it works.
 */
final class GorillaValues {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int MAX_LEADING = 31;
    private static final int CONTROL_BITS = 2;
    private static final int WINDOW_BITS = CONTROL_BITS + 5 + 6;

    private byte[] target = new byte[0];
    private int position;
    /** Bits that are not written yet, from the highest down; the lowest {@link #room} are free. */
    private long pending;

    private int room;

    /** The most bytes that so many values can take. */
    static int maxEncodedBytes(int count) {
        return Long.BYTES + (count * (WINDOW_BITS + Long.SIZE) + 7) / Byte.SIZE;
    }

    /**
     * Encodes values.
     *
     * @param values any bits
     * @param offset of the first value
     * @param count how many, at least 1
     * @param bytes has room for {@link #maxEncodedBytes}
     * @param bytesOffset where the first byte goes
     * @return bytes written
     */
    int encode(double[] values, int offset, int count, byte[] bytes, int bytesOffset) {
        Objects.checkFromIndexSize(bytesOffset, maxEncodedBytes(count), bytes.length);
        target = bytes;
        position = bytesOffset;
        pending = 0;
        room = Long.SIZE;
        long last = Double.doubleToRawLongBits(values[offset]);
        write(last, Long.SIZE);
        int leading = Long.SIZE;
        int trailing = 0;
        for (int i = 1; i < count; i++) {
            long bits = Double.doubleToRawLongBits(values[offset + i]);
            long xor = bits ^ last;
            last = bits;
            if (xor == 0) {
                write(0, 1);
                continue;
            }
            int zerosBefore = Long.numberOfLeadingZeros(xor);
            int zerosAfter = Long.numberOfTrailingZeros(xor);
            if (zerosBefore >= leading && zerosAfter >= trailing) {
                write(0b10, CONTROL_BITS);
            } else {
                leading = Math.min(MAX_LEADING, zerosBefore);
                trailing = zerosAfter;
                write(0b11L << 11 | (long) leading << 6 | (Long.SIZE - leading - trailing - 1), WINDOW_BITS);
            }
            write(xor >>> trailing, Long.SIZE - leading - trailing);
        }
        return flush() - bytesOffset;
    }

    /**
     * Decodes values.
     *
     * @param bytes hold the values
     * @param offset of the first byte
     * @param length in bytes
     * @param count how many values were encoded
     * @param values take them
     * @param valuesOffset where the first goes
     * @throws IllegalArgumentException if the bytes do not hold so many values
     */
    void decode(byte[] bytes, int offset, int length, int count, double[] values, int valuesOffset) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int end = offset + length;
        long bit = (long) offset * Byte.SIZE;
        long last = bitsAt(bytes, end, bit);
        bit += Long.SIZE;
        values[valuesOffset] = Double.longBitsToDouble(last);
        int width = 0;
        int trailing = 0;
        for (int i = 1; i < count; i++) {
            long next = bitsAt(bytes, end, bit);
            if (next >= 0) {
                bit++;
            } else {
                bit += CONTROL_BITS;
                if ((next << 1) < 0) {
                    width = (int) (next >>> 51 & 63) + 1;
                    trailing = Long.SIZE - width - (int) (next >>> 57 & 31);
                    bit += WINDOW_BITS - CONTROL_BITS;
                }
                if (width == 0 || trailing < 0) {
                    throw new IllegalArgumentException("rule: window within 64 bits, index=" + i);
                }
                last ^= bitsAt(bytes, end, bit) >>> (Long.SIZE - width) << trailing;
                bit += width;
            }
            values[valuesOffset + i] = Double.longBitsToDouble(last);
        }
        if (bit > (long) end * Byte.SIZE) {
            throw new IllegalArgumentException("rule: bytes hold count values, count=" + count + ", length=" + length);
        }
    }

    /** Appends the lowest bits of a number, 1 to 64; those above are 0. */
    private void write(long bits, int count) {
        int spill = count - room;
        if (spill < 0) {
            pending |= bits << -spill;
            room = -spill;
            return;
        }
        LONGS.set(target, position, pending | bits >>> spill);
        position += Long.BYTES;
        pending = spill == 0 ? 0 : bits << (Long.SIZE - spill);
        room = Long.SIZE - spill;
    }

    /** Writes the bytes that are begun; returns where they end. */
    private int flush() {
        for (int used = Long.SIZE - room; used > 0; used -= Byte.SIZE) {
            target[position++] = (byte) (pending >>> (Long.SIZE - Byte.SIZE));
            pending <<= Byte.SIZE;
        }
        return position;
    }

    /** The 64 bits from a position on; zeros behind the end. */
    private static long bitsAt(byte[] bytes, int end, long bit) {
        int index = (int) (bit >>> 3);
        int shift = (int) bit & 7;
        if (index + Long.BYTES < end) {
            return (long) LONGS.get(bytes, index) << shift | (bytes[index + Long.BYTES] & 0xff) >>> (Byte.SIZE - shift);
        }
        long bits = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            bits = bits << Byte.SIZE | byteAt(bytes, end, index + i);
        }
        return bits << shift | byteAt(bytes, end, index + Long.BYTES) >>> (Byte.SIZE - shift);
    }

    private static long byteAt(byte[] bytes, int end, int index) {
        return index < end ? bytes[index] & 0xff : 0;
    }
}
