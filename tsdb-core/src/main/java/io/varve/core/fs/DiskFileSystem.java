package io.varve.core.fs;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of a store on a real disk, below one directory. Writes pass file channels, never a memory map: a full disk
 * is then an {@link IOException} at a known place. Safe for any number of threads.
 */
public final class DiskFileSystem implements FileSystem {

    /**
     * Lock files held by this process. A POSIX lock belongs to the process and is dropped when any descriptor of its
     * file is closed, so a second store must find out without opening the file.
     */
    private static final Set<Path> HELD_LOCKS = ConcurrentHashMap.newKeySet();

    private static final boolean DIRECTORIES_CAN_BE_FORCED = java.io.File.separatorChar == '/';
    private static final int MAX_LOCK_BYTES = 64;

    private final Path root;
    private final FileMapper mapper;
    private @Nullable FileChannel lockChannel;
    private @Nullable Path lockFile;

    private DiskFileSystem(Path root, FileMapper mapper) {
        this.root = root;
        this.mapper = mapper;
    }

    /**
     * The file system below a directory, which is created with its parents if it is absent.
     *
     * @throws IOException if it cannot be created or is no directory
     */
    public static DiskFileSystem open(Path root) throws IOException {
        return open(root, FileMapper.best());
    }

    static DiskFileSystem open(Path root, FileMapper mapper) throws IOException {
        Path absolute = root.toAbsolutePath().normalize();
        createDurably(absolute);
        return new DiskFileSystem(absolute, mapper);
    }

    @Override
    public String describe() {
        return root.toString();
    }

    @Override
    public void createDirectories(String path) throws IOException {
        createDurably(resolve(path));
    }

    /** Makes a directory and its missing parents and forces the entry of each that is new. */
    private static void createDurably(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            createDurably(parent);
        }
        Files.createDirectories(directory);
        if (parent != null) {
            force(parent);
        }
    }

    @Override
    public List<String> list(String path) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(resolve(path))) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(names);
        return names;
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(resolve(path));
    }

    @Override
    public long size(String path) throws IOException {
        return Files.size(resolve(path));
    }

    @Override
    public WritableFile create(String path) throws IOException {
        return new DiskFile(
                path, FileChannel.open(resolve(path), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    @Override
    public WritableFile open(String path) throws IOException {
        return new DiskFile(path, FileChannel.open(resolve(path), StandardOpenOption.WRITE));
    }

    @Override
    public byte[] read(String path, long maxBytes) throws IOException {
        try (FileChannel channel = FileChannel.open(resolve(path), StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > Math.min(maxBytes, Integer.MAX_VALUE - 8)) {
                throw new CorruptFileException(path, 0, "at most " + maxBytes + " bytes", size + " bytes");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) size);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, bytes.position()) < 0) {
                    throw new EOFException("cannot read " + path + ": it shrank while it was read");
                }
            }
            return bytes.array();
        }
    }

    @Override
    public MappedRegion map(String path) throws IOException {
        Path file = resolve(path);
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return mapper.map(file, path);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(resolve(from), resolve(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void renameDirectory(String from, String to) throws IOException {
        Files.move(resolve(from), resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public boolean link(String from, FileSystem target, String to) throws IOException {
        if (!(target instanceof DiskFileSystem disk)) {
            return false;
        }
        try {
            Files.createLink(disk.resolve(to), resolve(from));
            return true;
        } catch (NoSuchFileException | FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            return false; // another file system, one without links, or too many of them
        }
    }

    @Override
    public void delete(String path) throws IOException {
        Files.deleteIfExists(resolve(path));
    }

    @Override
    public void forceDirectory(String path) throws IOException {
        force(resolve(path));
    }

    private static void force(Path directory) throws IOException {
        if (DIRECTORIES_CAN_BE_FORCED) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public long usableBytes() throws IOException {
        long bytes = Files.getFileStore(root).getUsableSpace();
        return bytes < 0 ? Long.MAX_VALUE : bytes;
    }

    @Override
    public synchronized void lock(String path) throws IOException {
        if (lockChannel != null) {
            throw new IllegalStateException("one lock a file system: path=" + path + ", held=" + lockFile);
        }
        Path file = root.toRealPath().resolve(root.relativize(resolve(path)));
        if (!HELD_LOCKS.add(file)) {
            throw locked(
                    "another store of this process (" + ProcessHandle.current().pid() + "); close it");
        }
        FileChannel channel = null;
        boolean held = false;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                throw locked("process " + ownerOf(channel) + "; stop it");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            lockChannel = channel;
            lockFile = file;
            held = true;
        } finally {
            if (!held) {
                if (channel != null) {
                    channel.close();
                }
                HELD_LOCKS.remove(file);
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held through another class loader of this process
        }
    }

    private StoreLockedException locked(String byWhom) {
        return new StoreLockedException(
                "cannot open " + root + ": locked by " + byWhom + " or choose another directory");
    }

    private static String ownerOf(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(MAX_LOCK_BYTES);
        int length = channel.read(text, 0);
        String owner = length <= 0 ? "" : new String(text.array(), 0, length, StandardCharsets.US_ASCII).strip();
        return owner.matches("[0-9]+") ? owner : "(unknown)";
    }

    @Override
    public synchronized void close() throws IOException {
        FileChannel channel = lockChannel;
        if (channel != null) {
            lockChannel = null;
            try {
                channel.close(); // releases the lock
            } finally {
                if (lockFile != null) {
                    HELD_LOCKS.remove(lockFile);
                }
            }
        }
    }

    private Path resolve(String path) {
        Path resolved = root.resolve(path).normalize();
        if (path.startsWith("/") || path.indexOf('\\') >= 0 || !resolved.startsWith(root) || path.contains("..")) {
            throw new IllegalArgumentException("a path below the root: path=" + path + ", root=" + root);
        }
        return resolved;
    }

    /** A file open for writing on a channel. */
    private static final class DiskFile implements WritableFile {

        private final String path;
        private final FileChannel channel;

        DiskFile(String path, FileChannel channel) {
            this.path = path;
            this.channel = channel;
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public void write(long offset, ByteBuffer bytes) throws IOException {
            long at = offset;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
