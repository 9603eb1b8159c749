package io.varve.core.wal;

import io.varve.core.fs.FileSystem;
import io.varve.core.fs.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One reading of a whole log; see {@link LogReplay}. */
final class LogReading {

    private static final Logger LOG = LoggerFactory.getLogger(LogReading.class);

    private final FileSystem files;
    private final int shard;
    private final RecordHandler handler;
    private final boolean cleanUp;
    private final SegmentImages images;
    private final TreeMap<Long, Long> segments = new TreeMap<>();
    private final List<LogDamage> damages = new ArrayList<>();

    /** Damage with valid records behind it. */
    private final List<LogDamage> between = new ArrayList<>();

    /** Segments without a header and without records, whose creation may have been cut off. */
    private final List<Long> unfinished = new ArrayList<>();

    /** Segments that were read, with how. */
    private final TreeMap<Long, SegmentReader> readers = new TreeMap<>();

    private final List<Unsettled> unsettled = new ArrayList<>();

    /** Where records of a segment end earlier than the header of a later one says, by the later one's id. */
    private final TreeMap<Long, Long> earlierEnds = new TreeMap<>();

    private long newestDurable;
    private long lastGeneration;

    /** A segment that was read and may not be durable as a whole. */
    private static final class Unsettled {
        private final long id;
        private final byte[] image;
        private final SegmentReader reader;

        Unsettled(long id, byte[] image, SegmentReader reader) {
            this.id = id;
            this.image = image;
            this.reader = reader;
        }

        long end() {
            return SegmentLayout.position(id, reader.contentEnd());
        }

        boolean isTorn() {
            return reader.damages().stream().anyMatch(damage -> damage.position() >= end());
        }

        boolean isSettled(long durable) {
            return end() <= durable && !isTorn();
        }
    }

    /** @param cleanUp whether files are changed: what is not needed is deleted, what was read is made durable */
    LogReading(FileSystem files, int shard, RecordHandler handler, boolean cleanUp) throws IOException {
        this.files = files;
        this.shard = shard;
        this.handler = handler;
        this.cleanUp = cleanUp;
        images = new SegmentImages(files, shard);
        images.ids().forEach(id -> segments.put(id, 0L)); // their sizes follow
    }

    LogReplay.Report run(long fromPosition) throws IOException {
        long last = segments.isEmpty() ? 0 : segments.lastKey();
        long start = SegmentLayout.segmentAt(fromPosition);
        if (fromPosition > 0) {
            newestDurable = SegmentLayout.position(start, 1); // its head was forced before a manifest named it
            if (!segments.containsKey(start)) {
                damages.add(new LogDamage(SegmentLayout.position(start, 0), "segment missing"));
            }
        }
        if (cleanUp && images.hasCopies()) { // the name of a copy may be in memory alone
            files.forceDirectory(SegmentLog.DIRECTORY);
        }
        for (long id : List.copyOf(segments.keySet())) {
            if (id < start) {
                if (cleanUp) {
                    images.delete(id);
                }
                segments.remove(id);
            } else {
                segment(id);
            }
        }
        long durable = newestDurable;
        SegmentReader newest = readers.get(SegmentLayout.segmentAt(durable));
        if (newest != null) {
            checkEnd(newest, durable);
        }
        if (cleanUp) {
            cleanUp(durable);
        }
        List<LogDamage> losses =
                damages.stream().filter(d -> d.position() < durable).toList();
        boolean torn = between.stream().anyMatch(d -> d.position() >= durable);
        return new LogReplay.Report(segments, last, end(), durable, lastGeneration, losses, torn);
    }

    private long end() {
        for (long id : segments.descendingKeySet()) {
            SegmentReader reader = readers.get(id);
            return reader == null ? 0 : SegmentLayout.position(id, reader.contentEnd());
        }
        return 0;
    }

    /** The segment before one must be there, up to where its records ended. */
    private void checkBefore(long later, long before) {
        long id = SegmentLayout.segmentAt(before);
        if (before == 0 || readers.isEmpty() || id < readers.firstKey()) {
            return;
        }
        SegmentReader reader = readers.get(id);
        if (reader != null) {
            if (checkEnd(reader, before)) {
                earlierEnds.put(later, SegmentLayout.position(id, reader.contentEnd()));
            }
        } else {
            note(new LogDamage(SegmentLayout.position(id, 0), "segment missing"));
        }
    }

    /** Records of a segment went on up to a position; true if they end before it. */
    private boolean checkEnd(SegmentReader reader, long position) {
        long end = SegmentLayout.position(SegmentLayout.segmentAt(position), reader.contentEnd());
        boolean earlier = end < position && reader.endsSoundly();
        if (earlier) {
            note(new LogDamage(end, "records end here and went on up to byte " + SegmentLayout.offsetAt(position)));
        }
        return earlier;
    }

    private void note(LogDamage damage) {
        boolean known = damages.stream().anyMatch(other -> other.position() == damage.position());
        if (!known) {
            damages.add(damage);
            between.add(damage);
        }
    }

    private void segment(long id) throws IOException {
        SegmentImages.Image image = images.read(id, damages);
        SegmentReader reader = new SegmentReader(image.bytes(), id, image.copiedFrom());
        Long generation = reader.generation(shard);
        if (generation == null) {
            damages.add(new LogDamage(SegmentLayout.position(id, 0), "segment header damaged"));
            lastGeneration = Math.max(lastGeneration, 1); // its records have checksums of their own
        } else {
            lastGeneration = Math.max(lastGeneration, generation);
        }
        handler.generation(generation == null ? lastGeneration : generation, SegmentLayout.position(id, 0));
        reader.read(new Guard(handler, damages));
        boolean unreadable = generation == null && reader.contentEnd() == SegmentLayout.HEADER_BYTES;
        boolean cutOff = unreadable && UnfinishedSegment.isPossible(image.bytes(), shard, id);
        if (reader.isAnother(shard) || unreadable && !cutOff) {
            newestDurable = Math.max(newestDurable, SegmentLayout.position(id, 1)); // so it is a loss
        }
        if (cutOff) {
            unfinished.add(id);
        } else if (generation == null && !unreadable) {
            between.add(new LogDamage(SegmentLayout.position(id, 0), "segment header damaged"));
        }
        if (!unreadable) { // else all of it is named already
            damages.addAll(reader.damages());
        }
        long end = SegmentLayout.position(id, reader.contentEnd());
        reader.damages().stream().filter(d -> d.position() < end).forEach(between::add);
        newestDurable = Math.max(newestDurable, Math.max(reader.newestDurable(), image.durable()));
        newestDurable = Math.max(newestDurable, reader.headerPosition(shard, SegmentLayout.DURABLE_AT));
        checkBefore(id, reader.headerPosition(shard, SegmentLayout.BEFORE_AT));
        readers.put(id, reader);
        if (!unreadable && image.copiedFrom() == 0 && images.hasSegment(id)) { // else a person may know what it is
            unsettled.add(new Unsettled(id, image.bytes(), reader));
        }
        long durable = newestDurable;
        unsettled.removeIf(segment -> segment.isSettled(durable));
        segments.put(id, images.size(id));
    }

    private void cleanUp(long durable) throws IOException {
        for (Unsettled segment : unsettled) {
            if (!segment.isSettled(durable)) {
                settle(segment, durable);
                segments.put(segment.id, images.size(segment.id));
            }
        }
        for (Map.Entry<Long, Long> earlier : earlierEnds.entrySet()) {
            if (earlier.getValue() >= durable) {
                correct(earlier.getKey(), earlier.getValue());
            }
        }
        for (long id : unfinished) {
            if (SegmentLayout.position(id, 0) >= durable) { // its creation was cut off by the crash
                images.delete(id);
                segments.remove(id);
            }
        }
        images.deleteUnfinished();
    }

    /**
     * Lets the header of a segment say where records before it end after power has taken the last ones, which were
     * never acknowledged: once later segments are durable that would look like a loss.
     */
    private void correct(long id, long before) throws IOException {
        SegmentReader reader = readers.get(id);
        if (reader != null && images.hasSegment(id)) {
            try (WritableFile file = files.open(SegmentFiles.path(id, shard))) {
                file.write(0, reader.header(shard, before));
                file.force();
            }
        }
    }

    /**
     * Makes what was read durable: a process that was killed may have left records in memory alone, and what is
     * acknowledged from now on builds on them. They are written once more, since a force that failed in that process
     * may have left them in memory as if they were on the disk. A torn record behind the last valid one is cut off,
     * since it would look like a loss once later segments are durable; so would one before it, which gives its place to
     * a mark.
     */
    private void settle(Unsettled segment, long durable) throws IOException {
        String path = SegmentFiles.path(segment.id, shard);
        SegmentReader reader = segment.reader;
        try (WritableFile file = files.open(path)) {
            if (segment.isTorn()) {
                LOG.warn(
                        "cutting off {} behind byte {}: {}; expected after a crash, damage otherwise",
                        path,
                        reader.contentEnd(),
                        reader.damages().get(reader.damages().size() - 1).reason());
                file.truncate(reader.contentEnd());
            }
            int end = Math.min(segment.image.length, reader.contentEnd());
            long known = reader.newestDurable() - SegmentLayout.position(segment.id, 0);
            int from = (int) Math.max(0, Math.min(known, end));
            for (TakenRecords taken : reader.taken()) {
                if (SegmentLayout.position(segment.id, taken.from()) >= durable) {
                    taken.fill(segment.image, segment.id, durable);
                }
            }
            file.write(from, ByteBuffer.wrap(segment.image, from, end - from));
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
