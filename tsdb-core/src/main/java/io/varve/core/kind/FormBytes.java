package io.varve.core.kind;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSink;
import io.varve.core.index.ByteSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Texts and doubles as all forms write them. */
public final class FormBytes {

    private FormBytes() {}

    /** Adds a text: its length in bytes as a varint, then UTF-8. */
    public static void text(ByteSink out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.varint(utf8.length);
        out.put(utf8, 0, utf8.length);
    }

    /** Reads a text. */
    public static String text(ByteSource in) {
        byte[] utf8 = new byte[in.varint(in.remaining())];
        in.get(utf8, 0, utf8.length);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /**
     * Adds a double: its bits with their bytes in reverse order, as a varint. Most doubles that people count with end
     * in zero bytes, which then cost nothing.
     */
    public static void number(ByteSink out, double value) {
        bits(out, Double.doubleToRawLongBits(value));
    }

    /** Adds the bits of a double, as {@link #number} does. */
    static void bits(ByteSink out, long bits) {
        out.varint(Long.reverseBytes(bits));
    }

    /** Reads a double. */
    public static double number(ByteSource in) {
        return Double.longBitsToDouble(bits(in));
    }

    static long bits(ByteSource in) {
        return Long.reverseBytes(in.varint());
    }

    /**
     * A source of a part of an array, and of nothing behind it.
     *
     * @throws MalformedPageException if the part does not lie in the array
     */
    public static ByteSource source(byte[] bytes, int offset, int length) {
        if (offset < 0 || length < 0 || length > bytes.length - offset) {
            throw new MalformedPageException(0, "a part of " + bytes.length + " bytes: length=" + length);
        }
        ByteBuffer part = ByteBuffer.wrap(bytes, 0, offset + length).order(ByteOrder.LITTLE_ENDIAN);
        return new ByteSource(part, offset);
    }

    /** Says that a form ends where its bytes end. */
    static void requireEnd(ByteSource in) {
        if (!in.isAtEnd()) {
            throw new MalformedPageException(in.position(), "the end of a form: left=" + in.remaining());
        }
    }
}
