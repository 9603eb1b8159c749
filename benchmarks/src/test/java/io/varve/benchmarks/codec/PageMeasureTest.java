package io.varve.benchmarks.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.benchmarks.codec.PageMeasure.LostBitsException;
import io.varve.benchmarks.codec.PageMeasure.Result;
import io.varve.benchmarks.codec.PageMeasure.Timing;
import org.junit.jupiter.api.Test;

class PageMeasureTest {

    private static final Timing SHORT = new Timing(0, 0, 3);

    @Test
    void bytes_are_those_of_all_pages() {
        Result result = new PageMeasure("s", new Plain(1_001, -1), 100).run(SHORT);
        assertThat(result.bytes()).isEqualTo(8 * 1_001);
        assertThat(result.bits()).isEqualTo(64);
        assertThat(result.encodeSpeed()).isPositive();
        assertThat(result.decodeSpeed()).isPositive();
    }

    @Test
    void one_bit_that_is_lost_is_noticed() {
        assertThatThrownBy(() -> new PageMeasure("s", new Plain(1_001, 1_000), 100).run(SHORT))
                .isInstanceOf(LostBitsException.class)
                .hasMessageContaining("not lossless: series=s, index=1000");
    }

    /** Samples as they are, eight bytes each; one of them may come back with its lowest bit turned. */
    private static final class Plain extends PagedColumn {

        private final long[] decoded;
        private final int wrong;

        Plain(int count, int wrong) {
            this.decoded = new long[count];
            this.wrong = wrong;
        }

        @Override
        int count() {
            return decoded.length;
        }

        @Override
        int encode(int offset, int count, byte[] target, int targetOffset) {
            return count * Long.BYTES;
        }

        @Override
        int decode(byte[] page, int pageOffset, int length, int offset) {
            for (int i = offset; i < offset + length / Long.BYTES; i++) {
                decoded[i] = i == wrong ? original(i) ^ 1 : original(i);
            }
            return length / Long.BYTES;
        }

        @Override
        String describe(byte[] page, int pageOffset, int length) {
            return "plain";
        }

        @Override
        int statisticsBytes(int offset, int count) {
            return 7;
        }

        @Override
        long original(int index) {
            return 31L * index;
        }

        @Override
        long decoded(int index) {
            return decoded[index];
        }

        @Override
        void forget() {
            for (int i = 0; i < decoded.length; i++) {
                decoded[i] = ~original(i);
            }
        }
    }
}
