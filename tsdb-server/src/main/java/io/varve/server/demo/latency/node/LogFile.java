package io.varve.server.demo.latency.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Where the log keeps what was appended: records of length, position, checksum and command, written and forced batch by
 * batch. Its room is written and forced before it is used, so that a force has no sizes to write, and it begins anew
 * when it is full. One thread.
 */
final class LogFile implements AutoCloseable {

    private static final long FULL = 16L << 20;
    private static final int BUFFER = 1 << 20;
    private static final int HEAD = 2 * Integer.BYTES + Long.BYTES;

    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final CRC32C crc = new CRC32C();
    private long end;

    LogFile(Path directory) throws IOException {
        Files.createDirectories(directory);
        file = FileChannel.open(
                directory.resolve("log"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        while (end < FULL) {
            buffer.clear();
            end += file.write(buffer, end);
        }
        buffer.clear();
        file.force(true);
    }

    /** Adds a record to the batch. */
    void add(long position, byte[] command, int length) throws IOException {
        if (buffer.remaining() < HEAD + length) {
            write();
        }
        crc.reset();
        crc.update(command, 0, length);
        buffer.putInt(length).putLong(position).putInt((int) crc.getValue()).put(command, 0, length);
    }

    /** Writes and forces the batch. */
    void commit() throws IOException {
        write();
        file.force(false);
    }

    private void write() throws IOException {
        if (end + buffer.position() > FULL) {
            end = 0;
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
            end += file.write(buffer, end);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
