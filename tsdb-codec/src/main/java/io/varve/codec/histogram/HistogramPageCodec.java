package io.varve.codec.histogram;

import io.varve.codec.Effort;
import io.varve.codec.PageCodec;
import io.varve.codec.bits.MalformedPageException;
import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and decodes pages of native histograms. Lossless for every 64-bit pattern of a count or sum. Holds reusable
 * scratch memory: one thread uses an instance at a time, and and hardly anything is allocated per page once it is warm.
 *
 * <p>A page is bytes of the caller and is never kept. Bytes that are no page are a {@link MalformedPageException}; the
 * target is then empty. docs/format/page-histogram.md describes a page bit by bit.
 */
public final class HistogramPageCodec {

    private final Effort effort;
    private final PageWriter writer = new PageWriter();
    private final PageReader reader = new PageReader();
    private @Nullable HistogramPageEncoder encoder;
    private @Nullable HistogramPageDecoder decoder;

    /** A codec that looks for the smallest page. */
    public HistogramPageCodec() {
        this(Effort.BEST);
    }

    /** A codec that looks so hard for a small page. */
    public HistogramPageCodec(Effort effort) {
        this.effort = effort;
    }

    /** The most bytes that a page of these histograms can take: far above what it usually takes. */
    public static int maxEncodedBytes(HistogramColumns source) {
        return Math.toIntExact(HistogramPageEncoder.maxBytes(source));
    }

    /**
     * Encodes histograms.
     *
     * @param source 1 or more samples
     * @param target takes the page; has room for {@link #maxEncodedBytes}
     * @param targetOffset where the page starts
     * @return bytes of the page
     */
    public int encode(HistogramColumns source, byte[] target, int targetOffset) {
        if (source.size() < 1) {
            throw new IllegalArgumentException("rule: count >= 1: count=" + source.size());
        }
        Objects.checkFromIndexSize(targetOffset, maxEncodedBytes(source), target.length);
        HistogramPageEncoder kept = encoder;
        if (kept == null) {
            kept = new HistogramPageEncoder(effort);
            encoder = kept;
        }
        writer.reset(target, targetOffset);
        writer.writeByte(HistogramFormat.KIND);
        kept.encode(source, writer);
        return writer.length();
    }

    /**
     * Decodes a page.
     *
     * @param page holds the page
     * @param offset where the page starts
     * @param length bytes of the page
     * @param target loses what it holds and takes the samples; its arrays grow as its limits allow
     * @return how many were decoded
     * @throws MalformedPageException if the bytes are no page of histograms
     */
    public int decode(byte[] page, int offset, int length, HistogramColumns target) {
        HistogramPageDecoder kept = decoder;
        if (kept == null) {
            kept = new HistogramPageDecoder();
            decoder = kept;
        }
        reader.reset(page, offset, length);
        target.clear();
        try {
            requireKind(reader);
            kept.decode(reader, target);
            reader.finish();
        } catch (MalformedPageException e) {
            target.clear();
            throw e;
        }
        return target.size();
    }

    /** Number of samples in a page of histograms, without decoding it. */
    public static int count(byte[] page, int offset, int length) {
        PageReader in = new PageReader();
        in.reset(page, offset, length);
        requireKind(in);
        return in.readVarint("count", 1, PageCodec.MAX_SAMPLES);
    }

    private static void requireKind(PageReader in) {
        int kind = in.readByte();
        if (kind != HistogramFormat.KIND) {
            throw in.malformed("rule: kind=" + HistogramFormat.KIND + ", kind=" + kind);
        }
    }
}
