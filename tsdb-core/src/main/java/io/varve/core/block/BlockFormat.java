package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.UnsupportedFormatException;
import io.varve.core.index.ByteSink;
import io.varve.core.index.ByteSource;
import io.varve.core.model.Resolution;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Constants of the block format, and the tail of the file: what the block is and where its sections are. */
final class BlockFormat {

    static final String KIND = "BLCK";
    static final int VERSION = 1;

    /** Rows of a full page of a time column. */
    static final int PAGE_ROWS = 8_192;

    /** One series (or column) of so many begins a run that can be read by itself. */
    static final int STEP = 16;

    /** Value pages share a checksum until so many bytes are covered. */
    static final int SHARED_CHECKSUM_BYTES = 1_024;

    /** Pages of fewer rows, or of fewer bytes, are cheaper to decode than to summarise. */
    static final int MIN_STATISTICS_ROWS = 64;

    static final int MIN_STATISTICS_BYTES = 256;

    static final int COLUMNS = 1;
    static final int DIRECTORY = 2;
    static final int SERIES = 3;
    static final int SYMBOLS = 4;
    static final int POSTINGS = 5;
    static final int STATISTICS = 6;
    static final int COLUMN_COPIES = 7;

    static final int MODELS = 8;
    static final int MODEL_COPIES = 9;

    static final int HISTOGRAMS = 16;
    static final int EXEMPLARS = 17;
    static final int METADATA = 18;
    static final int START_TIMES = 19;

    /** Of a block of rollups alone. */
    static final int ROLLUPS = 20;

    private static final int NEWEST_SECTION = ROLLUPS;
    private static final int REQUIRED = 1;

    /** By their code in the file. */
    private static final List<Resolution> RESOLUTIONS = List.of(Resolution.MILLIS, Resolution.MICROS, Resolution.NANOS);

    private static final int MAX_REPLACES = 1 << 20;

    private BlockFormat() {}

    static boolean hasStatistics(int rows, int bytes) {
        return rows >= MIN_STATISTICS_ROWS && bytes >= MIN_STATISTICS_BYTES;
    }

    /** Whether a block whose section is damaged is refused as corrupt. */
    static boolean isVital(int section) {
        return section <= SYMBOLS || section == ROLLUPS;
    }

    /** Whether a reader that does not know a section must refuse the block. */
    private static boolean isRequired(int section) {
        return isVital(section) || section == MODELS || section == HISTOGRAMS || section == ROLLUPS;
    }

    /** A part of the file with a checksum of its own. */
    record Section(int id, long offset, long length, int crc) {}

    /** The tail, decoded. */
    record Tail(BlockMeta meta, Map<Integer, Section> sections) {}

    static byte[] encodeTail(BlockMeta meta, List<Section> sections) {
        ByteSink out = new ByteSink();
        BlockHeader header = meta.header();
        out.varint(header.level());
        out.u64(header.firstPosition());
        out.u64(header.lastPosition());
        out.u64(header.deletedTo());
        out.u8(resolutionCode(header.resolution()));
        RollupSpan span = header.rollup();
        out.u8(span == null ? 0 : 1);
        if (span != null) {
            out.u64(span.width());
            out.u64(span.from());
            out.u64(span.to());
            out.u8(span.sketch() ? 1 : 0);
        }
        out.u64(meta.minTime());
        out.u64(meta.maxTime());
        out.varint(meta.series());
        out.varint(meta.samples());
        out.varint(meta.columns());
        out.varint(meta.pages());
        out.varint(header.replaces().size());
        for (String id : header.replaces()) {
            byte[] text = id.getBytes(StandardCharsets.UTF_8);
            out.varint(text.length);
            out.put(text, 0, text.length);
        }
        out.varint(sections.size());
        for (Section section : sections) {
            out.varint(section.id());
            out.u8(isRequired(section.id()) ? REQUIRED : 0);
            out.varint(section.offset());
            out.varint(section.length());
            out.u32(section.crc());
        }
        return out.toArray();
    }

    /**
     * Reads a tail whose checksum was right.
     *
     * @param end where the tail begins in the file; sections lie before it
     */
    static Tail decodeTail(String path, String id, long fileBytes, long end, byte[] tail)
            throws CorruptFileException, UnsupportedFormatException {
        try {
            ByteSource in = new ByteSource(ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN), 0);
            int level = in.varint(Integer.MAX_VALUE);
            long firstPosition = in.u64();
            long lastPosition = in.u64();
            long deletedTo = in.u64();
            Resolution resolution = RESOLUTIONS.get(code(in, RESOLUTIONS.size()));
            RollupSpan span = code(in, 2) == 0 ? null : span(in);
            BlockHeader.Kind kind = span == null ? BlockHeader.Kind.RAW : BlockHeader.Kind.ROLLUP;
            long minTime = in.u64();
            long maxTime = in.u64();
            int series = in.varint(Integer.MAX_VALUE);
            long samples = in.varint();
            int columns = in.varint(Integer.MAX_VALUE);
            long pages = in.varint();
            List<String> replaces = new ArrayList<>();
            for (int left = in.varint(MAX_REPLACES); left > 0; left--) {
                byte[] text = new byte[in.varint(in.remaining())];
                in.get(text, 0, text.length);
                replaces.add(new String(text, StandardCharsets.UTF_8));
            }
            BlockHeader header = new BlockHeader(
                    id, level, firstPosition, lastPosition, deletedTo, resolution, kind, replaces, span);
            Map<Integer, Section> sections = sections(path, in, end);
            if (span != null && !sections.containsKey(ROLLUPS)) {
                throw new MalformedPageException(in.position(), "section " + ROLLUPS);
            }
            return new Tail(
                    new BlockMeta(header, minTime, maxTime, series, samples, columns, pages, fileBytes), sections);
        } catch (MalformedPageException e) {
            throw new CorruptFileException(path, end + e.offset(), "a block's tail", String.valueOf(e.getMessage()));
        }
    }

    private static RollupSpan span(ByteSource in) {
        long width = in.u64();
        long from = in.u64();
        long to = in.u64();
        boolean sketch = code(in, 2) == 1;
        try {
            return new RollupSpan(width, from, to, sketch);
        } catch (IllegalArgumentException e) {
            throw new MalformedPageException(in.position(), String.valueOf(e.getMessage()));
        }
    }

    private static int resolutionCode(Resolution resolution) {
        return RESOLUTIONS.indexOf(resolution);
    }

    private static int code(ByteSource in, int count) {
        int found = in.u8();
        if (found >= count) {
            throw new MalformedPageException(in.position(), "a code below " + count + ": found=" + found);
        }
        return found;
    }

    private static Map<Integer, Section> sections(String path, ByteSource in, long end)
            throws UnsupportedFormatException {
        Map<Integer, Section> sections = new HashMap<>();
        for (int left = in.varint(in.remaining()); left > 0; left--) {
            int id = in.varint(Integer.MAX_VALUE);
            int flags = in.u8();
            Section section = new Section(id, in.varint(), in.varint(), in.u32());
            if (id > NEWEST_SECTION || id > MODEL_COPIES && id < HISTOGRAMS) {
                if ((flags & REQUIRED) != 0) {
                    throw UnsupportedFormatException.unknownPart(path, "section " + id, VERSION);
                }
                continue;
            }
            if (section.offset() < 0 || section.length() < 0 || section.length() > end - section.offset()) {
                throw new MalformedPageException(in.position(), "a section within the file: " + section);
            }
            sections.put(id, section);
        }
        for (int id = COLUMNS; id <= SYMBOLS; id++) {
            if (!sections.containsKey(id)) {
                throw new MalformedPageException(in.position(), "section " + id);
            }
        }
        return sections;
    }
}
