package io.varve.codec;

import io.varve.codec.bits.MalformedPageException;
import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import io.varve.codec.column.ColumnDecoder;
import io.varve.codec.column.ColumnEncoder;
import io.varve.codec.model.CodingModel;
import io.varve.codec.model.ModelDecoder;
import io.varve.codec.model.ModelEncoder;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and decodes pages: up to {@link #MAX_SAMPLES} times, or as many values, in the cheapest combination of
 * number mode, predictor and entropy stage. Lossless for every 64-bit pattern. Holds reusable scratch memory: one
 * thread uses an instance at a time, and nothing is allocated per page once it is warm.
 *
 * <p>A page is bytes of the caller and is never kept. Bytes that are no page are a {@link MalformedPageException};
 * what the target then holds is not defined. docs/format/page.md describes a page bit by bit.
 */
public final class PageCodec {

    /** Most samples of a page. */
    public static final int MAX_SAMPLES = 16_384;

    private final Effort effort;
    private final PageWriter writer = new PageWriter();
    private final PageReader reader = new PageReader();
    private int kind;
    private @Nullable ColumnEncoder columnEncoder;
    private @Nullable ValueEncoder valueEncoder;
    private @Nullable ModelEncoder modelEncoder;
    private @Nullable ModelDecoder modelDecoder;
    private byte @Nullable [] modelRoom;
    private double @Nullable [] summed;
    private boolean finite;
    private final PageWriter trial = new PageWriter();
    private final ColumnDecoder columnDecoder = new ColumnDecoder(MAX_SAMPLES);
    private final ValueDecoder valueDecoder = new ValueDecoder(MAX_SAMPLES, columnDecoder);

    /** A codec that looks for the smallest page. */
    public PageCodec() {
        this(Effort.BEST);
    }

    /** A codec that looks so hard for a small page. */
    public PageCodec(Effort effort) {
        this.effort = effort;
    }

    /** The most bytes that a page of so many samples can take. */
    public static int maxEncodedBytes(int count) {
        return 64 + count * 10;
    }

    /**
     * Encodes times.
     *
     * @param times ticks, strictly increasing or not
     * @param offset where the page's times start
     * @param count how many, 1 to {@link #MAX_SAMPLES}
     * @param target takes the page; has room for {@link #maxEncodedBytes}
     * @param targetOffset where the page starts
     * @return bytes of the page
     */
    public int encodeTimes(long[] times, int offset, int count, byte[] target, int targetOffset) {
        begin(PageKinds.TIMES, times.length, offset, count, target, targetOffset);
        columnEncoder().encode(times, offset, count, effort == Effort.FAST, writer);
        return writer.length();
    }

    /** Encodes values; parameters as {@link #encodeTimes}. */
    public int encodeValues(double[] values, int offset, int count, byte[] target, int targetOffset) {
        begin(PageKinds.VALUES, values.length, offset, count, target, targetOffset);
        valueEncoder().encode(values, offset, count, writer);
        return writer.length();
    }

    /**
     * Encodes values and tells their statistics, in one pass; other parameters as {@link #encodeTimes}.
     *
     * @param statistics takes them
     */
    public int encodeValues(
            double[] values, int offset, int count, byte[] target, int targetOffset, ValueStatistics statistics) {
        begin(PageKinds.VALUES, values.length, offset, count, target, targetOffset);
        valueEncoder().encode(values, offset, count, writer, statistics);
        return writer.length();
    }

    /**
     * Encodes values with a model; parameters as {@link #encodeTimes}.
     *
     * @param number by which a decoder will find the model, not negative
     * @return bytes of the page; -1 if the values do not fit the model
     */
    public int encodeValues(
            CodingModel model, int number, double[] values, int offset, int count, byte[] target, int targetOffset) {
        begin(PageKinds.MODELLED, values.length, offset, count, target, targetOffset);
        writer.writeVarint(number);
        byte[] room = modelRoom();
        trial.reset(room, 0);
        if (!modelEncoder().encode(model, values, offset, count, trial)
                || writer.length() + trial.length() > maxEncodedBytes(count)) {
            return -1;
        }
        writer.writeBytes(room, 0, trial.length());
        return writer.length();
    }

    /**
     * Decodes a page of times.
     *
     * @param page holds the page
     * @param offset where the page starts
     * @param length bytes of the page
     * @param target takes the times
     * @param targetOffset where the first one goes
     * @return how many were decoded
     * @throws MalformedPageException if the bytes are no page of times, or the target is too small
     */
    public int decodeTimes(byte[] page, int offset, int length, long[] target, int targetOffset) {
        int count = open(page, offset, length, PageKinds.TIMES);
        requireRoom(count, target.length, targetOffset);
        columnDecoder.decode(reader, count, target, targetOffset);
        reader.finish();
        return count;
    }

    /** Decodes a page of values that stands alone; parameters as {@link #decodeTimes}. */
    public int decodeValues(byte[] page, int offset, int length, double[] target, int targetOffset) {
        return decodeValues(CodingModel.Lookup.NONE, page, offset, length, target, targetOffset);
    }

    /**
     * Decodes a page of values; parameters as {@link #decodeTimes}.
     *
     * @param models where the page's model is, if it has one
     */
    public int decodeValues(
            CodingModel.Lookup models, byte[] page, int offset, int length, double[] target, int targetOffset) {
        int count = openValues(page, offset, length);
        decodeRange(models, count, 0, count, target, targetOffset);
        return count;
    }

    /**
     * Decodes some values of a page; other parameters as {@link #decodeTimes}. Those before the first one wanted cost
     * as if they were wanted, less their conversion; those behind the last one cost nothing and are not verified.
     *
     * @param from the first value wanted
     * @param to the first one behind them, at most the page's count
     * @return how many values the whole page has
     */
    public int decodeValues(
            CodingModel.Lookup models,
            byte[] page,
            int offset,
            int length,
            int from,
            int to,
            double[] target,
            int targetOffset) {
        int count = openValues(page, offset, length);
        Objects.checkFromToIndex(from, to, count);
        decodeRange(models, count, from, to, target, targetOffset);
        return count;
    }

    private void decodeRange(
            CodingModel.Lookup models, int count, int from, int to, double[] target, int targetOffset) {
        requireRoom(to - from, target.length, targetOffset);
        if (kind == PageKinds.VALUES) {
            valueDecoder.decode(reader, count, from, to, target, targetOffset);
            finite = valueDecoder.isFinite();
        } else {
            int number = readModelNumber();
            CodingModel model = models.model(number);
            if (model == null) {
                throw reader.malformed("rule: the page's model is known, model=" + number);
            }
            modelDecoder().decode(reader, model, count, from, to, target, targetOffset);
            finite = modelDecoder().isFinite();
        }
        if (to == count) {
            reader.finish();
        }
    }

    /**
     * Whether all values of the page decoded last are known to be finite by how they were coded, so that none is a
     * stale marker; false where that is not known.
     */
    public boolean decodedFinite() {
        return finite;
    }

    /**
     * Sums a page of values up: directly on its integers where its mode allows, else by decoding it.
     *
     * @param summary is cleared and takes the sums
     */
    public void summarise(CodingModel.Lookup models, byte[] page, int offset, int length, PageSummary summary) {
        int count = openValues(page, offset, length);
        summary.clear();
        if (kind == PageKinds.VALUES && valueDecoder.summarise(reader, count, summary)) {
            reader.finish();
            return;
        }
        double[] values = summed();
        decodeValues(models, page, offset, length, values, 0);
        summary.add(values, count);
    }

    /**
     * Bounds of a page's values that its head tells, without decoding any.
     *
     * @param bounds takes a value that none is below and one that none is above
     * @return whether the head tells any
     */
    public boolean bounds(byte[] page, int offset, int length, double[] bounds) {
        int count = openValues(page, offset, length);
        return kind == PageKinds.VALUES && valueDecoder.bounds(reader, count, bounds);
    }

    private int openValues(byte[] page, int offset, int length) {
        return open(page, offset, length, PageKinds.VALUES);
    }

    /** Reads kind and count; values may also be modelled. */
    private int open(byte[] page, int offset, int length, int expected) {
        reader.reset(page, offset, length);
        kind = reader.readByte();
        if (kind != expected && (expected != PageKinds.VALUES || kind != PageKinds.MODELLED)) {
            throw reader.malformed("rule: kind=" + expected + ", kind=" + kind);
        }
        return reader.readVarint("count", 1, MAX_SAMPLES);
    }

    private void requireRoom(int count, int targetLength, int targetOffset) {
        if (targetOffset < 0 || targetLength - targetOffset < count) {
            throw reader.malformed(
                    "rule: count <= room of the target, count=" + count + ", room=" + (targetLength - targetOffset));
        }
    }

    private int readModelNumber() {
        return reader.readVarint("model", 0, Integer.MAX_VALUE);
    }

    private int readModelNumber(byte[] page, int offset, int length) {
        reader.reset(page, offset, length);
        reader.readByte();
        reader.readVarint("count", 1, MAX_SAMPLES);
        return readModelNumber();
    }

    /** Number of samples in a page of times or values, without decoding it. */
    public static int count(byte[] page, int offset, int length) {
        PageReader in = new PageReader();
        in.reset(page, offset, length);
        int kind = in.readByte();
        if (kind < PageKinds.TIMES || kind > PageKinds.MODELLED) {
            throw in.malformed("rule: kind is known, kind=" + kind);
        }
        return in.readVarint("count", 1, MAX_SAMPLES);
    }

    /**
     * What a page is made of, for tables: number mode, predictor and stage of the main column.
     *
     * @throws MalformedPageException if the bytes are no page
     */
    public static String describe(byte[] page, int offset, int length) {
        PageCodec codec = new PageCodec();
        int count = count(page, offset, length);
        if (page[offset] == PageKinds.TIMES) {
            codec.decodeTimes(page, offset, length, new long[count], 0);
            return "times " + name(codec.columnDecoder.predictor()) + " " + name(codec.columnDecoder.stage());
        }
        if (page[offset] == PageKinds.MODELLED) {
            return "model " + codec.readModelNumber(page, offset, length);
        }
        codec.decodeValues(page, offset, length, new double[count], 0);
        return codec.valueDecoder.description();
    }

    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void begin(int kind, int length, int offset, int count, byte[] target, int targetOffset) {
        if (count < 1 || count > MAX_SAMPLES) {
            throw new IllegalArgumentException("rule: 1 <= count <= " + MAX_SAMPLES + ", count=" + count);
        }
        Objects.checkFromIndexSize(offset, count, length);
        Objects.checkFromIndexSize(targetOffset, maxEncodedBytes(count), target.length);
        writer.reset(target, targetOffset);
        writer.writeByte(kind);
        writer.writeVarint(count);
    }

    private ColumnEncoder columnEncoder() {
        ColumnEncoder kept = columnEncoder;
        if (kept == null) {
            kept = new ColumnEncoder(MAX_SAMPLES);
            columnEncoder = kept;
        }
        return kept;
    }

    private ValueEncoder valueEncoder() {
        ValueEncoder kept = valueEncoder;
        if (kept == null) {
            kept = new ValueEncoder(MAX_SAMPLES, effort, columnEncoder());
            valueEncoder = kept;
        }
        return kept;
    }

    private ModelEncoder modelEncoder() {
        ModelEncoder kept = modelEncoder;
        if (kept == null) {
            kept = new ModelEncoder(MAX_SAMPLES, columnEncoder());
            modelEncoder = kept;
        }
        return kept;
    }

    private byte[] modelRoom() {
        byte[] kept = modelRoom;
        if (kept == null) {
            kept = new byte[ModelEncoder.maxBytes(MAX_SAMPLES)];
            modelRoom = kept;
        }
        return kept;
    }

    private ModelDecoder modelDecoder() {
        ModelDecoder kept = modelDecoder;
        if (kept == null) {
            kept = new ModelDecoder(MAX_SAMPLES, columnDecoder);
            modelDecoder = kept;
        }
        return kept;
    }

    private double[] summed() {
        double[] kept = summed;
        if (kept == null) {
            kept = new double[MAX_SAMPLES];
            summed = kept;
        }
        return kept;
    }
}
