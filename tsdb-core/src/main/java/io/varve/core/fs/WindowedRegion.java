package io.varve.core.fs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A mapped file seen through buffers of at most 2 GiB. Windows begin every {@link #STRIDE} bytes and are twice as long,
 * so that each slice of up to {@link #STRIDE} bytes lies in one of them whole.
 *
 * <p>Reads are absolute, so any number of threads may share a region. A device that cannot deliver a page raises an
 * {@link InternalError} in the reading thread; it is turned into an {@link UncheckedIOException} here and nowhere else.
 */
final class WindowedRegion implements MappedRegion {

    /** Distance of the beginnings of two windows, and the most bytes of a slice. */
    static final long STRIDE = 512L << 20;

    private static volatile int smallLength = 2;

    private final String path;
    private final long size;
    private final ByteBuffer[] windows;
    private final Runnable release;
    private volatile boolean closed;

    /** Gives one window: a buffer over bytes {@code offset} to {@code offset + length}. */
    @FunctionalInterface
    interface WindowSource {
        ByteBuffer window(long offset, int length) throws IOException;
    }

    private WindowedRegion(String path, long size, ByteBuffer[] windows, Runnable release) {
        this.path = path;
        this.size = size;
        this.windows = windows;
        this.release = release;
    }

    static WindowedRegion of(String path, long size, WindowSource source, Runnable release) throws IOException {
        int count = size == 0 ? 0 : (int) Math.max(1, (size + STRIDE - 1) / STRIDE - 1);
        ByteBuffer[] windows = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            long offset = i * STRIDE;
            int length = (int) Math.min(2 * STRIDE, size - offset);
            windows[i] = source.window(offset, length).order(ByteOrder.LITTLE_ENDIAN);
        }
        return new WindowedRegion(path, size, windows, release);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public ByteBuffer slice(long offset, int length) {
        check(offset, length);
        if (length == 0) {
            return ByteBuffer.allocate(0).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }
        if (length > STRIDE) {
            throw new IndexOutOfBoundsException("a slice of at most 512 MiB: length=" + length + ", path=" + path);
        }
        int window = window(offset);
        return windows[window]
                .slice((int) (offset - window * STRIDE), length)
                .asReadOnlyBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void copy(long offset, byte[] target, int targetOffset, int length) {
        check(offset, length);
        if (targetOffset < 0 || length > target.length - targetOffset) {
            throw new IndexOutOfBoundsException(
                    "a range of the array: offset=" + targetOffset + ", length=" + length + ", array=" + target.length);
        }
        long from = offset;
        int to = targetOffset;
        int left = length;
        try {
            while (left > 0) {
                int window = window(from);
                int start = (int) (from - window * STRIDE);
                int part = Math.min(left, windows[window].limit() - start);
                windows[window].get(start, target, to, part);
                from += part;
                to += part;
                left -= part;
            }
            deliverPendingFault();
        } catch (InternalError fault) {
            throw new UncheckedIOException(
                    "cannot read " + path + ": offset=" + offset + ", length=" + length,
                    new IOException("the device did not deliver a mapped page", fault));
        }
    }

    /**
     * Up to JDK 20 a fault of compiled code is raised only when the thread next enters the runtime, which may be long
     * after {@link #copy} has returned. Making an array of arrays of lengths that the compiler cannot know always
     * enters it, so that the fault is raised here. About 100 ns.
     */
    private static void deliverPendingFault() {
        int length = smallLength;
        smallLength = new byte[length][length].length;
    }

    private int window(long offset) {
        return (int) Math.min(offset / STRIDE, windows.length - 1);
    }

    private void check(long offset, int length) {
        if (closed) {
            throw new IllegalStateException("an open map: path=" + path);
        }
        if (offset < 0 || length < 0 || length > size - offset) {
            throw new IndexOutOfBoundsException("a range of the map: path=" + path + ", size=" + size + ", offset="
                    + offset + ", length=" + length);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            release.run();
        }
    }
}
