package io.varve.core.fs;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/**
 * The files of one store: everything the engine does to a disk. The root is a directory; paths are relative to it,
 * with {@code /} between their parts ({@code wal/000001-00.seg}), and never leave it.
 *
 * <p>What is durable: bytes written to a file after its {@code force}; a file's creation, rename or deletion after
 * {@link #forceDirectory} of the directory that holds it. Before that, any subset of them may be lost in a power cut,
 * in any order. An implementation may be used by any number of threads, a single {@link WritableFile} by one.
 */
public interface FileSystem extends AutoCloseable {

    /** A name for messages: the path of the root on a disk. */
    String describe();

    /** Makes a directory and its parents; does nothing if it is there. */
    void createDirectories(String path) throws IOException;

    /** Names (not paths) of what a directory holds, sorted; empty if there is no such directory. */
    List<String> list(String path) throws IOException;

    /** Whether a file or directory is there. */
    boolean exists(String path) throws IOException;

    /** Size of a file in bytes. */
    long size(String path) throws IOException;

    /**
     * Creates a file for writing.
     *
     * @throws java.nio.file.FileAlreadyExistsException if it is there
     */
    WritableFile create(String path) throws IOException;

    /**
     * Opens a file that is there for writing.
     *
     * @throws NoSuchFileException if there is none
     */
    WritableFile open(String path) throws IOException;

    /**
     * Reads a whole file.
     *
     * @param maxBytes refuse files larger than this, so that a damaged length allocates nothing
     * @throws NoSuchFileException if there is none
     * @throws CorruptFileException if it is larger
     */
    byte[] read(String path, long maxBytes) throws IOException;

    /**
     * Maps a finished file read-only. The file must not change its size while it is mapped.
     *
     * @throws NoSuchFileException if there is none
     */
    MappedRegion map(String path) throws IOException;

    /** Renames a file, replacing the target atomically if there is one. Both lie in the same file system. */
    void rename(String from, String to) throws IOException;

    /**
     * Renames a directory with all that is in it; both names lie in one directory. It takes the place of a directory
     * that is there only if that is empty. Durable after {@link #forceDirectory} of the directory that holds it.
     */
    void renameDirectory(String from, String to) throws IOException;

    /**
     * Gives a finished file a second name, in this file system or another, so that either may go without the other.
     *
     * @return false if that cannot be done here, and the bytes have to be copied
     * @throws NoSuchFileException if there is no such file
     * @throws java.nio.file.FileAlreadyExistsException if there is one of the second name
     */
    boolean link(String from, FileSystem target, String to) throws IOException;

    /** Deletes a file, or a directory that is empty; does nothing if there is none. */
    void delete(String path) throws IOException;

    /** Makes the creations, renames and deletions in a directory durable. */
    void forceDirectory(String path) throws IOException;

    /** Free bytes for this user, or {@link Long#MAX_VALUE} if unknown. */
    long usableBytes() throws IOException;

    /**
     * Takes the one lock of the store.
     *
     * @throws StoreLockedException if another process (or another store in this one) holds it
     */
    void lock(String path) throws IOException;

    /** Releases the lock, if held. Maps and files must be closed before. */
    @Override
    void close() throws IOException;
}
