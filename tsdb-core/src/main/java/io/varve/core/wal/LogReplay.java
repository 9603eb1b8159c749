package io.varve.core.wal;

import io.varve.core.fs.FileSystem;
import io.varve.core.fs.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the whole log at start, and tells torn tails (which are cut off) from losses (which are reported). */
public final class LogReplay {

    private static final Logger LOG = LoggerFactory.getLogger(LogReplay.class);

    private final FileSystem files;
    private final int shard;

    /**
     * What the log held.
     *
     * @param segments segments that are still there, with their sizes in bytes
     * @param lastSegment the largest segment id seen, 0 if there was none
     * @param lastGeneration the largest generation seen, 0 if there was none
     * @param losses records that were durable and cannot be read any more
     * @param torn whether records that nobody was promised are missing between others: once later records are durable,
     * that
     *     would look like a loss, so what was read should be sealed before anything is appended
     */
    public record Report(
            TreeMap<Long, Long> segments,
            long lastSegment,
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
        return read(fromPosition, handler, true);
    }

    /**
     * Hands out every valid record at or above a position and changes nothing.
     *
     * @throws IOException if the log cannot be read, or was written by a newer version
     */
    public Report inspect(long fromPosition, RecordHandler handler) throws IOException {
        return read(fromPosition, handler, false);
    }

    private Report read(long fromPosition, RecordHandler handler, boolean cleanUp) throws IOException {
        SegmentImages images = new SegmentImages(files, shard);
        TreeMap<Long, Long> segments = new TreeMap<>();
        images.ids().forEach(id -> segments.put(id, 0L)); // their sizes follow
        long last = segments.isEmpty() ? 0 : segments.lastKey();
        List<LogDamage> damages = new ArrayList<>();
        long newestDurable = 0;
        if (fromPosition > 0) {
            long start = SegmentLayout.segmentAt(fromPosition);
            newestDurable = SegmentLayout.position(start, 1); // its head was forced before a manifest named it
            if (!segments.containsKey(start)) {
                damages.add(new LogDamage(SegmentLayout.position(start, 0), "segment missing"));
            }
        }
        long lastGeneration = 0;
        List<LogDamage> between = new ArrayList<>();
        List<Long> unfinished = new ArrayList<>();
        for (long id : new ArrayList<>(segments.keySet())) {
            if (id < SegmentLayout.segmentAt(fromPosition)) {
                if (cleanUp) {
                    images.delete(id);
                }
                segments.remove(id);
                continue;
            }
            SegmentImages.Image image = images.read(id, damages);
            SegmentReader reader = new SegmentReader(image.bytes(), id);
            Long generation = reader.generation(shard);
            if (generation == null) {
                damages.add(new LogDamage(SegmentLayout.position(id, 0), "segment header damaged"));
                lastGeneration = Math.max(lastGeneration, 1); // its records have checksums of their own
                handler.generation(lastGeneration, SegmentLayout.position(id, 0));
            } else {
                lastGeneration = Math.max(lastGeneration, generation);
                handler.generation(generation, SegmentLayout.position(id, 0));
            }
            reader.read(new Guard(handler, damages));
            boolean empty = reader.contentEnd() == SegmentLayout.HEADER_BYTES;
            if (generation == null && empty) {
                unfinished.add(id);
            } else if (generation == null) {
                between.add(new LogDamage(SegmentLayout.position(id, 0), "segment header damaged"));
            }
            damages.addAll(reader.damages());
            long end = SegmentLayout.position(id, reader.contentEnd());
            reader.damages().stream().filter(d -> d.position() < end).forEach(between::add);
            newestDurable = Math.max(newestDurable, reader.newestDurable());
            if (image.copiedTo() > 0) {
                newestDurable = Math.max(newestDurable, SegmentLayout.position(id, image.copiedTo()));
            }
            if (cleanUp) {
                settle(id, images, image.bytes(), reader);
            }
            segments.put(id, images.size(id));
        }
        long durable = newestDurable;
        List<LogDamage> losses =
                damages.stream().filter(d -> d.position() < durable).toList();
        for (long id : unfinished) {
            if (cleanUp && SegmentLayout.position(id, 0) >= durable) { // its creation was cut off by the crash
                images.delete(id);
                segments.remove(id);
            }
        }
        if (cleanUp) {
            images.deleteUnfinished();
        }
        boolean torn = between.stream().anyMatch(d -> d.position() >= durable);
        return new Report(segments, last, lastGeneration, losses, torn);
    }

    private String path(long id) {
        return SegmentFiles.path(id, shard);
    }

    /**
     * Makes what was read durable: a process that was killed may have left records in memory alone, and what is
     * acknowledged from now on builds on them. They are written once more, since a force that failed in that process may
     * have left them in memory as if they were on the disk. A torn record behind the last valid one is cut off, since it would look
     * like a loss once later segments are durable.
     */
    private void settle(long id, SegmentImages images, byte[] image, SegmentReader reader) throws IOException {
        if (images.hasCopy(id)) {
            force(SegmentFiles.copyPath(id, shard));
            files.forceDirectory(SegmentLog.DIRECTORY);
            if (files.exists(path(id))) {
                force(path(id));
            }
            return;
        }
        boolean torn = reader.damages().stream()
                .anyMatch(d -> d.position() >= SegmentLayout.position(id, reader.contentEnd()));
        try (WritableFile file = files.open(path(id))) {
            if (torn) {
                LOG.warn(
                        "cutting off {} behind byte {}: {}; expected after a crash, damage otherwise",
                        path(id),
                        reader.contentEnd(),
                        reader.damages().get(reader.damages().size() - 1).reason());
                file.truncate(reader.contentEnd());
            }
            long known = reader.newestDurable() - SegmentLayout.position(id, 0);
            int end = Math.min(image.length, reader.contentEnd());
            int from = (int) Math.max(0, Math.min(known, end));
            file.write(from, ByteBuffer.wrap(image, from, end - from));
            file.force();
        }
    }

    private void force(String path) throws IOException {
        try (WritableFile file = files.open(path)) {
            file.force();
        }
    }

    /** Turns a malformed payload into damage, so that it costs its record alone. */
    private record Guard(RecordHandler handler, List<LogDamage> damages) implements RecordHandler {

        @Override
        public void generation(long generation, long position) {
            handler.generation(generation, position);
        }

        @Override
        public void record(long position, RecordKind kind, byte[] payload, int offset, int length) {
            try {
                handler.record(position, kind, payload, offset, length);
            } catch (MalformedRecordException e) {
                damages.add(new LogDamage(position, String.valueOf(e.getMessage())));
            }
        }
    }
}
