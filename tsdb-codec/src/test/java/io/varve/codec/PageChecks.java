package io.varve.codec;

import java.util.Arrays;

/** What several tests of pages need: pages without spare room, and comparison by bits. */
final class PageChecks {

    private PageChecks() {}

    static byte[] values(PageCodec codec, double[] values) {
        byte[] room = new byte[PageCodec.maxEncodedBytes(values.length)];
        return Arrays.copyOf(room, codec.encodeValues(values, 0, values.length, room, 0));
    }

    static byte[] times(PageCodec codec, long[] times) {
        byte[] room = new byte[PageCodec.maxEncodedBytes(times.length)];
        return Arrays.copyOf(room, codec.encodeTimes(times, 0, times.length, room, 0));
    }

    /** Requires values that are finite. */
    static void allFinite(double[] found, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            if (!Double.isFinite(found[i])) {
                throw new AssertionError("all are said to be finite: index=" + (i - offset) + ", found=" + found[i]);
            }
        }
    }

    /** Requires the same bits. */
    static void sameBits(String what, double[] expected, double[] found, int foundOffset) {
        for (int i = 0; i < expected.length; i++) {
            double value = found[foundOffset + i];
            if (Double.doubleToRawLongBits(value) != Double.doubleToRawLongBits(expected[i])) {
                throw new AssertionError("value differs: " + what + ", index=" + i + ", expected=" + expected[i]
                        + ", found=" + value + ", count=" + expected.length);
            }
        }
    }
}
