package io.varve.core;

import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.FileSystem;
import io.varve.core.fs.Subdirectory;
import io.varve.core.model.Resolution;
import io.varve.core.wal.SegmentLog;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many shards a store has. The manifest in its directory says it; if that is lost, the shards' own manifests and
 * directories do. Which shard a series lives in hangs on the count, so it is fixed when the store is created.
 */
final class ShardCount {

    private static final Logger LOG = LoggerFactory.getLogger(ShardCount.class);
    private static final int CORES_A_SHARD = 4;

    private ShardCount() {}

    /**
     * The count of a store that is about to be opened. A store of several shards is created on the way: the first
     * manifest is written last, so that one that is there means that all shards are.
     *
     * @throws IllegalArgumentException if the configuration asks for another count than the store has, or the
     *     directory is that of a shard
     */
    static int open(FileSystem files, TsdbConfig config) throws IOException {
        if (config.shards() < 0 || config.shards() > ShardPlace.MAX) {
            throw new IllegalArgumentException(
                    "0 to " + ShardPlace.MAX + " shards, 0 for the default: shards=" + config.shards());
        }
        int count;
        try {
            count = countOf(files, Manifest.read(files));
        } catch (NoSuchFileException e) {
            count = isFresh(files) ? create(files, config) : recount(files);
        } catch (CorruptFileException e) {
            count = recount(files);
        }
        if (config.shards() != 0 && config.shards() != count) {
            throw new IllegalArgumentException("the number of shards is fixed when a store is created: directory="
                    + files.describe() + ", store=" + count + ", configured=" + config.shards()
                    + "; ask for " + count + ", or for 0 to take what is there");
        }
        for (String name : files.list(ShardPlace.DIRECTORY)) {
            if (indexOf(name) >= count) {
                LOG.warn("{}/{} of {} is no shard of it and is not read", ShardPlace.DIRECTORY, name, files.describe());
            }
        }
        return count;
    }

    /** The count that a manifest of a store's directory says. */
    static int countOf(FileSystem files, Manifest manifest) {
        if (manifest.place().index() != 0) {
            throw new IllegalArgumentException("a shard is no store, use the directory that it is a part of: directory="
                    + files.describe() + ", part=" + manifest.place());
        }
        return manifest.place().count();
    }

    /** What the directories of the shards say, if the manifest of the store is lost. Changes nothing. */
    static int recount(FileSystem files) throws IOException {
        int count = 1;
        for (String name : files.list(ShardPlace.DIRECTORY)) {
            int index = indexOf(name);
            if (index > 0 && index < ShardPlace.MAX) {
                count = Math.max(count, index + 1);
                try {
                    FileSystem shard = new Subdirectory(files, ShardPlace.directory(index));
                    count = Math.max(count, Manifest.read(shard).place().count());
                } catch (NoSuchFileException | CorruptFileException e) {
                    LOG.warn(
                            "shard {} of {} does not say how many there are: {}",
                            index,
                            files.describe(),
                            e.getMessage());
                }
            }
        }
        return count;
    }

    /** The resolution that the manifests of the other shards say, if that of the store is lost; else a guess. */
    static Resolution resolution(FileSystem files, Resolution otherwise) throws IOException {
        for (String name : files.list(ShardPlace.DIRECTORY)) {
            int index = indexOf(name);
            if (index > 0 && index < ShardPlace.MAX) {
                try {
                    return Manifest.read(new Subdirectory(files, ShardPlace.directory(index)))
                            .resolution();
                } catch (NoSuchFileException | CorruptFileException e) {
                    LOG.warn("shard {} of {} has no resolution: {}", index, files.describe(), e.getMessage());
                }
            }
        }
        return otherwise;
    }

    /** Number of the shard that a directory is named after; -1 if it is none. */
    static int indexOf(String name) {
        return name.matches("[0-9]{2}") && !name.equals("00") ? Integer.parseInt(name) : -1;
    }

    /** Whether there is nothing in a directory that a store without a manifest would have, but for empty shards. */
    private static boolean isFresh(FileSystem files) throws IOException {
        if (!hasNoData(files)) {
            return false;
        }
        for (String name : files.list(ShardPlace.DIRECTORY)) {
            int index = indexOf(name);
            if (index > 0 && !hasNoData(new Subdirectory(files, ShardPlace.directory(index)))) {
                return false;
            }
        }
        return true;
    }

    /** Whether a directory has neither blocks nor log; every shard that was ever opened has a log. */
    static boolean hasNoData(FileSystem files) throws IOException {
        return files.list(Store.BLOCKS).isEmpty()
                && files.list(SegmentLog.DIRECTORY).isEmpty();
    }

    private static int create(FileSystem files, TsdbConfig config) throws IOException {
        int count = config.shards() == 0 ? standard(Runtime.getRuntime().availableProcessors()) : config.shards();
        ShardPlace first = new ShardPlace(count, 0);
        for (String name : files.list(ShardPlace.DIRECTORY)) { // of a creation that did not come to its end
            String unfinished = ShardPlace.DIRECTORY + "/" + name;
            files.delete(unfinished + "/" + Manifest.NEW_FILE);
            files.delete(unfinished + "/" + Manifest.FILE);
            if (files.list(unfinished).isEmpty()) {
                files.delete(unfinished);
            }
        }
        for (int index = 1; index < count; index++) {
            FileSystem shard = first.at(index).files(files);
            shard.createDirectories("");
            Manifest.empty(config.resolution(), first.at(index)).write(shard);
        }
        if (count > 1) {
            Manifest.empty(config.resolution(), first).write(files);
        }
        return count;
    }

    /** One shard up to four cores, and one for each four from there on. */
    static int standard(int cores) {
        return Math.max(1, Math.min(ShardPlace.MAX, cores / CORES_A_SHARD));
    }
}
