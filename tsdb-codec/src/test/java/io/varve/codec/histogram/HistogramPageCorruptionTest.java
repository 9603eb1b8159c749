package io.varve.codec.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.codec.Effort;
import io.varve.codec.bits.MalformedPageException;
import io.varve.codec.bits.PageWriter;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged pages of every shape: each is refused and leaves its target empty, or answers with the count that it
 * announces and samples that can be read and encoded again. No other exception leaves the decoder, and none takes long.
 */
class HistogramPageCorruptionTest {

    private static final int COUNT = 60;

    /** Every byte up to here; behind it, where only packed numbers stand, one in so many. */
    private static final int DENSE = 400;

    private static final int STRIDE = 23;

    private static final byte[] FLIPS = {1, 2, 4, 16, 64, (byte) 0x80, (byte) 0xff};

    private final HistogramPageCodec codec = new HistogramPageCodec();
    private final HistogramPageCodec fast = new HistogramPageCodec(Effort.FAST);
    private final HistogramColumns decoded = new HistogramColumns();
    private int read;

    @ParameterizedTest
    @EnumSource(HistogramShapes.class)
    @Timeout(60)
    void eachByteFlipped(HistogramShapes shape) {
        for (byte[] page : pages(shape)) {
            for (int i = 0; i < page.length; i += i < DENSE ? 1 : STRIDE) {
                for (byte flip : FLIPS) {
                    byte[] damaged = page.clone();
                    damaged[i] ^= flip;
                    check(damaged, damaged.length);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(HistogramShapes.class)
    @Timeout(60)
    void eachLengthCut(HistogramShapes shape) {
        for (byte[] page : pages(shape)) {
            for (int length = 0; length < page.length; length += length < DENSE ? 1 : STRIDE) {
                byte[] cut = page;
                int end = length;
                assertThatThrownBy(() -> decode(cut, end)).isInstanceOf(MalformedPageException.class);
                assertThat(decoded.size()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(HistogramShapes.class)
    void aByteTooMuchIsRefused(HistogramShapes shape) {
        for (byte[] page : pages(shape)) {
            assertThatThrownBy(() -> decode(Arrays.copyOf(page, page.length + 1), page.length + 1))
                    .isInstanceOf(MalformedPageException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(HistogramShapes.class)
    @Timeout(60)
    void randomBytesBehindAHeader(HistogramShapes shape) {
        Random random = new Random(shape.name().length());
        for (byte[] page : pages(shape)) {
            for (int round = 0; round < 150; round++) {
                byte[] damaged = page.clone();
                for (int i = 1 + random.nextInt(damaged.length - 1); i < damaged.length; i++) {
                    damaged[i] = (byte) random.nextInt();
                }
                check(damaged, damaged.length);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(HistogramShapes.class)
    @Timeout(60)
    void bytesOfOtherPlacesInTheMiddle(HistogramShapes shape) {
        Random random = new Random(7 + shape.name().length());
        for (byte[] page : pages(shape)) {
            for (int round = 0; round < 300; round++) {
                byte[] damaged = page.clone();
                int length = 1 + random.nextInt(Math.min(6, damaged.length - 1));
                int from = random.nextInt(damaged.length - length);
                System.arraycopy(page, from, damaged, 1 + random.nextInt(damaged.length - length), length);
                check(damaged, damaged.length);
            }
        }
    }

    @Test
    @Timeout(20)
    void aShortPageThatClaimsMuchIsRefusedBeforeItIsAllocated() {
        // A layout of 8192 buckets for 16384 samples: 2^27 numbers from a few bytes.
        byte[] page = claim(16_384, 1, 1, 4_096);
        assertThatThrownBy(() -> decode(page, page.length))
                .isInstanceOf(MalformedPageException.class)
                .hasMessageContaining("numbers <= 1048576");
        byte[] wide = claim(1, 1, 1, 4_097);
        assertThatThrownBy(() -> decode(wide, wide.length))
                .isInstanceOf(MalformedPageException.class)
                .hasMessageContaining("buckets=8194");
        byte[] many = claim(16_384, 16_384, 8_192, 0);
        assertThatThrownBy(() -> decode(many, many.length))
                .isInstanceOf(MalformedPageException.class)
                .hasMessageContaining("spans <= 262144");
        byte[] layouts = claim(16, 17, 0, 0);
        assertThatThrownBy(() -> decode(layouts, layouts.length))
                .isInstanceOf(MalformedPageException.class)
                .hasMessageContaining("layouts");
        assertThat(decoded.numbers.length).isLessThan(HistogramColumns.MAX_NUMBERS);
    }

    /** A page up to its marks, whose layouts have as many spans of one length for each sign. */
    private static byte[] claim(int samples, int layouts, int spans, int length) {
        byte[] bytes = new byte[200];
        PageWriter out = new PageWriter();
        out.reset(bytes, 0);
        out.writeByte(HistogramFormat.KIND);
        out.writeVarint(samples);
        out.writeByte(0);
        out.writeVarint(layouts);
        constant(out, 6);
        out.writeVarint(1);
        out.writeByte(0);
        constant(out, spans);
        constant(out, 0);
        constant(out, length);
        constant(out, 0);
        constant(out, 0);
        return Arrays.copyOf(bytes, out.length());
    }

    /** A column of the same integer, however often: no predictor, no residuals. */
    private static void constant(PageWriter out, int value) {
        out.writeByte(0);
        out.writeSigned(value);
    }

    private byte[][] pages(HistogramShapes shape) {
        return new byte[][] {
            page(codec, shape.make(1, 1)), page(codec, shape.make(COUNT, 2)), page(fast, shape.make(COUNT, 3))
        };
    }

    private static byte[] page(HistogramPageCodec codec, HistogramColumns columns) {
        byte[] page = new byte[HistogramPageCodec.maxEncodedBytes(columns)];
        return Arrays.copyOf(page, codec.encode(columns, page, 0));
    }

    private void check(byte[] page, int length) {
        try {
            assertThat(decode(page, length)).isEqualTo(HistogramPageCodec.count(page, 0, length));
            checkReadable();
        } catch (MalformedPageException e) {
            assertThat(e.offset()).isBetween(0, length);
            assertThat(decoded.size()).isZero();
        }
    }

    /** Decodes a page that stands between other bytes, which must not be read: one that ends early would find them. */
    private int decode(byte[] page, int length) {
        byte[] framed = new byte[length + 32];
        Arrays.fill(framed, (byte) 0x13);
        System.arraycopy(page, 0, framed, 16, length);
        byte[] before = framed.clone();
        try {
            return codec.decode(framed, 16, length, decoded);
        } finally {
            assertThat(Arrays.equals(framed, before)).isTrue();
        }
    }

    /** A page that was not refused holds samples like any other: once in a while they make the way back. */
    private void checkReadable() {
        HistogramLayouts layouts = decoded.layouts();
        for (int i = 0; i < decoded.size(); i++) {
            int layout = decoded.layout(i);
            assertThat(decoded.bucketStart(i) + layouts.buckets(layout)).isLessThanOrEqualTo(decoded.buckets().length);
            assertThat(decoded.hint(i)).isNotNull();
        }
        if (read++ % 50 == 0) {
            HistogramColumns again = new HistogramColumns();
            byte[] page = page(fast, decoded);
            fast.decode(page, 0, page.length, again);
            HistogramAssert.assertEqual(again, decoded);
        }
    }
}
