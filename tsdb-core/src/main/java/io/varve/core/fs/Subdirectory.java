package io.varve.core.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A directory of another file system as a file system of its own, so that what knows of no neighbours can live in one.
 * The lock, and letting go of it, are the other's. As safe for threads as that is.
 */
public final class Subdirectory implements FileSystem {

    private final FileSystem whole;
    private final String directory;

    /** @param directory a path in the whole, of at least one part; need not be there */
    public Subdirectory(FileSystem whole, String directory) {
        if (directory.isEmpty() || directory.startsWith("/") || directory.endsWith("/")) {
            throw new IllegalArgumentException("a directory below the root: directory=" + directory);
        }
        this.whole = whole;
        this.directory = directory;
    }

    private String below(String path) {
        if (path.startsWith("/") || path.indexOf('\\') >= 0 || path.contains("..")) {
            throw new IllegalArgumentException("a path below the root: path=" + path + ", root=" + describe());
        }
        return path.isEmpty() ? directory : directory + "/" + path;
    }

    @Override
    public String describe() {
        return whole.describe() + "/" + directory;
    }

    @Override
    public void createDirectories(String path) throws IOException {
        whole.createDirectories(below(path));
    }

    @Override
    public List<String> list(String path) throws IOException {
        return whole.list(below(path));
    }

    @Override
    public boolean exists(String path) throws IOException {
        return whole.exists(below(path));
    }

    @Override
    public long size(String path) throws IOException {
        return whole.size(below(path));
    }

    @Override
    public WritableFile create(String path) throws IOException {
        return new File(path, whole.create(below(path)));
    }

    @Override
    public WritableFile open(String path) throws IOException {
        return new File(path, whole.open(below(path)));
    }

    @Override
    public byte[] read(String path, long maxBytes) throws IOException {
        return whole.read(below(path), maxBytes);
    }

    @Override
    public MappedRegion map(String path) throws IOException {
        return whole.map(below(path));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        whole.rename(below(from), below(to));
    }

    @Override
    public void renameDirectory(String from, String to) throws IOException {
        whole.renameDirectory(below(from), below(to));
    }

    @Override
    public boolean link(String from, FileSystem target, String to) throws IOException {
        return target instanceof Subdirectory other
                ? whole.link(below(from), other.whole, other.below(to))
                : whole.link(below(from), target, to);
    }

    @Override
    public void delete(String path) throws IOException {
        whole.delete(below(path));
    }

    @Override
    public void forceDirectory(String path) throws IOException {
        whole.forceDirectory(below(path));
    }

    @Override
    public long usableBytes() throws IOException {
        return whole.usableBytes();
    }

    /** @throws IllegalStateException always: the whole has one lock, and who opened the whole has it */
    @Override
    public void lock(String path) {
        throw new IllegalStateException("the lock is taken where the whole is opened: root=" + describe());
    }

    /** Does nothing; the whole is closed by whoever opened it. */
    @Override
    public void close() {}

    /** A file that has the path that it was asked for by. */
    private record File(String path, WritableFile file) implements WritableFile {

        @Override
        public void write(long offset, ByteBuffer bytes) throws IOException {
            file.write(offset, bytes);
        }

        @Override
        public void force() throws IOException {
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
}
