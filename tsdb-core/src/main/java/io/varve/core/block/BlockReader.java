package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.block.BlockFormat.Section;
import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.FileEnvelope;
import io.varve.core.fs.FileSystem;
import io.varve.core.fs.MappedRegion;
import io.varve.core.index.ByteSource;
import io.varve.core.index.LabelIndex;
import io.varve.core.model.Labels;
import io.varve.core.storage.SummaryRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A finished block, mapped. Any number of threads may read it, each with a {@link BlockSession} of its own.
 *
 * <p>Whoever opens it holds one reference; {@link #retain} adds one and {@link #release} takes one away. With the last
 * one the map goes: nothing that came from this reader may be used then.
 *
 * <p>Checksums of the sections that everything hangs on are checked when it is opened; those of pages at every decode.
 * Damaged postings are rebuilt from the series; damaged statistics or copies are done without; for damaged coding
 * models their copy stands in.
 */
public final class BlockReader {

    private static final Logger LOG = LoggerFactory.getLogger(BlockReader.class);
    private static final int CHECK_BYTES = 64 << 10;

    private final String path;
    private final MappedRegion region;
    private final BlockMeta meta;
    private final RunTable directory;
    private final BlockColumns columns;
    private final SeriesTable series;
    private final RunTable statistics;
    private final BlockIndex index;
    private final BlockModels models;
    private final @Nullable SparseTable histograms;
    private final @Nullable SparseTable rollups;
    private final BlockSides sides;
    private final Set<Integer> damaged;
    private final Map<Integer, Section> sections;
    private final AtomicInteger references = new AtomicInteger(1);

    private BlockReader(String path, MappedRegion region, BlockFormat.Tail tail) throws CorruptFileException {
        this.path = path;
        this.region = region;
        this.meta = tail.meta();
        this.sections = tail.sections();
        this.damaged = damagedSections();
        this.directory = new RunTable(required(BlockFormat.DIRECTORY));
        ByteBuffer copies = optional(BlockFormat.COLUMN_COPIES);
        this.columns = new BlockColumns(
                new RunTable(required(BlockFormat.COLUMNS)),
                copies == null ? Map.of() : BlockColumns.readCopies(new ByteSource(copies, 0)));
        BlockSymbols symbols = new BlockSymbols(required(BlockFormat.SYMBOLS));
        this.series = new SeriesTable(new RunTable(required(BlockFormat.SERIES)), symbols);
        ByteBuffer summaries = optional(BlockFormat.STATISTICS);
        this.statistics = summaries == null ? RunTable.empty() : new RunTable(summaries);
        this.models = models();
        ByteBuffer chunks = optional(BlockFormat.HISTOGRAMS);
        this.histograms = chunks == null ? null : new SparseTable(chunks);
        ByteBuffer buckets = optional(BlockFormat.ROLLUPS);
        this.rollups = buckets == null ? null : new SparseTable(buckets);
        this.sides = new BlockSides(
                this,
                optional(BlockFormat.EXEMPLARS),
                optional(BlockFormat.START_TIMES),
                optional(BlockFormat.METADATA));
        checkCount(BlockFormat.DIRECTORY, meta.series(), directory.count());
        checkCount(BlockFormat.SERIES, meta.series(), series.count());
        checkCount(BlockFormat.COLUMNS, meta.columns(), columns.count());
        if (rollups != null) {
            checkCount(BlockFormat.ROLLUPS, meta.series(), rollups.count());
        }
        this.index = new BlockIndex(symbols, postings(symbols), series);
    }

    /**
     * Opens a block.
     *
     * @throws CorruptFileException if what all of it hangs on is damaged: footer, tail, columns, directory, series or
     *     symbols
     * @throws io.varve.core.fs.UnsupportedFormatException if it is of another version, or needs what is not known here
     */
    public static BlockReader open(FileSystem fs, String path) throws IOException {
        MappedRegion region = fs.map(path);
        boolean done = false;
        try {
            BlockReader reader = new BlockReader(path, region, readTail(path, region));
            done = true;
            return reader;
        } catch (MalformedPageException e) {
            throw new CorruptFileException(path, e.offset(), "sound sections", String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw e.getCause() == null ? new IOException(e) : new IOException(e.getMessage(), e.getCause());
        } catch (InternalError e) {
            throw new IOException("cannot read " + path + ": the device did not deliver a mapped page", e);
        } finally {
            if (!done) {
                region.close();
            }
        }
    }

    private static BlockFormat.Tail readTail(String path, MappedRegion region) throws IOException {
        long size = region.size();
        if (size < FileEnvelope.HEADER_BYTES + FileEnvelope.FOOTER_BYTES) {
            throw new CorruptFileException(path, size, "a header and a footer", size + " bytes");
        }
        byte[] end = new byte[FileEnvelope.FOOTER_BYTES];
        region.copy(size - end.length, end, 0, end.length);
        FileEnvelope.Footer footer =
                FileEnvelope.parseFooter(path, BlockFormat.KIND, 1, BlockFormat.VERSION, end, size);
        byte[] tail = new byte[footer.tailLength()];
        long tailAt = size - end.length - tail.length;
        region.copy(tailAt, tail, 0, tail.length);
        FileEnvelope.checkTail(path, footer, tail);
        return BlockFormat.decodeTail(path, footer.header().id(), size, tailAt, tail);
    }

    private Set<Integer> damagedSections() throws CorruptFileException {
        Set<Integer> found = new HashSet<>();
        for (Section section : sections.values()) {
            int crc = crc(section);
            if (crc != section.crc()) {
                if (BlockFormat.isVital(section.id())) {
                    throw new CorruptFileException(
                            path,
                            section.offset(),
                            "checksum " + Integer.toHexString(section.crc()) + " of section " + section.id(),
                            Integer.toHexString(crc));
                }
                LOG.warn("damaged section: path={}, section={}, offset={}", path, section.id(), section.offset());
                found.add(section.id());
            }
        }
        return found;
    }

    private int crc(Section section) {
        CRC32C crc = new CRC32C();
        byte[] part = new byte[(int) Math.min(CHECK_BYTES, section.length())];
        for (long at = 0; at < section.length(); at += part.length) {
            int length = (int) Math.min(part.length, section.length() - at);
            region.copy(section.offset() + at, part, 0, length);
            crc.update(part, 0, length);
        }
        return (int) crc.getValue();
    }

    private ByteBuffer required(int id) {
        ByteBuffer bytes = optional(id);
        if (bytes == null) {
            throw new MalformedPageException(0, "section " + id);
        }
        return bytes;
    }

    private @Nullable ByteBuffer optional(int id) {
        Section section = sections.get(id);
        if (section == null || damaged.contains(id)) {
            return null;
        }
        if (section.length() > Integer.MAX_VALUE) {
            throw new MalformedPageException(0, "a section below 2 GiB: " + section);
        }
        return region.slice(section.offset(), (int) section.length());
    }

    private BlockModels models() {
        ByteBuffer first = optional(BlockFormat.MODELS);
        ByteBuffer sound = first == null ? optional(BlockFormat.MODEL_COPIES) : first;
        return sound == null ? BlockModels.NONE : new BlockModels(sound);
    }

    private PostingsTable postings(BlockSymbols symbols) throws CorruptFileException {
        ByteBuffer bytes = optional(BlockFormat.POSTINGS);
        if (bytes == null) {
            return PostingsTable.rebuilt(series, symbols.pairs());
        }
        RunTable table = new RunTable(bytes);
        checkCount(BlockFormat.POSTINGS, symbols.pairs(), table.count());
        return PostingsTable.mapped(table, series.count());
    }

    private void checkCount(int section, int expected, int found) throws CorruptFileException {
        if (expected != found) {
            long offset = sections.containsKey(section) ? sections.get(section).offset() : 0;
            throw new CorruptFileException(
                    path, offset, expected + " entries in section " + section, Integer.toString(found));
        }
    }

    /** What the block is and holds. */
    public BlockMeta meta() {
        return meta;
    }

    /** The file. */
    public String path() {
        return path;
    }

    /** Labels and postings of its series, which are numbered from 0 in label order. */
    public LabelIndex index() {
        return index;
    }

    /** Its exemplars, metadata and start times. */
    public BlockSides sides() {
        return sides;
    }

    /** The directory of histograms; null if there are none, or if it is damaged. */
    @Nullable
    SparseTable histograms() {
        return histograms;
    }

    /** The directory of rollups; null in a raw block. */
    @Nullable
    SparseTable rollups() {
        return rollups;
    }

    /** The labels of one series. For many, use {@link BlockSession#labels}. */
    public Labels labels(int number) {
        return series.walk(number).labels(number);
    }

    /** A new reading of this block by one thread, on scratch memory of its own. */
    public BlockSession session() {
        return session(new DecodeScratch());
    }

    /** A new reading of this block by one thread, on scratch memory that this thread lends. */
    public BlockSession session(DecodeScratch scratch) {
        return new BlockSession(this, scratch);
    }

    /** What reading series of this block in turn would read; of one thread. */
    public BlockEstimate estimate(SummaryRule rule) {
        return new BlockEstimate(this, rule);
    }

    /** Takes a reference, unless the last one has been released: then false. */
    public boolean retain() {
        for (int now = references.get(); now > 0; now = references.get()) {
            if (references.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Gives a reference back; with the last one the file is unmapped. */
    public void release() {
        int left = references.decrementAndGet();
        if (left == 0) {
            region.close();
        } else if (left < 0) {
            throw new AssertionError("BUG: a block was released too often: path=" + path);
        }
    }

    MappedRegion region() {
        return region;
    }

    RunTable directory() {
        return directory;
    }

    BlockColumns columns() {
        return columns;
    }

    BlockModels codingModels() {
        return models;
    }

    SeriesTable series() {
        return series;
    }

    RunTable statistics() {
        return statistics;
    }

    /** Optional sections that are damaged and done without. */
    Set<Integer> damaged() {
        return damaged;
    }

    Map<Integer, Section> sections() {
        return sections;
    }
}
