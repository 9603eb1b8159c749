package io.varve.core.block;

import io.varve.core.fs.FileSystem;
import io.varve.core.fs.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The growing end of a block's file: buffers small writes, and forces as it goes so that the last force is short. */
final class PageFile implements AutoCloseable {

    private static final int BUFFER_BYTES = 256 << 10;
    private static final long FORCE_EVERY = 4L << 20;

    private final WritableFile file;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long written;
    private long forced;

    PageFile(FileSystem fs, String path) throws IOException {
        this.file = fs.create(path);
    }

    /** Where the next byte goes. */
    long position() {
        return written + buffer.position();
    }

    void append(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int part = Math.min(end - at, buffer.remaining());
            buffer.put(bytes, at, part);
            at += part;
            if (!buffer.hasRemaining()) {
                flush();
            }
        }
    }

    /** Appends a section and says where it stands. */
    BlockFormat.Section section(int id, byte[] bytes, int length) throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        long offset = position();
        append(bytes, 0, length);
        return new BlockFormat.Section(id, offset, length, (int) crc.getValue());
    }

    private void flush() throws IOException {
        buffer.flip();
        int length = buffer.remaining();
        file.write(written, buffer);
        written += length;
        buffer.clear();
        if (written - forced >= FORCE_EVERY) {
            file.force();
            forced = written;
        }
    }

    /** Writes and forces everything. */
    void finish() throws IOException {
        flush();
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
