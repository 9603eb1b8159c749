package io.varve.core.fs;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file open for writing. Used by one thread at a time, except that {@link #force} may run beside writes. */
public interface WritableFile extends AutoCloseable {

    /** The path, as given to the file system. */
    String path();

    /**
     * Writes all remaining bytes at an offset, growing the file if needed. After an exception any prefix of the bytes
     * may be there.
     */
    void write(long offset, ByteBuffer bytes) throws IOException;

    /** Makes all bytes written before the call durable. After an exception nothing may be assumed about the file. */
    void force() throws IOException;

    /** Cuts the file to a size, in bytes. */
    void truncate(long size) throws IOException;

    @Override
    void close() throws IOException;
}
