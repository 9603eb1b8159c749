package io.varve.core;

import io.varve.core.fs.FileCopy;
import io.varve.core.fs.FileSystem;
import io.varve.core.fs.WritableFile;
import io.varve.core.wal.SegmentLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes snapshots: directories that are a store of what was sealed at one moment, with a list of hashes. Blocks are
 * linked, or copied where links cannot be made, while writing, sealing and merging go on. A snapshot is made under a
 * temporary name and gets its own when all of it is durable.
 */
final class Snapshots {

    /** Where a server keeps its snapshots, below the store. */
    static final String DIRECTORY = "snapshots";

    private static final String UNFINISHED = ".tmp";
    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    private final FileSystem to;
    private final String unfinished;
    private final SortedMap<String, String> hashes = new TreeMap<>();

    /** @param unfinished directory of the snapshot while it is written */
    private Snapshots(FileSystem to, String unfinished) {
        this.to = to;
        this.unfinished = unfinished;
    }

    /**
     * Writes a snapshot of what is sealed.
     *
     * @param stores of all shards
     * @param to where it is written
     * @param path its directory there, which is not there yet
     * @throws IOException if it cannot be written; nothing is left of it then
     */
    static void write(List<Store> stores, FileSystem to, String path) throws IOException {
        if (to.exists(path)) {
            throw new FileAlreadyExistsException(to.describe() + "/" + path, null, "there is something of this name");
        }
        String parent = path.substring(0, Math.max(0, path.lastIndexOf('/')));
        to.createDirectories(parent);
        String unfinished = path + UNFINISHED;
        deleteTree(to, unfinished);
        stores.forEach(store -> store.blockFiles().hold());
        try {
            new Snapshots(to, unfinished).fill(stores);
            to.renameDirectory(unfinished, path);
            to.forceDirectory(parent);
        } catch (IOException | RuntimeException e) {
            try {
                deleteTree(to, unfinished);
            } catch (IOException | RuntimeException cleaning) {
                e.addSuppressed(cleaning);
            }
            throw e;
        } finally {
            release(stores);
        }
    }

    private static void release(List<Store> stores) throws IOException {
        IOException failed = null;
        for (Store store : stores) {
            try {
                store.blockFiles().release();
            } catch (IOException e) {
                failed = failed == null ? e : failed;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    /** Each shard in its place, and one list of hashes for all. */
    private void fill(List<Store> stores) throws IOException {
        for (int index = stores.size() - 1; index >= 0; index--) {
            new Part(stores.get(index).files(), new ShardPlace(stores.size(), index))
                    .fill(stores.get(index).sealed());
        }
        write(unfinished + "/" + SnapshotHashes.FILE, SnapshotHashes.encode(hashes));
        if (stores.size() > 1) {
            to.forceDirectory(unfinished + "/" + ShardPlace.DIRECTORY);
        }
        to.forceDirectory(unfinished);
    }

    private void write(String path, byte[] bytes) throws IOException {
        try (WritableFile file = to.create(path)) {
            file.write(0, ByteBuffer.wrap(bytes));
            file.force();
        }
    }

    /** One shard of a snapshot. */
    private final class Part {

        private final FileSystem from;

        /** What stands before a path of the shard in the list of hashes. */
        private final String prefix;

        private final String directory;

        Part(FileSystem from, ShardPlace place) {
            this.from = from;
            this.prefix = place.prefix();
            this.directory = unfinished + "/" + prefix;
        }

        void fill(Store.Sealed sealed) throws IOException {
            try {
                to.createDirectories(directory + Store.BLOCKS);
                to.createDirectories(directory + SegmentLog.DIRECTORY);
                List<String> names = from.list(Store.BLOCKS);
                for (Manifest.Block block : sealed.manifest().blocks()) {
                    for (String name : names) {
                        if (name.startsWith(block.id() + ".")) {
                            link(Store.BLOCKS + "/" + name);
                        }
                    }
                }
                String log = SegmentLog.DIRECTORY + "/" + SegmentLog.fileName(sealed.logStart());
                put(log, SegmentLog.emptySegment(sealed.logStart(), sealed.generation()));
                if (sealed.manifest().deletions() > 0) {
                    byte[] list =
                            StoreDeletions.of(sealed.view(), sealed.manifest()).toBytes();
                    for (String copy : DeletionFile.FILES) {
                        put(copy, list);
                    }
                }
                put(Manifest.FILE, sealed.manifest().toBytes());
                to.forceDirectory(directory + Store.BLOCKS);
                to.forceDirectory(directory + SegmentLog.DIRECTORY);
                to.forceDirectory(directory.substring(0, directory.length() - 1));
            } finally {
                sealed.view().unpin();
            }
        }

        private void link(String path) throws IOException {
            boolean linked = from.link(path, to, directory + path);
            hashes.put(
                    prefix + path,
                    linked ? FileCopy.sha256(to, directory + path) : FileCopy.copy(from, path, to, directory + path));
        }

        private void put(String path, byte[] bytes) throws IOException {
            write(directory + path, bytes);
            hashes.put(prefix + path, FileCopy.sha256(bytes));
        }
    }

    /** Deletes what an earlier process did not finish. */
    static void deleteUnfinished(FileSystem files) throws IOException {
        for (String name : files.list(DIRECTORY)) {
            if (name.endsWith(UNFINISHED)) {
                LOG.info("deleting the unfinished snapshot {}", name);
                deleteTree(files, DIRECTORY + "/" + name);
            }
        }
    }

    /**
     * Deletes a directory that has the shape of a store or snapshot, if it is there.
     *
     * @throws java.nio.file.DirectoryNotEmptyException if there is something else in it
     */
    static void deleteTree(FileSystem files, String directory) throws IOException {
        String shards = directory + "/" + ShardPlace.DIRECTORY;
        for (String shard : files.list(shards)) {
            deleteTree(files, shards + "/" + shard);
        }
        for (String part : List.of("/" + Store.BLOCKS, "/" + SegmentLog.DIRECTORY, "/" + ShardPlace.DIRECTORY, "")) {
            for (String name : files.list(directory + part)) {
                boolean below = part.isEmpty()
                        && List.of(Store.BLOCKS, SegmentLog.DIRECTORY, ShardPlace.DIRECTORY)
                                .contains(name);
                if (!below) {
                    files.delete(directory + part + "/" + name);
                }
            }
            files.delete(directory + part);
        }
    }
}
