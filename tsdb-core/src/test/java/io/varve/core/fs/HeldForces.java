package io.varve.core.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A file system whose forces of the log's segments are let through one by one once it is told to hold them; everything
 * else is another's. Safe for any number of threads.
 */
public final class HeldForces implements FileSystem {

    private final FileSystem files;

    /** Forces that may pass; guarded by {@code this}, as is the number of those that wait. */
    private long allowed = Long.MAX_VALUE;

    private int waiting;

    /** A file system that does not hold anything yet. */
    public HeldForces(FileSystem files) {
        this.files = files;
    }

    /** From now on forces wait until they are let through. */
    public synchronized void hold() {
        allowed = 0;
    }

    /** Lets the next forces through, those that wait first. */
    public synchronized void letThrough(int forces) {
        allowed += forces;
        notifyAll();
    }

    /** From now on all forces pass. */
    public synchronized void release() {
        allowed = Long.MAX_VALUE;
        notifyAll();
    }

    /** Waits until a force waits. */
    public synchronized void awaitForce() throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (waiting == 0) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new TimeoutException("no force of the log");
            }
            wait(left);
        }
    }

    private synchronized void pass() throws IOException {
        waiting++;
        notifyAll();
        try {
            while (allowed == 0) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted, which no thread that touches files is", e);
        } finally {
            waiting--;
        }
        allowed--;
    }

    private WritableFile held(WritableFile file) {
        return file.path().startsWith("wal/") ? new HeldFile(file) : file;
    }

    private final class HeldFile implements WritableFile {

        private final WritableFile file;

        HeldFile(WritableFile file) {
            this.file = file;
        }

        @Override
        public String path() {
            return file.path();
        }

        @Override
        public void write(long offset, ByteBuffer bytes) throws IOException {
            file.write(offset, bytes);
        }

        @Override
        public void force() throws IOException {
            pass();
            file.force();
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    @Override
    public String describe() {
        return files.describe();
    }

    @Override
    public void createDirectories(String path) throws IOException {
        files.createDirectories(path);
    }

    @Override
    public List<String> list(String path) throws IOException {
        return files.list(path);
    }

    @Override
    public boolean exists(String path) throws IOException {
        return files.exists(path);
    }

    @Override
    public long size(String path) throws IOException {
        return files.size(path);
    }

    @Override
    public WritableFile create(String path) throws IOException {
        return held(files.create(path));
    }

    @Override
    public WritableFile open(String path) throws IOException {
        return held(files.open(path));
    }

    @Override
    public byte[] read(String path, long maxBytes) throws IOException {
        return files.read(path, maxBytes);
    }

    @Override
    public MappedRegion map(String path) throws IOException {
        return files.map(path);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        files.rename(from, to);
    }

    @Override
    public boolean link(String from, FileSystem target, String to) throws IOException {
        return files.link(from, target, to);
    }

    @Override
    public void renameDirectory(String from, String to) throws IOException {
        files.renameDirectory(from, to);
    }

    @Override
    public void delete(String path) throws IOException {
        files.delete(path);
    }

    @Override
    public void forceDirectory(String path) throws IOException {
        files.forceDirectory(path);
    }

    @Override
    public long usableBytes() throws IOException {
        return files.usableBytes();
    }

    @Override
    public void lock(String path) throws IOException {
        files.lock(path);
    }

    @Override
    public void close() throws IOException {
        files.close();
    }
}
