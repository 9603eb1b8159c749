package io.varve.core;

import io.varve.core.block.BlockMeta;
import io.varve.core.block.RollupSpan;
import io.varve.core.compact.Cutoffs;
import io.varve.core.compact.RawFloors;
import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.FileEnvelope;
import io.varve.core.fs.FileSystem;
import io.varve.core.fs.WritableFile;
import io.varve.core.model.Resolution;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Hole;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is live in a store's directory: its fixed properties, where its log begins, and its blocks in the order of their
 * log positions. Written as lines of text in an envelope; docs/format/manifest.md.
 *
 * @param resolution unit of time
 * @param place which shard of how many it is of
 * @param epoch the last upper half of references that may have been given out; each opening, and each time that numbers
 *     of dead series are used again, begins a new one, and they are reserved in advance
 * @param logStart position at which the live part of the log begins
 * @param nextBlock number of the next block
 * @param clock how far retention trusts the clock, ticks; 0 if it was never asked
 * @param deletions number of the list of deletions that it goes with; 0 if there is none
 * @param blocks live blocks
 * @param losses what is known to be missing beside blocks whose file is not there
 * @param floors from when on samples are all there, so that rollups can be made from them again
 */
record Manifest(
        Resolution resolution,
        ShardPlace place,
        long epoch,
        long logStart,
        long nextBlock,
        long clock,
        long deletions,
        List<Block> blocks,
        List<Loss> losses,
        RawFloors floors) {

    /** Name of the file. */
    static final String FILE = "MANIFEST";

    /** Name of the file while it is written. */
    static final String NEW_FILE = "MANIFEST.tmp";

    private static final String KIND = "MANI";
    private static final int VERSION = 1;
    static final long MAX_BYTES = 16L << 20;
    private static final int MAX_LOSSES = 1_000;

    /**
     * A live block, with what an answer has to say is missing if its file is lost.
     *
     * @param id names the file
     * @param minTime oldest time, ticks
     * @param maxTime newest time, ticks
     * @param series number of series
     * @param rollup what else is known of a block of rollups; null for a raw one
     */
    record Block(String id, long minTime, long maxTime, long series, @Nullable Rollup rollup) {

        /** A raw block. */
        Block(String id, long minTime, long maxTime, long series) {
            this(id, minTime, maxTime, series, null);
        }

        /** A block as its file says; a rollup holds what was before a position at least. */
        static Block of(BlockMeta meta, long position) {
            RollupSpan span = meta.header().rollup();
            return new Block(
                    meta.id(),
                    meta.minTime(),
                    meta.maxTime(),
                    meta.series(),
                    span == null ? null : new Rollup(span.width(), position));
        }
    }

    /**
     * What a block of rollups is.
     *
     * @param width ticks of a bucket
     * @param position up to which log position it holds what raw blocks held
     */
    record Rollup(long width, long position) {}

    /**
     * Data that is lost, until somebody says that he knows.
     *
     * @param series number of series that miss something, -1 if unknown
     * @param minTime from when on, ticks
     * @param maxTime until when, ticks
     * @param cause one line of text
     */
    record Loss(long series, long minTime, long maxTime, String cause) {

        Loss {
            cause = cause.replaceAll("\\s+", " ").strip();
        }

        Hole hole() {
            return new Hole(series, TimeRange.of(minTime, maxTime), cause);
        }

        static Loss of(Hole hole) {
            return new Loss(hole.series(), hole.range().from(), hole.range().to(), hole.cause());
        }
    }

    static Manifest empty(Resolution resolution, ShardPlace place) {
        return new Manifest(resolution, place, 0, 0, 1, 0, 0, List.of(), List.of(), RawFloors.NONE);
    }

    Manifest {
        blocks = List.copyOf(blocks);
        losses = List.copyOf(losses);
    }

    Manifest withEpoch(long value) {
        return new Manifest(resolution, place, value, logStart, nextBlock, clock, deletions, blocks, losses, floors);
    }

    Manifest withLogStart(long value) {
        return new Manifest(resolution, place, epoch, value, nextBlock, clock, deletions, blocks, losses, floors);
    }

    Manifest withNextBlock(long value) {
        return new Manifest(resolution, place, epoch, logStart, value, clock, deletions, blocks, losses, floors);
    }

    Manifest withBlocks(List<Block> value) {
        return new Manifest(resolution, place, epoch, logStart, nextBlock, clock, deletions, value, losses, floors);
    }

    Manifest withDeletions(long value) {
        return new Manifest(resolution, place, epoch, logStart, nextBlock, clock, value, blocks, losses, floors);
    }

    Manifest withClock(long value) {
        return new Manifest(resolution, place, epoch, logStart, nextBlock, value, deletions, blocks, losses, floors);
    }

    Manifest withLosses(List<Loss> value) {
        return new Manifest(resolution, place, epoch, logStart, nextBlock, clock, deletions, blocks, value, floors);
    }

    Manifest withFloors(RawFloors value) {
        return new Manifest(resolution, place, epoch, logStart, nextBlock, clock, deletions, blocks, losses, value);
    }

    /** With losses that are not known yet; each is kept once, and no more than {@value #MAX_LOSSES}. */
    Manifest withMoreLosses(List<Loss> more) {
        Set<Loss> all = new LinkedHashSet<>(losses);
        for (Loss loss : more) {
            if (all.size() < MAX_LOSSES) {
                all.add(loss);
            }
        }
        return withLosses(List.copyOf(all));
    }

    /**
     * Reads the manifest of a directory.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws CorruptFileException if it is damaged
     * @throws io.varve.core.fs.UnsupportedFormatException if another version wrote it
     */
    static Manifest read(FileSystem files) throws IOException {
        return decode(FileEnvelope.unwrap(FILE, KIND, VERSION, VERSION, files.read(FILE, MAX_BYTES)));
    }

    /** Reads a manifest whose bytes come from elsewhere; throws as {@link #read} does. */
    static Manifest parse(byte[] bytes) throws IOException {
        return decode(FileEnvelope.unwrap(FILE, KIND, VERSION, VERSION, bytes));
    }

    /** The bytes of the file. */
    byte[] toBytes() {
        return FileEnvelope.wrap(KIND, VERSION, "store", encode());
    }

    /** Replaces the manifest of a directory; durable when it returns. */
    void write(FileSystem files) throws IOException {
        files.delete(NEW_FILE);
        try (WritableFile file = files.create(NEW_FILE)) {
            file.write(0, ByteBuffer.wrap(toBytes()));
            file.force();
        }
        files.rename(NEW_FILE, FILE);
        files.forceDirectory("");
    }

    private byte[] encode() {
        StringBuilder text = new StringBuilder();
        text.append("resolution ").append(resolution.unit()).append('\n');
        text.append("shards ").append(place.text()).append('\n');
        text.append("epoch ").append(epoch).append('\n');
        text.append("log_start ").append(logStart).append('\n');
        text.append("next_block ").append(nextBlock).append('\n');
        text.append("clock ").append(clock).append('\n');
        text.append("deletions ").append(deletions).append('\n');
        RollupLines.write(floors, text);
        for (Block block : blocks) {
            Rollup rollup = block.rollup();
            text.append(rollup == null ? "block " : "rollup ").append(block.id());
            text.append(' ').append(block.minTime()).append(' ').append(block.maxTime());
            text.append(' ').append(block.series());
            if (rollup != null) {
                text.append(' ').append(rollup.width()).append(' ').append(rollup.position());
            }
            text.append('\n');
        }
        for (Loss loss : losses) {
            text.append("lost ").append(loss.series()).append(' ').append(loss.minTime());
            text.append(' ').append(loss.maxTime()).append(' ');
            text.append(loss.cause()).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws CorruptFileException if a line is missing, out of place or malformed */
    private static Manifest decode(byte[] bytes) throws CorruptFileException {
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
        try {
            Resolution resolution = resolution(value(lines, 0, "resolution"));
            ShardPlace place = ShardPlace.parse(value(lines, 1, "shards"));
            long epoch = Long.parseLong(value(lines, 2, "epoch"));
            long logStart = Long.parseLong(value(lines, 3, "log_start"));
            long nextBlock = Long.parseLong(value(lines, 4, "next_block"));
            long clock = Long.parseLong(value(lines, 5, "clock"));
            long deletions = Long.parseLong(value(lines, 6, "deletions"));
            List<Block> blocks = new ArrayList<>();
            int i = 7;
            List<Cutoffs> floors = new ArrayList<>();
            for (; lines[i].startsWith(RollupLines.EXPIRED + " "); i++) {
                floors.add(RollupLines.read(value(lines, i, RollupLines.EXPIRED)));
            }
            for (; lines[i].startsWith("block ") || lines[i].startsWith("rollup "); i++) {
                blocks.add(block(lines, i));
            }
            List<Loss> losses = new ArrayList<>();
            for (; i < lines.length - 1; i++) {
                String[] parts = value(lines, i, "lost").split(" ", 4);
                losses.add(new Loss(
                        Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]), parts[3]));
            }
            return new Manifest(
                    resolution,
                    place,
                    epoch,
                    logStart,
                    nextBlock,
                    clock,
                    deletions,
                    blocks,
                    losses,
                    RawFloors.of(floors));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new CorruptFileException(FILE, 0, "lines of a manifest", String.valueOf(e.getMessage()));
        }
    }

    private static Block block(String[] lines, int line) {
        boolean raw = lines[line].startsWith("block ");
        String[] parts = value(lines, line, raw ? "block" : "rollup").split(" ", -1);
        return new Block(
                parts[0],
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                Long.parseLong(parts[3]),
                raw ? null : new Rollup(Long.parseLong(parts[4]), Long.parseLong(parts[5])));
    }

    private static String value(String[] lines, int line, String key) {
        if (!lines[line].startsWith(key + " ")) {
            throw new IllegalArgumentException("line " + (line + 1) + " is not '" + key + " …'");
        }
        return lines[line].substring(key.length() + 1);
    }

    private static Resolution resolution(String unit) {
        for (Resolution candidate : Resolution.values()) {
            if (candidate.unit().equals(unit)) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("unknown resolution '" + unit + "'");
    }
}
