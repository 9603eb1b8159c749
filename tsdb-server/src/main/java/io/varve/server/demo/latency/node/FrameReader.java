package io.varve.server.demo.latency.node;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads what {@link FrameWriter} writes. One thread. */
public final class FrameReader {

    /** Longest body that is believed. */
    public static final int MAX_BODY = 16 << 20;

    /** What {@link #next} answers at the end. */
    public static final int END = -1;

    private static final int BUFFER = 1 << 17;

    private final DataInputStream in;
    private long fills;
    private byte[] body = new byte[1 << 12];
    private int length;

    /** A reader of a stream. */
    public FrameReader(InputStream in) {
        this.in = new DataInputStream(new BufferedInputStream(new Counted(in), BUFFER));
    }

    /** Counts how often it is read. */
    private final class Counted extends FilterInputStream {

        Counted(InputStream source) {
            super(source);
        }

        @Override
        public int read(byte[] bytes, int offset, int most) throws IOException {
            int count = super.read(bytes, offset, most);
            fills++;
            return count;
        }
    }

    /** How often the stream was read so far: messages between which it was not have come together. */
    public long fills() {
        return fills;
    }

    /**
     * Reads the next message.
     *
     * @return its kind; {@link #END} if the other side has closed
     * @throws IOException if it is cut off, or its length is not to be believed
     */
    public int next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return END;
        }
        int rest = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
        if (rest < 1 || rest > MAX_BODY) {
            throw new IOException("length of a message from 1 to " + MAX_BODY + ": length=" + rest);
        }
        int kind = in.readUnsignedByte();
        length = rest - 1;
        if (body.length < length) {
            body = new byte[length];
        }
        try {
            in.readFully(body, 0, length);
        } catch (EOFException e) {
            throw new IOException("a message is cut off: kind=" + kind + ", length=" + length, e);
        }
        return kind;
    }

    /** The body's bytes, from 0 on; they hold until the next message. */
    public byte[] bytes() {
        return body;
    }

    /** Length of the body. */
    public int length() {
        return length;
    }

    /** The body, to be read; it holds until the next message. */
    public ByteBuffer body() {
        return ByteBuffer.wrap(body, 0, length);
    }
}
