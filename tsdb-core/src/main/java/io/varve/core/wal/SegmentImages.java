package io.varve.core.wal;

import static io.varve.core.wal.SegmentLayout.HEADER_BYTES;

import io.varve.core.fs.FileSystem;
import io.varve.core.fs.UnsupportedFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * Segments as they count: where a copy was made of what could not be forced, it stands in the place of that part, so
 * that every record is there once, at its position.
 */
final class SegmentImages {

    private static final long MAX_SEGMENT_BYTES = 1L << 30;

    private final FileSystem files;
    private final int shard;
    private final CRC32C crc = new CRC32C();
    private final TreeSet<Long> segments = new TreeSet<>();
    private final TreeSet<Long> copies = new TreeSet<>();

    /** A segment as it counts. */
    static final class Image {
        private final byte[] bytes;
        private final int copiedFrom;
        private final long durable;

        Image(byte[] bytes, int copiedFrom, long durable) {
            this.bytes = bytes;
            this.copiedFrom = copiedFrom;
            this.durable = durable;
        }

        /** What a reader is to see; not to be changed. */
        byte[] bytes() {
            return bytes;
        }

        /** Offset from which on the bytes are those of a copy, 0 if there is none that can be read. */
        int copiedFrom() {
            return copiedFrom;
        }

        /** Position up to which a copy says that everything is durable, 0 if there is none. */
        long durable() {
            return durable;
        }
    }

    SegmentImages(FileSystem files, int shard) throws IOException {
        this.files = files;
        this.shard = shard;
        for (String name : files.list(SegmentLog.DIRECTORY)) {
            long segment = SegmentLayout.segmentOf(name, shard);
            long copy = SegmentLayout.copyOf(name, shard);
            if (segment >= 0) {
                segments.add(segment);
            } else if (copy >= 0) {
                copies.add(copy);
            }
        }
    }

    /** Numbers of the segments that are there, as themselves or as copies. */
    List<Long> ids() {
        TreeSet<Long> all = new TreeSet<>(segments);
        all.addAll(copies);
        return List.copyOf(all);
    }

    /** Whether a segment is there as itself. */
    boolean hasSegment(long id) {
        return segments.contains(id);
    }

    boolean hasCopies() {
        return !copies.isEmpty();
    }

    /** Bytes that a segment takes on disk, its copy included. */
    long size(long id) throws IOException {
        long size = segments.contains(id) ? files.size(path(id)) : 0;
        return copies.contains(id) ? size + files.size(SegmentFiles.copyPath(id, shard)) : size;
    }

    private String path(long id) {
        return SegmentFiles.path(id, shard);
    }

    void delete(long id) throws IOException {
        files.delete(path(id));
        files.delete(SegmentFiles.copyPath(id, shard));
        SeriesCheckpoint.deleteOf(files, shard, id);
    }

    /** Deletes copies and checkpoints that were not finished: nothing was acknowledged because of them. */
    void deleteUnfinished() throws IOException {
        for (String name : files.list(SegmentLog.DIRECTORY)) {
            if (name.endsWith(".tmp")) {
                files.delete(SegmentLog.DIRECTORY + "/" + name);
            }
        }
    }

    /**
     * Reads a segment.
     *
     * @param damages takes what is wrong with its copy
     * @throws UnsupportedFormatException if a newer version wrote it
     */
    Image read(long id, List<LogDamage> damages) throws IOException {
        byte[] original = segments.contains(id) ? files.read(path(id), MAX_SEGMENT_BYTES) : new byte[0];
        refuseNewer(original, id, path(id));
        if (!copies.contains(id)) {
            return new Image(original, 0, 0);
        }
        byte[] copy = files.read(SegmentFiles.copyPath(id, shard), MAX_SEGMENT_BYTES);
        refuseNewer(copy, id, SegmentFiles.copyPath(id, shard));
        ByteBuffer header = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
        int first = SegmentLayout.hasHeader(crc, copy, shard, id) ? header.getInt(SegmentLayout.FIRST_AT) : -1;
        if (first < HEADER_BYTES || first > MAX_SEGMENT_BYTES) {
            damages.add(new LogDamage(SegmentLayout.position(id, 0), "header of the copy damaged"));
            return new Image(original, 0, SegmentLayout.position(id, 1)); // a copy that has its name was durable
        }
        int end = Math.addExact(first, copy.length - HEADER_BYTES);
        byte[] image = new byte[end];
        System.arraycopy(original, 0, image, 0, Math.min(original.length, first));
        System.arraycopy(copy, HEADER_BYTES, image, first, end - first);
        if (!SegmentLayout.hasHeader(crc, original, shard, id)) {
            System.arraycopy(copy, 0, image, 0, HEADER_BYTES); // as good: it says the same of the segment
        }
        return new Image(image, first, header.getLong(SegmentLayout.DURABLE_AT));
    }

    private void refuseNewer(byte[] file, long id, String path) throws UnsupportedFormatException {
        if (SegmentLayout.hasHeader(crc, file, shard, id)) {
            int version = ByteBuffer.wrap(Arrays.copyOf(file, HEADER_BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getInt(SegmentLayout.VERSION_AT);
            if (version != SegmentLayout.VERSION) {
                throw new UnsupportedFormatException(path, version, SegmentLayout.VERSION, SegmentLayout.VERSION);
            }
        }
    }
}
