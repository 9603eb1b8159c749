package io.varve.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.bits.MalformedPageException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged pages of every shape: each is refused, or answers with the count that it announces. Nothing beside the
 * target's range changes, no other exception leaves the decoder, and none takes long.
 */
class PageCodecCorruptionTest {

    private static final int COUNT = 150;
    /** Room of the targets: a count that a damaged page announces may be larger, which is a refusal too. */
    private static final int ROOM = 1_200;

    /** Every byte up to here; behind it, where only packed numbers stand, one in so many. */
    private static final int DENSE = 400;

    private static final int STRIDE = 37;

    private static final byte[] FLIPS = {1, 2, 4, 16, 64, (byte) 0x80, (byte) 0xff};

    private final PageCodec codec = new PageCodec();
    private final long[] times = new long[ROOM + 2];
    private final double[] values = new double[ROOM + 2];

    @ParameterizedTest
    @EnumSource(PageShapes.class)
    @Timeout(30)
    void eachByteFlipped(PageShapes shape) {
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
    @EnumSource(PageShapes.class)
    void eachLengthCut(PageShapes shape) {
        for (byte[] page : pages(shape)) {
            for (int length = 0; length < page.length; length += length < DENSE ? 1 : STRIDE) {
                check(page, length);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PageShapes.class)
    void aByteTooMuchIsRefused(PageShapes shape) {
        for (byte[] page : pages(shape)) {
            byte[] longer = Arrays.copyOf(page, page.length + 9);
            check(longer, longer.length);
        }
    }

    @ParameterizedTest
    @EnumSource(PageShapes.class)
    @Timeout(30)
    void randomBytesBehindAHeader(PageShapes shape) {
        Random random = new Random(shape.name().length());
        for (byte[] page : pages(shape)) {
            for (int round = 0; round < 60; round++) {
                byte[] damaged = page.clone();
                for (int i = 1 + random.nextInt(8); i < damaged.length; i++) {
                    damaged[i] = (byte) random.nextInt();
                }
                check(damaged, damaged.length);
            }
        }
    }

    private byte[][] pages(PageShapes shape) {
        byte[] small = new byte[PageCodec.maxEncodedBytes(COUNT)];
        byte[] large = new byte[PageCodec.maxEncodedBytes(PageCodec.MAX_SAMPLES)];
        byte[] times = Arrays.copyOf(small, codec.encodeTimes(shape.times(COUNT, 1), 0, COUNT, small, 0));
        byte[] values = Arrays.copyOf(small, codec.encodeValues(shape.values(COUNT, 1), 0, COUNT, small, 0));
        int wide = 1_100;
        byte[] wider = Arrays.copyOf(large, codec.encodeValues(shape.values(wide, 2), 0, wide, large, 0));
        return new byte[][] {times, values, wider};
    }

    private void check(byte[] page, int length) {
        // The page's bytes stand between others that must not be read: a page that ends early would find them.
        byte[] framed = new byte[length + 32];
        Arrays.fill(framed, (byte) 0x11);
        System.arraycopy(page, 0, framed, 16, length);
        byte[] before = framed.clone();
        decodeTimes(framed, length);
        decodeValues(framed, length);
        assertThat(Arrays.equals(framed, before)).isTrue();
    }

    private void decodeTimes(byte[] page, int length) {
        long[] target = times;
        Arrays.fill(target, 0);
        target[0] = 17;
        target[ROOM + 1] = 18;
        try {
            int count = codec.decodeTimes(page, 16, length, target, 1);
            assertThat(count).isEqualTo(PageCodec.count(page, 16, length));
            assertThat(target[1 + count]).isEqualTo(count == ROOM ? 18 : 0);
        } catch (MalformedPageException e) {
            assertThat(e.offset()).isBetween(0, length);
        }
        assertThat(target[0]).isEqualTo(17);
        assertThat(target[ROOM + 1]).isEqualTo(18);
    }

    private void decodeValues(byte[] page, int length) {
        double[] target = values;
        Arrays.fill(target, 0);
        target[0] = 17;
        target[ROOM + 1] = 18;
        try {
            int count = codec.decodeValues(page, 16, length, target, 1);
            assertThat(count).isEqualTo(PageCodec.count(page, 16, length));
            assertThat(target[1 + count]).isEqualTo(count == ROOM ? 18.0 : 0.0);
        } catch (MalformedPageException e) {
            assertThat(e.offset()).isBetween(0, length);
        }
        assertThat(target[0]).isEqualTo(17);
        assertThat(target[ROOM + 1]).isEqualTo(18);
    }
}
