package io.varve.core.kind;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSink;
import io.varve.core.index.ByteSource;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.ResetHint;
import java.util.Arrays;

/**
 * A histogram by itself as bytes: what travels in a batch, stands in the log and lies in the head. Each histogram has
 * one form, so histograms are equal if and only if their forms are: whoever compares needs to decode nothing.
 *
 * <pre>
 *   flags      1 byte: bit 0 counts are doubles, bit 1 stale marker (then nothing follows), bits 2 and 3 the hint
 *   layout     schema zigzag · zero threshold number · positive spans · negative spans · if schema -53: bounds
 *   count      varint, or number      zero count likewise      sum number
 *   buckets    zigzag of the difference to the bucket before (the first to 0), or number
 * </pre>
 *
 * Spans are: how many varint, then offset zigzag and length varint of each. Bounds are: how many varint, then numbers.
 * docs/format/wal.md has an example.
 */
public final class HistogramForm {

    /** Most bytes that a form takes. */
    public static final int MAX_BYTES = 64 + 35 * HistogramLayout.MAX_BUCKETS;

    private static final int FLOATS = 1;
    private static final int STALE = 2;
    private static final int HINT_SHIFT = 2;
    private static final int KNOWN_FLAGS = 0xf;
    private static final int[] NO_SPANS = {};

    private HistogramForm() {}

    /** Adds the form of a histogram. */
    public static void write(Histogram histogram, ByteSink out) {
        boolean floats = histogram.isFloat();
        int flags = floats ? FLOATS : 0;
        if (histogram.isStale()) {
            out.u8(flags | STALE);
            return;
        }
        out.u8(flags | histogram.hint().id() << HINT_SHIFT);
        writeLayout(histogram.layout(), out);
        writeCount(floats, histogram.countBits(), out);
        writeCount(floats, histogram.zeroCountBits(), out);
        FormBytes.number(out, histogram.sum());
        long before = 0;
        for (int i = 0; i < histogram.layout().buckets(); i++) {
            long bucket = histogram.bucketBits(i);
            if (floats) {
                FormBytes.bits(out, bucket);
            } else {
                out.zigzag(bucket - before);
                before = bucket;
            }
        }
    }

    private static void writeLayout(HistogramLayout layout, ByteSink out) {
        out.zigzag(layout.schema());
        FormBytes.number(out, layout.zeroThreshold());
        writeSpans(layout, 0, layout.positiveSpans(), out);
        writeSpans(layout, layout.positiveSpans(), layout.negativeSpans(), out);
        if (layout.schema() == HistogramLayout.CUSTOM_SCHEMA) {
            out.varint(layout.bounds());
            for (int i = 0; i < layout.bounds(); i++) {
                FormBytes.number(out, layout.bound(i));
            }
        }
    }

    private static void writeSpans(HistogramLayout layout, int from, int count, ByteSink out) {
        out.varint(count);
        for (int i = from; i < from + count; i++) {
            out.zigzag(layout.spanOffset(i));
            out.varint(layout.spanLength(i));
        }
    }

    private static void writeCount(boolean floats, long count, ByteSink out) {
        if (floats) {
            FormBytes.bits(out, count);
        } else {
            out.varint(count);
        }
    }

    /** Whether a form is that of a stale marker. */
    public static boolean isStale(byte[] bytes, int offset) {
        return (bytes[offset] & STALE) != 0;
    }

    /** Reads forms one after the other; those with the layout of the one before share it. One thread. */
    public static final class Reader {

        private byte[] layoutBytes = {};
        private HistogramLayout layout = Histogram.stale(false).layout();

        /**
         * Reads a form.
         *
         * @throws MalformedPageException if the bytes are none
         */
        public Histogram read(byte[] bytes, int offset, int length) {
            ByteSource in = FormBytes.source(bytes, offset, length);
            int flags = in.u8();
            boolean floats = (flags & FLOATS) != 0;
            if ((flags & ~KNOWN_FLAGS) != 0 || (flags & STALE) != 0 && flags >>> HINT_SHIFT != 0) {
                throw new MalformedPageException(in.position(), "flags of a histogram: found=" + flags);
            }
            if ((flags & STALE) != 0) {
                FormBytes.requireEnd(in);
                return Histogram.stale(floats);
            }
            HistogramLayout found = layout(bytes, in, floats);
            long count = count(in, floats);
            long zeroCount = count(in, floats);
            double sum = FormBytes.number(in);
            if (found.buckets() > in.remaining()) {
                throw new MalformedPageException(in.position(), found.buckets() + " buckets: left=" + in.remaining());
            }
            long[] buckets = new long[found.buckets()];
            long before = 0;
            for (int i = 0; i < buckets.length; i++) {
                before = floats ? FormBytes.bits(in) : before + in.zigzag();
                buckets[i] = before;
            }
            FormBytes.requireEnd(in);
            return Histogram.stored(found, ResetHint.byId(flags >>> HINT_SHIFT), zeroCount, count, sum, buckets);
        }

        private static long count(ByteSource in, boolean floats) {
            return floats ? FormBytes.bits(in) : in.varint();
        }

        private HistogramLayout layout(byte[] bytes, ByteSource in, boolean floats) {
            int from = in.position();
            int known = layoutBytes.length;
            if (floats == layout.isFloat()
                    && known > 0
                    && known <= in.remaining()
                    && Arrays.equals(layoutBytes, 0, known, bytes, from, from + known)) {
                in.seek((long) from + known);
                return layout;
            }
            HistogramLayout found = readLayout(in, floats);
            layout = found;
            layoutBytes = Arrays.copyOfRange(bytes, from, in.position());
            return found;
        }
    }

    private static HistogramLayout readLayout(ByteSource in, boolean floats) {
        long schema = in.zigzag();
        double zeroThreshold = FormBytes.number(in);
        int[] positive = readSpans(in);
        int[] negative = readSpans(in);
        try {
            if (schema != HistogramLayout.CUSTOM_SCHEMA) {
                int small = (int) Math.max(-99, Math.min(99, schema));
                return HistogramLayout.exponential(small, floats, zeroThreshold, positive, negative);
            }
            double[] bounds = new double[Math.min(in.varint(in.remaining()), HistogramLayout.MAX_BUCKETS + 1)];
            for (int i = 0; i < bounds.length; i++) {
                bounds[i] = FormBytes.number(in);
            }
            if (negative.length > 0 || zeroThreshold != 0) {
                throw new MalformedPageException(in.position(), "custom bounds stand alone");
            }
            return HistogramLayout.custom(floats, positive, bounds);
        } catch (IllegalArgumentException e) {
            throw new MalformedPageException(in.position(), String.valueOf(e.getMessage()));
        }
    }

    private static int[] readSpans(ByteSource in) {
        int count = in.varint(Math.min(in.remaining() / 2, HistogramLayout.MAX_BUCKETS));
        int[] spans = count == 0 ? NO_SPANS : new int[2 * count];
        for (int i = 0; i < spans.length; i += 2) {
            long offset = in.zigzag();
            if (offset != (int) offset) {
                throw new MalformedPageException(in.position(), "the offset of a span: found=" + offset);
            }
            spans[i] = (int) offset;
            spans[i + 1] = in.varint(HistogramLayout.MAX_BUCKETS);
        }
        return spans;
    }
}
