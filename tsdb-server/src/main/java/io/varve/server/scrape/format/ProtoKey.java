package io.varve.server.scrape.format;

import java.util.Arrays;

/**
 * The key of a series of a protobuf message: what names it, in bytes.
 *
 * <pre>
 *   0 (no text begins so) | kind: 0 plain, 1 _count, 2 _sum, 3 _bucket, 4 quantile | bound: eight bytes, of 3 and 4
 *   | length of the name: two bytes | name | label pairs as they came: length-delimited fields with one tag byte
 * </pre>
 *
 * <p>Built again and again in one array. One thread at a time.
 */
final class ProtoKey {

    static final byte MARK = 0;
    static final byte PLAIN = 0;
    static final byte COUNT = 1;
    static final byte SUM = 2;
    static final byte BUCKET = 3;
    static final byte QUANTILE = 4;
    /** What is said about a metric of the first type; its bound is the length of the help, which follows the name. */
    static final byte FIRST_TYPE = 5;

    /** Where the length of the name stands. */
    static final int NAME_LENGTH = 2 + Long.BYTES;

    /** Where the name stands. */
    static final int NAME = NAME_LENGTH + 2;

    private byte[] bytes = new byte[512];
    private int length;

    /** Begins with a name; labels follow. */
    void name(byte[] from, int at, int nameLength) {
        if (nameLength > 0xffff) {
            throw new MalformedExpositionException("a metric's name of " + nameLength + " bytes");
        }
        require(NAME + nameLength);
        bytes[NAME_LENGTH] = (byte) (nameLength >>> 8);
        bytes[NAME_LENGTH + 1] = (byte) nameLength;
        System.arraycopy(from, at, bytes, NAME, nameLength);
        length = NAME + nameLength;
    }

    /** Adds a label as it came. */
    void label(byte[] from, int at, int fieldLength) {
        if (length + fieldLength > ExpositionParser.MAX_LINE) {
            throw new MalformedExpositionException("labels of more than " + ExpositionParser.MAX_LINE + " bytes");
        }
        require(length + fieldLength);
        System.arraycopy(from, at, bytes, length, fieldLength);
        length += fieldLength;
    }

    /** Goes back to a length that it had. */
    void cut(int to) {
        length = to;
    }

    /** Says which series of the metric it is. */
    void kind(byte kind, double bound) {
        bytes[0] = MARK;
        bytes[1] = kind;
        long bits = Double.doubleToRawLongBits(bound);
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[2 + i] = (byte) (bits >>> (8 * i));
        }
    }

    /** The bound of a key. */
    static double bound(byte[] key, int from) {
        long bits = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            bits |= (key[from + 2 + i] & 0xffL) << (8 * i);
        }
        return Double.longBitsToDouble(bits);
    }

    private void require(int capacity) {
        if (bytes.length < capacity) {
            bytes = Arrays.copyOf(bytes, 2 * capacity);
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }
}
