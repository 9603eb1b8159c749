package io.varve.core;

import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.DiskFileSystem;
import io.varve.core.fs.FileCopy;
import io.varve.core.fs.FileSystem;
import io.varve.core.wal.SegmentLog;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/**
 * Makes a store of a snapshot. Every hash is checked before anything is taken, and again of what was copied; the store
 * gets its name when all of it is durable. A snapshot may lie anywhere, also on a medium that cannot be written.
 */
public final class Restore {

    private static final String UNFINISHED = ".restoring";

    private Restore() {}

    /**
     * Restores a snapshot.
     *
     * @param snapshot the snapshot's directory
     * @param target the store's, absent or empty
     * @return what was restored, one line
     * @throws CorruptFileException if a file is not as it was written, or missing from the list of hashes
     * @throws FileAlreadyExistsException if the target has something in it
     * @throws io.varve.core.fs.UnsupportedFormatException if a newer version wrote it
     */
    public static String restore(Path snapshot, Path target) throws IOException {
        Path source = snapshot.toAbsolutePath().normalize();
        Path store = target.toAbsolutePath().normalize();
        Path parent = store.getParent();
        if (parent == null) {
            throw new FileAlreadyExistsException(store.toString(), null, "a root directory");
        }
        if (!source.toFile().isDirectory()) {
            throw new NoSuchFileException(source.toString(), null, "no such directory");
        }
        if (store.toFile().isFile()) {
            throw new FileAlreadyExistsException(store.toString(), null, "it is a file");
        }
        try (FileSystem from = DiskFileSystem.open(source);
                FileSystem to = DiskFileSystem.open(parent)) {
            return restore(from, "", to, String.valueOf(store.getFileName()));
        }
    }

    /**
     * Restores within any file systems.
     *
     * @param snapshot directory of the snapshot with a slash behind it, or empty for the root
     * @param target directory of the store
     */
    static String restore(FileSystem from, String snapshot, FileSystem to, String target) throws IOException {
        if (!to.list(target).isEmpty()) {
            throw new FileAlreadyExistsException(
                    to.describe() + "/" + target, null, "the target of a restore is absent or empty");
        }
        SortedMap<String, String> hashes = check(from, snapshot);
        String unfinished = target + UNFINISHED;
        Snapshots.deleteTree(to, unfinished);
        try {
            copy(from, snapshot, hashes, to, unfinished);
            to.renameDirectory(unfinished, target);
        } catch (IOException | RuntimeException e) {
            try {
                Snapshots.deleteTree(to, unfinished);
            } catch (IOException | RuntimeException cleaning) {
                e.addSuppressed(cleaning);
            }
            throw e;
        }
        to.forceDirectory(target.substring(0, Math.max(0, target.lastIndexOf('/'))));
        return String.format(
                Locale.ROOT,
                "%,d blocks of %,d files restored, every hash right",
                hashes.keySet().stream().filter(path -> path.endsWith(".varve")).count(),
                hashes.size());
    }

    /**
     * Checks a snapshot against its list of hashes.
     *
     * @return hashes by path
     * @throws NoSuchFileException if it has no list, so that it is no whole snapshot
     */
    static SortedMap<String, String> check(FileSystem from, String snapshot) throws IOException {
        SortedMap<String, String> hashes = hashes(from, snapshot);
        for (Map.Entry<String, String> entry : hashes.entrySet()) {
            compare(snapshot + entry.getKey(), entry.getValue(), hash(from, snapshot + entry.getKey()));
        }
        Manifest first = manifest(from, snapshot, "");
        for (int index = 0; index < first.place().count(); index++) {
            String shard = first.place().at(index).prefix();
            named(snapshot, hashes, shard + Manifest.FILE);
            Manifest manifest = manifest(from, snapshot, shard);
            if (!manifest.place().equals(first.place().at(index))) {
                throw new CorruptFileException(
                        snapshot + shard + Manifest.FILE,
                        0,
                        "the manifest of " + first.place().at(index),
                        manifest.place().toString());
            }
            for (Manifest.Block block : manifest.blocks()) {
                named(snapshot, hashes, shard + Store.blockPath(block.id()));
            }
        }
        return hashes;
    }

    private static Manifest manifest(FileSystem from, String snapshot, String shard) throws IOException {
        return Manifest.parse(from.read(snapshot + shard + Manifest.FILE, Manifest.MAX_BYTES));
    }

    /** Every file that a manifest names has a hash. */
    private static void named(String snapshot, SortedMap<String, String> hashes, String path)
            throws CorruptFileException {
        if (!hashes.containsKey(path)) {
            throw new CorruptFileException(snapshot + SnapshotHashes.FILE, 0, "a line for " + path, "none");
        }
    }

    private static SortedMap<String, String> hashes(FileSystem from, String snapshot) throws IOException {
        try {
            return SnapshotHashes.read(from, snapshot);
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(
                    from.describe() + "/" + snapshot, null, "no " + SnapshotHashes.FILE + ": not a whole snapshot");
        }
    }

    private static String hash(FileSystem from, String path) throws IOException {
        try {
            return FileCopy.sha256(from, path);
        } catch (NoSuchFileException e) {
            throw new CorruptFileException(path, 0, "a file of the snapshot", "none");
        }
    }

    private static void compare(String path, String expected, String found) throws CorruptFileException {
        if (!expected.equals(found)) {
            throw new CorruptFileException(path, 0, "SHA-256 " + expected, found);
        }
    }

    private static void copy(
            FileSystem from, String snapshot, SortedMap<String, String> hashes, FileSystem to, String directory)
            throws IOException {
        List<String> directories = directories(hashes, directory);
        for (String each : directories) {
            to.createDirectories(each);
        }
        for (Map.Entry<String, String> entry : hashes.entrySet()) {
            String path = entry.getKey();
            compare(path, entry.getValue(), FileCopy.copy(from, snapshot + path, to, directory + "/" + path));
        }
        for (String each : directories) {
            to.forceDirectory(each);
        }
    }

    /** The directories that a store of these files has, each behind those that are in it. */
    private static List<String> directories(SortedMap<String, String> hashes, String directory) {
        List<String> directories = new ArrayList<>();
        for (String path : hashes.keySet()) {
            if (path.endsWith(Manifest.FILE)) {
                String shard = directory + "/" + path.substring(0, path.length() - Manifest.FILE.length());
                directories.add(shard + Store.BLOCKS);
                directories.add(shard + SegmentLog.DIRECTORY);
                if (path.length() > Manifest.FILE.length()) {
                    directories.add(shard.substring(0, shard.length() - 1));
                }
            }
        }
        if (hashes.keySet().stream().anyMatch(path -> path.startsWith(ShardPlace.DIRECTORY + "/"))) {
            directories.add(directory + "/" + ShardPlace.DIRECTORY);
        }
        directories.add(directory);
        return directories;
    }
}
