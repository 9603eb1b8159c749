package io.varve.core.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/** A file of a {@link SimulatedFileSystem}, open for writing; guarded by the lock of that file system. */
final class SimulatedFile implements WritableFile {

    private final SimulatedFileSystem fs;
    private final SimulatedFaults faults;
    private final String path;
    private final SimulatedContent content;
    private boolean closed;

    SimulatedFile(SimulatedFileSystem fs, SimulatedFaults faults, String path, SimulatedContent content) {
        this.fs = fs;
        this.faults = faults;
        this.path = path;
        this.content = content;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public void write(long offset, ByteBuffer bytes) throws IOException {
        synchronized (fs) {
            checkOpen();
            boolean fails = faults.count("write " + path);
            int length = fails ? bytes.remaining() / 2 : bytes.remaining();
            long room = Math.max(0, fs.usableBytes()) + Math.max(0, content.size() - offset);
            int fits = room < 0 ? length : (int) Math.min(length, room);
            byte[] part = new byte[fits];
            bytes.get(part);
            content.write(offset, part);
            faults.stopIfDead();
            if (fails || fits < length) {
                throw new IOException("No space left on device: " + path);
            }
        }
    }

    @Override
    public void force() throws IOException {
        synchronized (fs) {
            checkOpen();
            boolean fails;
            try {
                fails = faults.count("force " + path);
            } catch (IOException e) {
                content.failedForce();
                throw e;
            }
            if (fails) {
                faults.stopIfDead();
                content.failedForce();
                throw new IOException("Input/output error: force " + path);
            }
            content.force();
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        synchronized (fs) {
            checkOpen();
            faults.call("truncate " + path);
            content.truncate(size);
        }
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public void close() {
        synchronized (fs) {
            closed = true;
        }
    }
}
