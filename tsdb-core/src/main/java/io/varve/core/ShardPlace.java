package io.varve.core;

import io.varve.core.fs.FileSystem;
import io.varve.core.fs.Subdirectory;
import java.util.Locale;

/**
 * Which of how many shards. Shard 0 lives in the store's own directory, each other in one of its own below that.
 *
 * @param count shards of the store, 1 to {@value #MAX}
 * @param index from 0 on
 */
record ShardPlace(int count, int index) {

    /** Most shards of a store: their numbers are six bits of a reference. */
    static final int MAX = 64;

    /** Where the directories of all shards but the first are. */
    static final String DIRECTORY = "shards";

    /** The one shard of a store that has no other. */
    static final ShardPlace ONLY = new ShardPlace(1, 0);

    private static final int LEAST_RING = 64 << 10;

    /** @throws IllegalArgumentException if there is no such place */
    ShardPlace {
        if (count < 1 || count > MAX || index < 0 || index >= count) {
            throw new IllegalArgumentException(
                    "1 to " + MAX + " shards, counted from 0: shards=" + count + ", shard=" + index);
        }
    }

    /** Another shard of the same store. */
    ShardPlace at(int other) {
        return new ShardPlace(count, other);
    }

    /** What stands before a path within the shard for it to be one within the store: empty for shard 0. */
    String prefix() {
        return index == 0 ? "" : directory(index) + "/";
    }

    static String directory(int index) {
        return String.format(Locale.ROOT, "%s/%02d", DIRECTORY, index);
    }

    /** The shard's files. */
    FileSystem files(FileSystem store) {
        return index == 0 ? store : new Subdirectory(store, directory(index));
    }

    /** The shard's part of what a configuration gives to the whole store: memory, ring and log. */
    TsdbConfig share(TsdbConfig config) {
        if (count == 1) {
            return config;
        }
        int ring = Integer.highestOneBit(Math.max(1, config.ringBytes() / count));
        return config.headBytes(Math.max(1, config.headBytes() / count))
                .walBytes(Math.max(1, config.walBytes() / count))
                .ringBytes(Math.max(ring, Math.min(LEAST_RING, config.ringBytes())));
    }

    /** As a line of the manifest has it: the count, and the number of a shard that is not the first. */
    String text() {
        return index == 0 ? Integer.toString(count) : count + " " + index;
    }

    /** @throws IllegalArgumentException if it is not what {@link #text} writes */
    static ShardPlace parse(String text) {
        String[] parts = text.split(" ", -1);
        ShardPlace place =
                new ShardPlace(Integer.parseInt(parts[0]), parts.length == 1 ? 0 : Integer.parseInt(parts[1]));
        if (!place.text().equals(text)) {
            throw new IllegalArgumentException("'" + text + "' is not a shard of a count");
        }
        return place;
    }

    @Override
    public String toString() {
        return "shard " + index + " of " + count;
    }
}
