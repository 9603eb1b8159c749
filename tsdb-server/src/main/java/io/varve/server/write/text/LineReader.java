package io.varve.server.write.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a stream into lines in a buffer that never grows beyond the longest line allowed. A longer line is passed over
 * and told as such. Mutable and for one thread; the bytes of a line are valid until the next one.
 */
final class LineReader {

    private static final int SMALL = 16 << 10;
    private static final InputStream NOTHING = InputStream.nullInputStream();

    private final int maxLine;
    private byte[] buffer = new byte[SMALL];
    private InputStream in = NOTHING;
    private int from;
    private int to;
    private int next;
    private int filled;
    private long number;
    private long total;
    private int longest;
    private boolean tooLong;
    private boolean atEnd;

    /**
     * A reader of lines.
     *
     * @param maxLine bytes of a line without its end
     */
    LineReader(int maxLine) {
        this.maxLine = maxLine;
    }

    /** Starts over at a stream, which the caller closes. */
    void reset(InputStream stream) {
        in = stream;
        next = 0;
        filled = 0;
        number = 0;
        total = 0;
        longest = 0;
        atEnd = false;
    }

    /** Goes to the next line; false at the end. */
    boolean next() throws IOException {
        tooLong = false;
        int scanned = next;
        while (true) {
            for (int i = scanned; i < filled; i++) {
                if (buffer[i] == '\n') {
                    return line(i, i + 1);
                }
            }
            scanned = filled;
            if (atEnd) {
                return (next < filled || tooLong) && line(filled, filled);
            }
            if (filled - next > maxLine + 1) { // one more for a carriage return
                tooLong = true;
            }
            if (tooLong) {
                next = filled;
            }
            scanned -= makeRoom();
            int read = in.read(buffer, filled, buffer.length - filled);
            if (read < 0) {
                atEnd = true;
            } else {
                filled += read;
                total += read;
            }
        }
    }

    private boolean line(int end, int after) {
        from = next;
        to = end > from && buffer[end - 1] == '\r' ? end - 1 : end;
        tooLong |= to - from > maxLine;
        longest = Math.max(longest, tooLong ? maxLine + 1 : to - from);
        next = after;
        number++;
        return true;
    }

    /** Moves what is unread to the front, or grows the buffer; returns by how much it moved. */
    private int makeRoom() {
        int moved = next;
        if (moved > 0) {
            System.arraycopy(buffer, next, buffer, 0, filled - next);
            filled -= moved;
            next = 0;
        }
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, maxLine + (long) SMALL));
        }
        return moved;
    }

    /** The buffer that holds the line. */
    byte[] bytes() {
        return buffer;
    }

    /** Where the line begins. */
    int from() {
        return from;
    }

    /** Where the line ends, without its end-of-line bytes. */
    int to() {
        return to;
    }

    /** Whether the line is longer than allowed; its bytes are not there then. */
    boolean tooLong() {
        return tooLong;
    }

    /** Number of the line, from 1. */
    long number() {
        return number;
    }

    /** Bytes of the longest line so far; one more than allowed stands for all that are longer. */
    int longest() {
        return longest;
    }

    /** Bytes read so far. */
    long total() {
        return total;
    }

    /** Lets go of the stream, and of a buffer that a long line has made large. */
    void trim() {
        in = NOTHING;
        if (buffer.length > SMALL) {
            buffer = new byte[SMALL];
        }
    }
}
