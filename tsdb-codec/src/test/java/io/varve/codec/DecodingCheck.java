package io.varve.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.bits.MalformedPageException;
import io.varve.codec.model.CodingModel;
import java.util.Arrays;

/** Decodes bytes of any kind: they are refused, or answer with the count that they announce, and nothing else happens. */
final class DecodingCheck {

    private static final int FRONT = 16;

    private final int room;
    private final PageCodec codec = new PageCodec();
    private final long[] times;
    private final double[] values;

    /**
     * A check.
     *
     * @param room of the targets; a larger count is a refusal too
     */
    DecodingCheck(int room) {
        this.room = room;
        times = new long[room + 2];
        values = new double[room + 2];
    }

    void check(byte[] page) {
        check(CodingModel.Lookup.NONE, page);
    }

    void check(CodingModel.Lookup models, byte[] page) {
        // The page ends where its array does: who reads beyond it finds no bytes. Before it stand others.
        byte[] framed = new byte[FRONT + page.length];
        Arrays.fill(framed, 0, FRONT, (byte) 0x11);
        System.arraycopy(page, 0, framed, FRONT, page.length);
        int kind = page.length == 0 ? 0 : page[0];
        if (kind == PageKinds.TIMES || kind == 0) {
            decodeTimes(framed, page.length);
        }
        if (kind != PageKinds.TIMES) {
            decodeValues(models, framed, page.length);
        }
        assertThat(Arrays.equals(framed, FRONT, framed.length, page, 0, page.length))
                .isTrue();
    }

    private void decodeTimes(byte[] page, int length) {
        long[] target = times;
        Arrays.fill(target, 0);
        target[0] = 17;
        target[room + 1] = 18;
        try {
            int count = codec.decodeTimes(page, FRONT, length, target, 1);
            assertThat(count).isEqualTo(PageCodec.count(page, FRONT, length));
        } catch (MalformedPageException e) {
            checkOffset(e, length);
        }
        int end = 1 + announced(page, length);
        boolean beyond = end <= room && (target[end] != 0 || target[room + 1] != 18);
        if (target[0] != 17 || beyond) {
            throw new AssertionError("something is written beside the announced count");
        }
    }

    private void decodeValues(CodingModel.Lookup models, byte[] page, int length) {
        double[] target = values;
        Arrays.fill(target, 0);
        target[0] = 17;
        target[room + 1] = 18;
        try {
            int count = codec.decodeValues(models, page, FRONT, length, target, 1);
            assertThat(count).isEqualTo(PageCodec.count(page, FRONT, length));
            if (codec.decodedFinite()) {
                PageChecks.allFinite(target, 1, count);
            }
        } catch (MalformedPageException e) {
            checkOffset(e, length);
        }
        int end = 1 + announced(page, length);
        boolean beyond = end <= room && (target[end] != 0 || target[room + 1] != 18);
        if (target[0] != 17 || beyond) {
            throw new AssertionError("something is written beside the announced count");
        }
    }

    /** The count that a page announces, or 0: then nothing may be written. */
    private static int announced(byte[] page, int length) {
        try {
            return PageCodec.count(page, FRONT, length);
        } catch (MalformedPageException e) {
            return 0;
        }
    }

    private static void checkOffset(MalformedPageException e, int length) {
        if (e.offset() < 0 || e.offset() > length) {
            throw new AssertionError("offset is outside the page", e);
        }
    }
}
