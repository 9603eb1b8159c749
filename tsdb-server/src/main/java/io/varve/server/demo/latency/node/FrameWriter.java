package io.varve.server.demo.latency.node;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Writes messages between the processes of the example: length of the rest (4 bytes), kind (1), body. Numbers are big
 * endian. Several threads write, each holding the writer's monitor from {@link #begin} to {@link #flush}.
 */
public final class FrameWriter {

    static final int HEAD = Integer.BYTES + 1;

    private static final int BUFFER = 1 << 16;

    private final OutputStream out;
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private int start;

    /** A writer to a stream that needs no buffer. */
    public FrameWriter(OutputStream out) {
        this.out = out;
    }

    /**
     * Begins a message.
     *
     * @param most bytes that the body will take at most
     * @return takes the body, from its position on
     */
    public ByteBuffer begin(int kind, int most) throws IOException {
        if (buffer.remaining() < HEAD + most) {
            drain();
            if (buffer.capacity() < HEAD + most) {
                buffer = ByteBuffer.allocate(HEAD + most);
            }
        }
        start = buffer.position();
        buffer.putInt(0).put((byte) kind);
        return buffer;
    }

    /** Ends a message. */
    public void end() {
        buffer.putInt(start, buffer.position() - start - Integer.BYTES);
    }

    /** Sends what was written. */
    public void flush() throws IOException {
        drain();
        out.flush();
    }

    /** Writes and sends a message. */
    public synchronized void send(int kind, byte[] body, int length) throws IOException {
        begin(kind, length).put(body, 0, length);
        end();
        flush();
    }

    private void drain() throws IOException {
        out.write(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}
