package io.varve.server.scrape.fetch;

import io.varve.server.scrape.series.ScrapeFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** Takes gzip apart into a buffer that is used again, up to a limit. One thread at a time. */
public final class Decompressor {

    private static final int SMALL = 256 << 10;

    private byte[] buffer = new byte[SMALL];
    private int length;

    /** A decompressor. */
    public Decompressor() {}

    /**
     * Decompresses an answer.
     *
     * @param limit bytes that it may have
     * @throws ScrapeFailure if it has more, or is damaged
     */
    public void decompress(byte[] bytes, int count, long limit) {
        length = 0;
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes, 0, count), 16 << 10)) {
            while (true) {
                if (length == buffer.length) {
                    buffer = Arrays.copyOf(buffer, (int) Math.min(limit + 1, 2L * buffer.length));
                }
                int read = in.read(buffer, length, buffer.length - length);
                if (read < 0) {
                    return;
                }
                length += read;
                if (length > limit) {
                    throw new ScrapeFailure("body_size_limit exceeded: limit=" + limit);
                }
            }
        } catch (IOException e) {
            throw new ScrapeFailure("damaged gzip: " + e.getMessage());
        }
    }

    /** What was decompressed, up to {@link #length()}. */
    public byte[] bytes() {
        return buffer;
    }

    /** Bytes of what was decompressed. */
    public int length() {
        return length;
    }

    /** Lets go of a buffer that a large answer has made large. */
    public void trim() {
        length = 0;
        if (buffer.length > 16 * SMALL) {
            buffer = new byte[SMALL];
        }
    }
}
