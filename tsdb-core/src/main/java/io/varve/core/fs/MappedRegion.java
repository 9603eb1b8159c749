package io.varve.core.fs;

import java.nio.ByteBuffer;

/**
 * A finished file in memory, read-only. Any number of threads may read it. Whoever holds it counts its readers and
 * closes it after the last: buffers taken from it are invalid after {@link #close}.
 */
public interface MappedRegion extends AutoCloseable {

    /** Size in bytes. */
    long size();

    /**
     * A read-only, little-endian view of a part.
     *
     * @throws IndexOutOfBoundsException if the part does not lie in the region
     */
    ByteBuffer slice(long offset, int length);

    /**
     * Copies a part into an array; the way to read pages.
     *
     * @throws IndexOutOfBoundsException if the part does not lie in the region or the array
     * @throws java.io.UncheckedIOException if the device cannot deliver it
     */
    void copy(long offset, byte[] target, int targetOffset, int length);

    @Override
    void close();
}
