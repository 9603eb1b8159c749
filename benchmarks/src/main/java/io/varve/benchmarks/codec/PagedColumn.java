package io.varve.benchmarks.codec;

import io.varve.codec.PageCodec;
import io.varve.core.block.PageStatistics;
import java.util.Arrays;

/**
 * The values or the times of a series, and an array of the same length that they are decoded into. Samples are seen as
 * 64 bits.
 */
abstract class PagedColumn {

    /** Number of samples. */
    abstract int count();

    /** Encodes so many samples from an offset on; returns the bytes of the page. */
    abstract int encode(int offset, int count, byte[] target, int targetOffset);

    /** Decodes a page to an offset; returns how many samples it had. */
    abstract int decode(byte[] page, int pageOffset, int length, int offset);

    /** How a page is encoded. */
    String describe(byte[] page, int pageOffset, int length) {
        return CodecUnderTest.describe(page, pageOffset, length);
    }

    /** Bytes of the statistics that a block keeps beside such a page. */
    abstract int statisticsBytes(int offset, int count);

    /** The bits that sample had before it was encoded. */
    abstract long original(int index);

    /** The bits that were decoded for a sample. */
    abstract long decoded(int index);

    /** Overwrites everything that was decoded with other bits. */
    abstract void forget();

    static PagedColumn ofValues(PageCodec codec, double[] values) {
        return new Values(codec, values);
    }

    static PagedColumn ofTimes(PageCodec codec, long[] times) {
        return new Times(codec, times);
    }

    private static final class Values extends PagedColumn {

        private final PageCodec codec;
        private final double[] values;
        private final double[] decoded;

        Values(PageCodec codec, double[] values) {
            this.codec = codec;
            this.values = values;
            this.decoded = new double[values.length];
        }

        @Override
        int count() {
            return values.length;
        }

        @Override
        int encode(int offset, int count, byte[] target, int targetOffset) {
            return codec.encodeValues(values, offset, count, target, targetOffset);
        }

        @Override
        int decode(byte[] page, int pageOffset, int length, int offset) {
            return codec.decodeValues(page, pageOffset, length, decoded, offset);
        }

        @Override
        int statisticsBytes(int offset, int count) {
            return PageStatistics.of(values, offset, count).encodedBytes();
        }

        @Override
        long original(int index) {
            return Double.doubleToRawLongBits(values[index]);
        }

        @Override
        long decoded(int index) {
            return Double.doubleToRawLongBits(decoded[index]);
        }

        @Override
        void forget() {
            for (int i = 0; i < values.length; i++) {
                decoded[i] = Double.longBitsToDouble(~original(i));
            }
        }
    }

    private static final class Times extends PagedColumn {

        private final PageCodec codec;
        private final long[] times;
        private final long[] decoded;

        Times(PageCodec codec, long[] times) {
            this.codec = codec;
            this.times = times;
            this.decoded = new long[times.length];
        }

        @Override
        int count() {
            return times.length;
        }

        @Override
        int encode(int offset, int count, byte[] target, int targetOffset) {
            return codec.encodeTimes(times, offset, count, target, targetOffset);
        }

        @Override
        int decode(byte[] page, int pageOffset, int length, int offset) {
            return codec.decodeTimes(page, pageOffset, length, decoded, offset);
        }

        @Override
        int statisticsBytes(int offset, int count) {
            return 0;
        }

        @Override
        long original(int index) {
            return times[index];
        }

        @Override
        long decoded(int index) {
            return decoded[index];
        }

        @Override
        void forget() {
            Arrays.setAll(decoded, i -> ~times[i]);
        }
    }
}
