package io.varve.server.http;

import java.nio.charset.StandardCharsets;

/**
 * The bytes of a body, borrowed from the server's pool: only the first {@link #length} bytes of {@link #array} count,
 * and none of them after the door has returned.
 */
public final class BodyBytes {

    private final byte[] array;
    private final int length;

    /** The first {@code length} bytes of an array, which is not copied. */
    @SuppressWarnings("ArrayHashCode") // wrapped, not compared
    public BodyBytes(byte[] array, int length) {
        if (length < 0 || length > array.length) {
            throw new IllegalArgumentException("length within the array: length=" + length + ", array=" + array.length);
        }
        this.array = array;
        this.length = length;
    }

    /** The array that holds the body from index 0; not to be changed. */
    public byte[] array() {
        return array;
    }

    /** Bytes of the body. */
    public int length() {
        return length;
    }

    /** The body as UTF-8 text. */
    public String text() {
        return new String(array, 0, length, StandardCharsets.UTF_8);
    }
}
