package io.varve.core.wal;

import static io.varve.core.wal.SegmentLayout.DURABLE_BYTES;
import static io.varve.core.wal.SegmentLayout.FRAGMENT_HEADER_BYTES;
import static io.varve.core.wal.SegmentLayout.FRAME_BYTES;
import static io.varve.core.wal.SegmentLayout.HEADER_BYTES;

import io.varve.core.fs.FileSystem;
import io.varve.core.fs.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The log as files in {@code wal/}. Segments are filled with zeros and forced before they are written, so that running
 * out of disk is an exception at {@link #reserve} and a force has no metadata to write; they are never used twice.
 *
 * <p>A file of which a write or a force has failed is never written or forced again (ADR 0006): {@link #rescue} writes
 * what is not durable into a copy, and a new segment takes what follows.
 *
 * <p>Threads: append, reserve, write, rescue and startGeneration belong to the agent; {@link #force} belongs to the
 * syncer; deleteBelow may be called by any thread, it only touches segments that are no longer written.
 */
public final class SegmentLog implements IngestLog {

    /** The directory of the log. */
    public static final String DIRECTORY = "wal";

    private static final int SEGMENT_BYTES = 16 << 20;
    private static final int LARGEST_ALLOCATION = 2 << 20;

    private final SegmentFiles files;
    private final CRC32C crc = new CRC32C();

    /** Held during a force and during a rescue, so that a rescue knows what the last force has reached. */
    private final Object forcing = new Object();

    /** Closed for appends but not yet forced; guarded by {@code this}, as is the switch of the current file. */
    private final Deque<WritableFile> retired = new ArrayDeque<>();

    private final UnforcedBytes unforced;
    private WritableFile file;
    private long segment;
    private long generation;
    private long allocated;
    private int nextAllocation;
    private volatile long generationBytes;
    private final byte[] fragment = new byte[FRAME_BYTES];

    /** The durable position that the last appended record carries; the agent's alone. */
    private long notedDurable;

    /** A write or a force did not succeed: what the files hold is unknown, and they are not touched any more. */
    private volatile boolean broken;

    /** Where the first segment of this opening begins; what lies before it was forced when it was read. */
    private final long openedAt;

    private volatile long writtenPosition;
    private volatile long durablePosition;

    /**
     * Opens the log for appending in a new segment.
     *
     * @param segment id of the new segment, larger than any before
     * @param generation the generation that the segment belongs to
     * @param generationBytes bytes of records that the generation has in old segments
     * @param oldSegments segments that are still needed, with their sizes in bytes
     * @param end position at which the records of the last of them end, all of them durable; 0 if there is none
     */
    public SegmentLog(
            FileSystem files,
            int shard,
            long segment,
            long generation,
            long generationBytes,
            Map<Long, Long> oldSegments,
            long end)
            throws IOException {
        this.files = new SegmentFiles(files, shard, oldSegments);
        this.generationBytes = generationBytes;
        this.openedAt = SegmentLayout.position(segment, 0);
        this.file = this.files.create(segment, generation, end, end);
        this.unforced = new UnforcedBytes(segment, generation);
        begin(segment, generation);
    }

    /** Number of the segment that holds a position. */
    public static long segmentOf(long position) {
        return SegmentLayout.segmentAt(position);
    }

    private void begin(long id, long owner) {
        segment = id;
        generation = owner;
        allocated = SegmentFiles.FIRST_ALLOCATION;
        nextAllocation = SegmentFiles.FIRST_ALLOCATION;
        writtenPosition = SegmentLayout.position(id, HEADER_BYTES);
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
        long segment = SegmentLayout.segmentAt(position);
        return SegmentLayout.header(new CRC32C(), new SegmentLayout.Header(0, segment, generation, 0, 0, HEADER_BYTES))
                .array();
    }

    @Override
    public void reserve(int bytes, int records) throws IOException {
        ensureSound();
        long needed = SegmentLayout.boundOnDisk(bytes, records);
        if (unforced.end() + needed > SEGMENT_BYTES && unforced.end() > HEADER_BYTES) {
            write();
            roll(generation);
        }
        long target = unforced.end() + needed;
        if (target > allocated) {
            long to = Math.max(target, allocated + nextAllocation);
            files.extend(file, allocated, to);
            forceAllocation();
            files.grown(segment, to - allocated);
            allocated = to;
            nextAllocation = Math.min(LARGEST_ALLOCATION, nextAllocation * 2);
        }
    }

    private void ensureSound() throws IOException {
        if (broken) {
            throw new IOException("a write or a force of the log has failed");
        }
    }

    /** A force that fails says nothing good about the records that the file has already, either. */
    private void forceAllocation() throws IOException {
        boolean forced = false;
        try {
            file.force();
            forced = true;
        } finally {
            broken |= !forced;
        }
    }

    private void roll(long owner) throws IOException {
        WritableFile old = file;
        WritableFile created = files.create(segment + 1, owner, position(), durablePosition);
        synchronized (this) {
            retired.add(old);
            file = created;
            begin(segment + 1, owner);
        }
        unforced.startSegment(segment, owner);
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

    @Override
    public long position() {
        return SegmentLayout.position(segment, unforced.end());
    }

    @Override
    public long append(RecordKind kind, byte[] payload, int offset, int length) {
        if (length > SegmentLayout.MAX_RECORD_BYTES) {
            throw new AssertionError("BUG: record of " + length + " bytes");
        }
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
        long before = generationBytes; // one writer: no other thread adds
        generationBytes = before + length;
        return position;
    }

    private int roomInFrame() {
        return FRAME_BYTES - (int) (unforced.end() % FRAME_BYTES);
    }

    private void padFrame(int room) {
        ByteBuffer buffer = unforced.room(room);
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
        int offset = (int) unforced.end();
        int sum = SegmentLayout.checksum(crc, segment, offset, kind.id(), part, fragment, 0, length);
        unforced.room(FRAGMENT_HEADER_BYTES + length)
                .putShort((short) length)
                .put((byte) kind.id())
                .put((byte) part)
                .putInt(sum)
                .put(fragment, 0, length);
    }

    @Override
    public void write() throws IOException {
        ensureSound();
        unforced.forget(durablePosition);
        if (!unforced.hasUnwritten()) {
            return;
        }
        boolean written = false;
        try {
            unforced.writeTo(file);
            written = true;
        } finally {
            broken |= !written;
        }
        writtenPosition = position();
    }

    @Override
    public long force() throws IOException {
        synchronized (forcing) {
            List<WritableFile> finished;
            WritableFile current;
            long target;
            synchronized (this) {
                target = writtenPosition;
                finished = new ArrayList<>(retired);
                current = file;
            }
            if (broken || target <= durablePosition && finished.isEmpty()) {
                return durablePosition;
            }
            boolean forced = false;
            try {
                for (WritableFile done : finished) {
                    done.force();
                }
                current.force();
                files.ensurePresent(current);
                forced = true;
            } finally {
                broken |= !forced;
            }
            durablePosition = Math.max(durablePosition, target);
            synchronized (this) {
                retired.removeAll(finished);
            }
            for (WritableFile done : finished) {
                closeQuietly(done);
            }
            return durablePosition;
        }
    }

    /** All of it is forced, or will be written elsewhere: what closing says changes nothing. */
    private static void closeQuietly(WritableFile done) {
        try {
            done.close();
        } catch (IOException ignored) {
            // The descriptor is gone in any case.
        }
    }

    @Override
    public boolean isBroken() {
        return broken;
    }

    @Override
    public void rescue() throws IOException {
        synchronized (forcing) {
            if (!broken) {
                return;
            }
            for (UnforcedBytes.Part part : unforced.above(durablePosition)) {
                files.copy(part.segment(), part.generation(), part.first(), part.content());
            }
            durablePosition = Math.max(durablePosition, position());
            unforced.forget(durablePosition);
            WritableFile created = files.create(segment + 1, generation, position(), durablePosition);
            List<WritableFile> given;
            synchronized (this) {
                given = new ArrayList<>(retired);
                given.add(file);
                retired.clear();
                file = created;
                begin(segment + 1, generation);
                broken = false;
            }
            unforced.startSegment(segment, generation);
            given.forEach(SegmentLog::closeQuietly);
        }
    }

    @Override
    public long durablePosition() {
        return durablePosition;
    }

    @Override
    public boolean isDurable(long position) {
        return position < openedAt || position < durablePosition;
    }

    @Override
    public long unforcedBytes() {
        unforced.forget(durablePosition);
        return unforced.bytes();
    }

    @Override
    public long generationBytes() {
        return generationBytes;
    }

    @Override
    public long diskBytes() {
        return files.bytes();
    }

    @Override
    public void deleteBelow(long position) throws IOException {
        files.deleteBelow(SegmentLayout.segmentAt(position));
    }

    @Override
    public void close() throws IOException {
        try {
            finish();
        } finally {
            synchronized (this) {
                retired.forEach(SegmentLog::closeQuietly);
                retired.clear();
                closeQuietly(file);
            }
        }
    }

    private void finish() throws IOException {
        try {
            write();
            force();
        } catch (IOException e) {
            rescue();
        }
        if (mark()) {
            write();
            force();
        }
    }
}
