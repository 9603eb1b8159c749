package io.varve.core.wal;

import io.varve.core.fs.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What was appended to the log and is not known to be durable: collected here before it is written, and kept until it
 * is forced, so that it can be written elsewhere if the force fails. The agent's alone.
 */
final class UnforcedBytes {

    /** Room of a chunk; no single piece that is added is larger. */
    private static final int CHUNK_BYTES = 256 * 1024;

    private static final int MAX_FREE = 16;

    /** Neighbouring bytes of a segment. */
    private static final class Chunk {
        private final long segment;
        private final long generation;
        private final ByteBuffer bytes;
        private long offset;
        private int written;

        Chunk(long segment, long generation, long offset, ByteBuffer bytes) {
            this.segment = segment;
            this.generation = generation;
            this.offset = offset;
            this.bytes = bytes;
        }

        long end() {
            return offset + bytes.position();
        }
    }

    /**
     * The part of a segment that is not durable.
     *
     * @param first offset in the segment of its first byte
     */
    record Part(long segment, long generation, long first, List<ByteBuffer> content) {}

    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
    private Chunk last;

    /** Begins with a segment that is empty but for its header. */
    UnforcedBytes(long segment, long generation) {
        last = chunk(segment, generation, SegmentLayout.HEADER_BYTES);
    }

    private Chunk chunk(long segment, long generation, long offset) {
        ByteBuffer idle = free.poll();
        ByteBuffer bytes = idle != null
                ? idle.clear()
                : ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Chunk added = new Chunk(segment, generation, offset, bytes);
        chunks.add(added);
        return added;
    }

    /** What is added from now on belongs to another segment, behind its header. */
    void startSegment(long segment, long generation) {
        last = chunk(segment, generation, SegmentLayout.HEADER_BYTES);
    }

    /** Offset in the current segment behind the last byte. */
    long end() {
        return last.end();
    }

    /** A buffer with room for so many bytes, which are to be put at its position. */
    ByteBuffer room(int bytes) {
        if (last.bytes.remaining() < bytes) {
            last = chunk(last.segment, last.generation, last.end());
        }
        return last.bytes;
    }

    /** Whether bytes of the current segment were not written yet. */
    boolean hasUnwritten() {
        return last.written < last.bytes.position();
    }

    /**
     * Writes what was not written yet; all of it belongs to the current segment.
     *
     * @throws IOException if it fails; the bytes still count as not written
     */
    void writeTo(WritableFile file) throws IOException {
        for (Chunk chunk : chunks) {
            int end = chunk.bytes.position();
            if (chunk.written < end) {
                file.write(chunk.offset + chunk.written, slice(chunk, chunk.written));
                chunk.written = end;
            }
        }
    }

    private static ByteBuffer slice(Chunk chunk, int from) {
        return chunk.bytes.duplicate().limit(chunk.bytes.position()).position(from);
    }

    /** Lets go of what lies below a position, which is durable. */
    void forget(long durable) {
        while (chunks.size() > 1 && position(chunks.getFirst()) <= durable) {
            ByteBuffer bytes = chunks.removeFirst().bytes;
            if (free.size() < MAX_FREE) {
                free.add(bytes);
            }
        }
        if (chunks.size() == 1 && position(last) <= durable && last.bytes.position() > 0) {
            last.offset = last.end();
            last.bytes.clear();
            last.written = 0;
        }
    }

    private static long position(Chunk chunk) {
        return SegmentLayout.position(chunk.segment, chunk.end());
    }

    /** Bytes that are kept; up to a chunk of them may be durable by now. */
    long bytes() {
        return (long) (chunks.size() - 1) * CHUNK_BYTES + last.bytes.position();
    }

    /** What lies at or above a durable position, by segment. */
    List<Part> above(long durable) {
        TreeMap<Long, Part> parts = new TreeMap<>();
        for (Chunk chunk : chunks) {
            long from = SegmentLayout.segmentAt(durable) == chunk.segment
                    ? Math.max(0, (durable & 0xffff_ffffL) - chunk.offset)
                    : 0;
            if (from >= chunk.bytes.position() || position(chunk) <= durable) {
                continue;
            }
            Part part = parts.computeIfAbsent(
                    chunk.segment, id -> new Part(id, chunk.generation, chunk.offset + from, new ArrayList<>()));
            part.content().add(slice(chunk, (int) from));
        }
        return List.copyOf(parts.values());
    }
}
