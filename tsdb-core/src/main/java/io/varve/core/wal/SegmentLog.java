package io.varve.core.wal;

import static io.varve.core.wal.SegmentLayout.DURABLE_BYTES;
import static io.varve.core.wal.SegmentLayout.FRAGMENT_HEADER_BYTES;
import static io.varve.core.wal.SegmentLayout.FRAME_BYTES;
import static io.varve.core.wal.SegmentLayout.HEADER_BYTES;

import io.varve.core.fs.FileSystem;
import io.varve.core.fs.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The log as files in {@code wal/}. Segments are filled with zeros and forced before they are written, so that running
 * out of disk is an exception at {@link #reserve} and a force has no metadata to write; they are never used twice.
 *
 * <p>Threads: append, reserve, write, startGeneration and deleteBelow belong to the agent (deleteBelow may also be
 * called by the sealer, it only touches segments that are no longer written); {@link #force} belongs to the syncer.
 */
public final class SegmentLog implements IngestLog {

    /** The directory of the log. */
    public static final String DIRECTORY = "wal";

    private static final int SEGMENT_BYTES = 16 << 20;
    private static final int FIRST_ALLOCATION = 128 * 1024;

    private static final int LARGEST_ALLOCATION = 2 << 20;
    private static final int WRITE_BUFFER_BYTES = 256 * 1024;

    private final FileSystem files;
    private final int shard;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(FIRST_ALLOCATION);

    /** Closed for appends but not yet forced; guarded by {@code this}, as is the switch of the current file. */
    private final Deque<WritableFile> retired = new ArrayDeque<>();

    private final TreeMap<Long, Long> segmentBytes = new TreeMap<>();

    private WritableFile file;
    private long segment;
    private long generation;
    private long allocated;
    private int nextAllocation;
    private long generationBytes;

    /** Offset in the segment of the first byte in {@link #buffer}. */
    private long bufferOffset;

    private ByteBuffer buffer = ByteBuffer.allocateDirect(WRITE_BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private byte[] fragment = new byte[FRAME_BYTES];

    /** The durable position that the last appended record carries; the agent's alone. */
    private long notedDurable;

    /** A write or a force did not succeed: what the disk holds is unknown, and nothing more is written. */
    private volatile boolean failed;

    private volatile long writtenPosition;
    private volatile long durablePosition;

    /**
     * Opens the log for appending in a new segment.
     *
     * @param segment id of the new segment, larger than any before
     * @param generation the generation that the segment belongs to
     * @param generationBytes bytes of records that the generation has in old segments
     * @param oldSegments segments that are still needed, with their sizes in bytes
     */
    public SegmentLog(
            FileSystem files,
            int shard,
            long segment,
            long generation,
            long generationBytes,
            Map<Long, Long> oldSegments)
            throws IOException {
        this.files = files;
        this.shard = shard;
        this.generationBytes = generationBytes;
        this.segmentBytes.putAll(oldSegments);
        files.createDirectories(DIRECTORY);
        this.file = createSegment(segment, generation);
    }

    private WritableFile createSegment(long id, long owner) throws IOException {
        String path = DIRECTORY + "/" + SegmentLayout.fileName(id, shard);
        files.delete(path); // left by a start that failed before its first record
        WritableFile created = files.create(path);
        try {
            fillWithZeros(created, 0, FIRST_ALLOCATION);
            created.write(0, header(id, owner));
            created.force();
            files.forceDirectory(DIRECTORY);
        } catch (IOException | RuntimeException | Error e) {
            discard(created, path, e);
            throw e;
        }
        synchronized (segmentBytes) {
            segmentBytes.put(id, (long) FIRST_ALLOCATION);
        }
        segment = id;
        generation = owner;
        allocated = FIRST_ALLOCATION;
        nextAllocation = FIRST_ALLOCATION;
        bufferOffset = HEADER_BYTES;
        writtenPosition = SegmentLayout.position(id, HEADER_BYTES);
        return created;
    }

    private void discard(WritableFile created, String path, Throwable cause) {
        try {
            created.close();
            files.delete(path);
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private ByteBuffer header(long id, long owner) {
        return header(shard, id, owner);
    }

    private static ByteBuffer header(int shard, long id, long owner) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(SegmentLayout.MAGIC).putInt(SegmentLayout.VERSION).putInt(shard);
        header.putLong(id).putLong(owner);
        CRC32C crc = new CRC32C();
        crc.update(header.array(), 0, 32);
        header.putInt((int) crc.getValue()).putInt(0);
        return header.flip();
    }

    /** Where the segment of a file name begins, or -1 if it is not the name of one. */
    public static long positionOf(String fileName) {
        long id = SegmentLayout.segmentOf(fileName, 0);
        return id < 0 ? -1 : SegmentLayout.position(id, 0);
    }

    /** Name of the segment that a position lies in. */
    public static String fileName(long position) {
        return SegmentLayout.fileName(SegmentLayout.segmentAt(position), 0);
    }

    /**
     * The bytes of a segment without a record, so that a log without records goes on behind the positions of its
     * blocks.
     *
     * @param position lies in the segment
     * @param generation the generation that it belongs to
     */
    public static byte[] emptySegment(long position, long generation) {
        return header(0, SegmentLayout.segmentAt(position), generation).array();
    }

    private void fillWithZeros(WritableFile target, long from, long to) throws IOException {
        for (long at = from; at < to; ) {
            int length = (int) Math.min(zeros.capacity(), to - at);
            target.write(at, zeros.clear().limit(length));
            at += length;
        }
    }

    @Override
    public void reserve(int bytes, int records) throws IOException {
        long needed = SegmentLayout.boundOnDisk(bytes, records);
        if (end() + needed > SEGMENT_BYTES && end() > HEADER_BYTES) {
            write();
            roll(generation);
        }
        long target = end() + needed;
        if (target > allocated) {
            long to = Math.max(target, allocated + nextAllocation);
            fillWithZeros(file, allocated, to);
            file.force();
            allocated = to;
            nextAllocation = Math.min(LARGEST_ALLOCATION, nextAllocation * 2);
            synchronized (segmentBytes) {
                segmentBytes.put(segment, allocated);
            }
        }
    }

    private void roll(long owner) throws IOException {
        WritableFile old = file;
        WritableFile created = createSegment(segment + 1, owner);
        synchronized (this) {
            retired.add(old);
            file = created;
        }
    }

    @Override
    public boolean mark() throws IOException {
        if (durablePosition <= notedDurable) {
            return false;
        }
        reserve(0, 1);
        append(RecordKind.MARK, fragment, 0, 0);
        return true;
    }

    @Override
    public long startGeneration(long owner) throws IOException {
        write();
        roll(owner);
        generationBytes = 0;
        return position();
    }

    /** Offset in the segment behind the last appended byte. */
    private long end() {
        return bufferOffset + buffer.position();
    }

    @Override
    public long position() {
        return SegmentLayout.position(segment, end());
    }

    @Override
    public long append(RecordKind kind, byte[] payload, int offset, int length) {
        if (length > SegmentLayout.MAX_RECORD_BYTES) {
            throw new AssertionError("BUG: record of " + length + " bytes");
        }
        ensureBuffer(SegmentLayout.boundOnDisk(length, 1));
        int room = roomInFrame();
        if (room < FRAGMENT_HEADER_BYTES + DURABLE_BYTES) {
            padFrame(room);
            room = FRAME_BYTES;
        }
        long position = position();
        int first = Math.min(length, room - FRAGMENT_HEADER_BYTES - DURABLE_BYTES);
        putDurable();
        System.arraycopy(payload, offset, fragment, DURABLE_BYTES, first);
        boolean whole = first == length;
        putFragment(kind, whole ? SegmentLayout.PART_WHOLE : SegmentLayout.PART_FIRST, DURABLE_BYTES + first);
        int done = first;
        while (done < length) {
            int part = Math.min(length - done, FRAME_BYTES - FRAGMENT_HEADER_BYTES);
            System.arraycopy(payload, offset + done, fragment, 0, part);
            done += part;
            putFragment(kind, done == length ? SegmentLayout.PART_LAST : SegmentLayout.PART_MIDDLE, part);
        }
        generationBytes += length;
        return position;
    }

    private void ensureBuffer(long more) {
        if (buffer.remaining() < more) {
            int capacity = (int) Math.max(buffer.capacity() * 2L, buffer.position() + more);
            ByteBuffer grown = ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
            buffer = grown.put(buffer.flip());
        }
    }

    private int roomInFrame() {
        return FRAME_BYTES - (int) (end() % FRAME_BYTES);
    }

    private void padFrame(int room) {
        for (int i = 0; i < room; i++) {
            buffer.put((byte) 0);
        }
    }

    private void putDurable() {
        long durable = durablePosition;
        notedDurable = durable;
        for (int i = 0; i < DURABLE_BYTES; i++) {
            fragment[i] = (byte) (durable >>> (8 * i));
        }
    }

    private void putFragment(RecordKind kind, int part, int length) {
        int sum = SegmentLayout.checksum(crc, segment, (int) end(), kind.id(), part, fragment, 0, length);
        buffer.putShort((short) length).put((byte) kind.id()).put((byte) part).putInt(sum);
        buffer.put(fragment, 0, length);
    }

    @Override
    public void write() throws IOException {
        if (buffer.position() == 0) {
            return;
        }
        long end = end();
        boolean written = false;
        try {
            file.write(bufferOffset, buffer.flip());
            written = true;
        } finally {
            if (!written) {
                failed = true;
            }
        }
        bufferOffset = end;
        if (buffer.capacity() > 4 * WRITE_BUFFER_BYTES) {
            buffer = ByteBuffer.allocateDirect(WRITE_BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        } else {
            buffer.clear();
        }
        writtenPosition = SegmentLayout.position(segment, end);
    }

    @Override
    public long force() throws IOException {
        List<WritableFile> finished;
        WritableFile current;
        long target;
        synchronized (this) {
            target = writtenPosition;
            finished = new ArrayList<>(retired);
            retired.clear();
            current = file;
        }
        if (target <= durablePosition && finished.isEmpty()) {
            return durablePosition;
        }
        boolean forced = false;
        try {
            for (WritableFile done : finished) {
                done.force();
                done.close();
            }
            current.force();
            forced = true;
        } finally {
            if (!forced) {
                failed = true;
            }
        }
        durablePosition = Math.max(durablePosition, target);
        return durablePosition;
    }

    @Override
    public long generationBytes() {
        return generationBytes;
    }

    @Override
    public long diskBytes() {
        synchronized (segmentBytes) {
            return segmentBytes.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    @Override
    public void deleteBelow(long position) throws IOException {
        List<Long> old;
        synchronized (segmentBytes) {
            old = new ArrayList<>(
                    segmentBytes.headMap(SegmentLayout.segmentAt(position)).keySet());
        }
        for (long id : old) {
            files.delete(DIRECTORY + "/" + SegmentLayout.fileName(id, shard));
            synchronized (segmentBytes) {
                segmentBytes.remove(id);
            }
        }
        if (!old.isEmpty()) {
            files.forceDirectory(DIRECTORY);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (!failed) {
                write();
                force();
            }
            if (!failed && mark()) {
                write();
                force();
            }
        } finally {
            synchronized (this) {
                for (WritableFile rest : retired) {
                    rest.close();
                }
                retired.clear();
                file.close();
            }
        }
    }
}
