package io.varve.server.http;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Holds a body while it is small, and hands it on in pieces from when on it is not: a small answer keeps its length in
 * its head, a large one takes no more memory than a piece. One thread.
 */
final class AnswerStream extends OutputStream {

    /** Bytes of a piece, and of the largest answer that is held as a whole. */
    static final int PIECE = 128 << 10;

    /** Begins to send an answer. */
    @FunctionalInterface
    interface Opening {
        OutputStream open() throws IOException;
    }

    private final Opening opening;
    private byte[] piece = new byte[4 << 10];
    private int length;
    private @Nullable OutputStream target;

    AnswerStream(Opening opening) {
        this.opening = opening;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int count) throws IOException {
        int at = offset;
        int left = count;
        while (left > 0) {
            if (length == PIECE) {
                send();
            }
            if (length + left > piece.length) {
                piece = java.util.Arrays.copyOf(piece, Math.min(PIECE, Math.max(2 * piece.length, length + left)));
            }
            int part = Math.min(left, piece.length - length);
            System.arraycopy(from, at, piece, length, part);
            length += part;
            at += part;
            left -= part;
        }
    }

    private void send() throws IOException {
        OutputStream out = target;
        if (out == null) {
            out = opening.open();
            target = out;
        }
        out.write(piece, 0, length);
        length = 0;
    }

    /** Whether a part of the answer is on its way. */
    boolean isOpen() {
        return target != null;
    }

    /** The whole body, if nothing was sent yet. */
    HttpAnswer whole(HttpAnswer head) {
        return head.withBody(piece, length);
    }

    /** Sends what is left and ends the body. */
    void end() throws IOException {
        send();
        OutputStream out = target;
        if (out != null) {
            out.close();
        }
    }
}
