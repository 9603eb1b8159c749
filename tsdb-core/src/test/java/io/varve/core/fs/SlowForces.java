package io.varve.core.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A file system whose forces of the log's segments take a while and are counted; everything else is another's. */
public final class SlowForces implements FileSystem {

    private final FileSystem files;
    private final long nanos;
    private final AtomicInteger forces = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger writesMeanwhile = new AtomicInteger();

    /** @param nanos how long a force takes */
    public SlowForces(FileSystem files, long nanos) {
        this.files = files;
        this.nanos = nanos;
    }

    /** Forces of segments so far. */
    public int forces() {
        return forces.get();
    }

    /** Writes of segments that happened while a force was running. */
    public int writesMeanwhile() {
        return writesMeanwhile.get();
    }

    private WritableFile slow(WritableFile file) {
        return file.path().startsWith("wal/") ? new SlowFile(file) : file;
    }

    private final class SlowFile implements WritableFile {

        private final WritableFile file;

        SlowFile(WritableFile file) {
            this.file = file;
        }

        @Override
        public String path() {
            return file.path();
        }

        @Override
        public void write(long offset, ByteBuffer bytes) throws IOException {
            if (running.get() > 0) {
                writesMeanwhile.incrementAndGet();
            }
            file.write(offset, bytes);
        }

        @Override
        public void force() throws IOException {
            running.incrementAndGet();
            long end = System.nanoTime() + nanos;
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(end - System.nanoTime());
            }
            file.force();
            running.decrementAndGet();
            forces.incrementAndGet();
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
        return slow(files.create(path));
    }

    @Override
    public WritableFile open(String path) throws IOException {
        return slow(files.open(path));
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
