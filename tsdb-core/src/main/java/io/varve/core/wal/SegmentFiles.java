package io.varve.core.wal;

import static io.varve.core.wal.SegmentLayout.HEADER_BYTES;

import io.varve.core.fs.FileSystem;
import io.varve.core.fs.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The files of one shard's log, and how many bytes they take. Creating and extending belongs to the agent; deleting and
 * counting may be done by any thread.
 */
final class SegmentFiles {

    static final int FIRST_ALLOCATION = 128 * 1024;

    private final FileSystem files;
    private final int shard;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(FIRST_ALLOCATION);

    /** Bytes of each segment, its copy included; guarded by itself. */
    private final TreeMap<Long, Long> sizes = new TreeMap<>();

    SegmentFiles(FileSystem files, int shard, Map<Long, Long> present) throws IOException {
        this.files = files;
        this.shard = shard;
        sizes.putAll(present);
        files.createDirectories(SegmentLog.DIRECTORY);
    }

    static String path(long id, int shard) {
        return SegmentLog.DIRECTORY + "/" + SegmentLayout.fileName(id, shard);
    }

    static String copyPath(long id, int shard) {
        return SegmentLog.DIRECTORY + "/" + SegmentLayout.copyName(id, shard);
    }

    /**
     * An empty segment of {@link #FIRST_ALLOCATION} bytes, durable.
     *
     * @param before position at which the records of the segment before it end, 0 if nobody knows
     * @param durable position up to which the log is durable
     * @throws IOException if there is no room; there is no such segment then
     */
    WritableFile create(long id, long generation, long before, long durable) throws IOException {
        String path = path(id, shard);
        files.delete(path); // left by a start that failed before its first record
        WritableFile created = files.create(path);
        try {
            fillWithZeros(created, 0, FIRST_ALLOCATION);
            created.write(0, header(id, generation, before, durable, HEADER_BYTES));
            created.force();
            files.forceDirectory(SegmentLog.DIRECTORY);
        } catch (IOException | RuntimeException | Error e) {
            discard(created, path, e);
            throw e;
        }
        grown(id, FIRST_ALLOCATION);
        return created;
    }

    private ByteBuffer header(long id, long generation, long before, long durable, long first) {
        return SegmentLayout.header(crc, new SegmentLayout.Header(shard, id, generation, before, durable, first));
    }

    private void discard(WritableFile created, String path, Throwable cause) {
        try {
            created.close();
            files.delete(path);
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    /** Takes room for a segment, up to {@code to} bytes; not durable yet. */
    void extend(WritableFile segment, long from, long to) throws IOException {
        fillWithZeros(segment, from, to);
    }

    private void fillWithZeros(WritableFile target, long from, long to) throws IOException {
        for (long at = from; at < to; ) {
            int length = (int) Math.min(zeros.capacity(), to - at);
            target.write(at, zeros.clear().limit(length));
            at += length;
        }
    }

    /** A segment has so many bytes more. */
    void grown(long id, long bytes) {
        synchronized (sizes) {
            sizes.merge(id, bytes, Long::sum);
        }
    }

    /**
     * Writes the end of a segment again into a file of its own, which counts instead of that part of the segment once
     * it has its name.
     *
     * @param first offset in the segment of the first byte
     * @param content the bytes up to the segment's end
     * @throws IOException if it fails; a copy has no name then, or its name may not be durable
     */
    void copy(long id, long generation, long first, List<ByteBuffer> content) throws IOException {
        String path = copyPath(id, shard);
        String unfinished = path + ".tmp";
        files.delete(unfinished);
        long at = HEADER_BYTES;
        WritableFile file = files.create(unfinished);
        try {
            long end = first + content.stream().mapToLong(ByteBuffer::remaining).sum();
            file.write(0, header(id, generation, 0, SegmentLayout.position(id, end), first));
            for (ByteBuffer part : content) {
                int length = part.remaining();
                file.write(at, part);
                at += length;
            }
            file.force();
            file.close();
        } catch (IOException | RuntimeException | Error e) {
            discard(file, unfinished, e);
            throw e;
        }
        boolean again = files.exists(path); // an earlier try got so far
        files.rename(unfinished, path);
        files.forceDirectory(SegmentLog.DIRECTORY);
        if (!again) {
            grown(id, at);
        }
    }

    /**
     * A segment whose directory was removed can still be written and forced, and is gone with its last descriptor.
     *
     * @throws IOException if it has no name any more
     */
    void ensurePresent(WritableFile segment) throws IOException {
        if (!files.exists(segment.path())) {
            throw new IOException(files.describe() + "/" + segment.path() + " was removed while it was written");
        }
    }

    /** Bytes that the log takes on disk. */
    long bytes() {
        synchronized (sizes) {
            return sizes.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Deletes the segments below one, with their copies and checkpoints. */
    void deleteBelow(long segment) throws IOException {
        List<Long> old;
        synchronized (sizes) {
            old = List.copyOf(sizes.headMap(segment).keySet());
        }
        for (long id : old) {
            files.delete(path(id, shard));
            files.delete(copyPath(id, shard));
            SeriesCheckpoint.deleteOf(files, shard, id);
            synchronized (sizes) {
                sizes.remove(id);
            }
        }
        if (!old.isEmpty()) {
            files.forceDirectory(SegmentLog.DIRECTORY);
        }
    }
}
