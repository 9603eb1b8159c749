package io.varve.core.wal;

import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.FileEnvelope;
import io.varve.core.fs.FileSystem;
import io.varve.core.fs.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The series that the log from a position on may name without having logged their labels there: one dump and one
 * read. Two files with the same content stand beside the segments, since much hangs on each; either is enough. Format:
 * docs/format/wal.md.
 */
public final class SeriesCheckpoint {

    private static final String KIND = "SERS";
    private static final int VERSION = 1;
    private static final int PART_BYTES = 1 << 20;
    private static final long MAX_BYTES = Integer.MAX_VALUE - 8L;
    private static final List<String> COPIES = List.of("a", "b");

    private SeriesCheckpoint() {}

    /** Hands out the series that are to be kept. */
    @FunctionalInterface
    public interface Source {
        /** Gives each series to a sink. */
        void forEach(SeriesRecord.Sink sink);
    }

    /**
     * What was read.
     *
     * @param present whether there is a checkpoint at the position, readable or not
     * @param read whether one of its files could be read
     * @param damages what is wrong, a line for each file
     */
    public record Reading(boolean present, boolean read, List<String> damages) {}

    static String path(long segment, int shard, String copy) {
        return SegmentLog.DIRECTORY + "/" + String.format("%06d-%02d.%s.series", segment, shard, copy);
    }

    /** Deletes the checkpoint at a position, if there is one; a process may have ended while it wrote it. */
    public static void delete(FileSystem files, int shard, long position) throws IOException {
        deleteOf(files, shard, SegmentLayout.segmentAt(position));
    }

    /** Deletes the checkpoint at the start of a segment, if there is one. */
    static void deleteOf(FileSystem files, int shard, long segment) throws IOException {
        for (String copy : COPIES) {
            files.delete(path(segment, shard, copy));
        }
    }

    /**
     * Writes a checkpoint; durable when it returns.
     *
     * @param position where the log begins for which it stands, the start of a generation
     */
    public static void write(FileSystem files, int shard, long position, Source source) throws IOException {
        List<ByteBuffer> payload = payload(source);
        for (String copy : COPIES) {
            String path = path(SegmentLayout.segmentAt(position), shard, copy);
            String unfinished = path + ".tmp";
            files.delete(unfinished);
            try (WritableFile file = files.create(unfinished)) {
                write(file, position, copy, payload);
                file.force();
            }
            files.rename(unfinished, path);
        }
        files.forceDirectory(SegmentLog.DIRECTORY);
    }

    /** The payload in parts, so that no array has to hold all of it. */
    private static List<ByteBuffer> payload(Source source) {
        List<ByteBuffer> parts = new ArrayList<>();
        SeriesRecord series = new SeriesRecord();
        source.forEach((ref, labels) -> {
            series.add(ref, labels);
            if (series.length() >= PART_BYTES) {
                parts.add(ByteBuffer.wrap(series.take()));
            }
        });
        parts.add(ByteBuffer.wrap(series.take()));
        return parts;
    }

    private static void write(WritableFile file, long position, String copy, List<ByteBuffer> payload)
            throws IOException {
        FileEnvelope.Header header = new FileEnvelope.Header(KIND, VERSION, Long.toString(position) + copy);
        file.write(0, ByteBuffer.wrap(FileEnvelope.header(header)));
        long at = FileEnvelope.HEADER_BYTES;
        CRC32C crc = new CRC32C();
        int length = 0;
        for (ByteBuffer part : payload) {
            crc.update(part.duplicate());
            length = Math.addExact(length, part.remaining());
            file.write(at, part.duplicate());
            at += part.remaining();
        }
        byte[] footer = FileEnvelope.footer(
                new FileEnvelope.Footer(header, at + FileEnvelope.FOOTER_BYTES, length, (int) crc.getValue()));
        file.write(at, ByteBuffer.wrap(footer));
    }

    /**
     * Reads the checkpoint at a position, if there is one.
     *
     * @throws io.varve.core.fs.UnsupportedFormatException if a newer version wrote it
     */
    public static Reading read(FileSystem files, int shard, long position, SeriesRecord.Sink sink) throws IOException {
        return read(files, shard, position, sink, false);
    }

    /** Reads all of its files, and tells what is wrong with each. */
    public static Reading verify(FileSystem files, int shard, long position) throws IOException {
        return read(files, shard, position, (ref, labels) -> {}, true);
    }

    private static Reading read(FileSystem files, int shard, long position, SeriesRecord.Sink sink, boolean all)
            throws IOException {
        List<String> damages = new ArrayList<>();
        int missing = 0;
        boolean read = false;
        for (String copy : COPIES) {
            String path = path(SegmentLayout.segmentAt(position), shard, copy);
            try {
                byte[] payload = FileEnvelope.unwrap(path, KIND, VERSION, VERSION, files.read(path, MAX_BYTES));
                SeriesRecord.read(payload, 0, payload.length, sink);
                read = true;
                if (!all) {
                    break;
                }
            } catch (NoSuchFileException e) {
                missing++;
                damages.add(path + " is missing");
            } catch (CorruptFileException | MalformedRecordException e) {
                damages.add(e instanceof CorruptFileException ? e.getMessage() : path + ": " + e.getMessage());
            }
        }
        boolean present = missing < COPIES.size();
        return new Reading(present, read, present ? damages : List.of());
    }
}
