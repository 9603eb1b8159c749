package io.varve.core.wal;

import io.varve.core.fs.FileSystem;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;

/** Reads the whole log at start, and tells torn tails (which are cut off) from losses (which are reported). */
public final class LogReplay {

    private final FileSystem files;
    private final int shard;

    /**
     * What the log held.
     *
     * @param segments segments that are still there, with their sizes in bytes
     * @param lastSegment the largest segment id seen, 0 if there was none
     * @param end position at which the records of the last segment end that is still there, 0 if there is none
     * @param durable position up to which it is known to have been durable
     * @param lastGeneration the largest generation seen, 0 if there was none
     * @param losses records that were durable and cannot be read any more
     * @param torn whether records that nobody was promised are missing between others: once later records are durable,
     * that
     *     would look like a loss, so what was read should be sealed before anything is appended
     */
    public record Report(
            TreeMap<Long, Long> segments,
            long lastSegment,
            long end,
            long durable,
            long lastGeneration,
            List<LogDamage> losses,
            boolean torn) {}

    /** A replay of one shard's log. */
    public LogReplay(FileSystem files, int shard) {
        this.files = files;
        this.shard = shard;
    }

    /**
     * Hands out every valid record at or above a position, deletes segments below it, and cuts torn tails off.
     *
     * @throws IOException if the log cannot be read, or was written by a newer version
     */
    public Report replay(long fromPosition, RecordHandler handler) throws IOException {
        return new LogReading(files, shard, handler, true).run(fromPosition);
    }

    /**
     * Hands out every valid record at or above a position and changes nothing.
     *
     * @throws IOException if the log cannot be read, or was written by a newer version
     */
    public Report inspect(long fromPosition, RecordHandler handler) throws IOException {
        return new LogReading(files, shard, handler, false).run(fromPosition);
    }
}
