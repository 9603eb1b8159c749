package io.varve.benchmarks.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.benchmarks.codec.series.ValueShape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GorillaValuesTest {

    private final GorillaValues codec = new GorillaValues();

    @Test
    void random_patterns_come_back_bit_by_bit() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int run = 0; run < 500; run++) {
            // Few bits that differ, at any place, make every width of window and every reuse of one.
            int kept = random.nextInt(Long.SIZE);
            int shift = random.nextInt(Long.SIZE);
            long[] bits = new long[1 + random.nextInt(300)];
            for (int i = 1; i < bits.length; i++) {
                long change = random.nextLong() >>> kept << shift >>> random.nextInt(4);
                bits[i] = random.nextInt(5) == 0 ? bits[i - 1] : bits[i - 1] ^ change;
            }
            bits[0] = random.nextLong();
            assertThat(roundTrip(bits)).as("seed=%d, run=%d", seed, run).isEqualTo(bits);
        }
    }

    @Test
    void corners_come_back_bit_by_bit() {
        long nan = 0x7ff0_0000_dead_beefL;
        long[] bits = {0, Long.MIN_VALUE, -1, 0, 1, Long.MIN_VALUE | 1, nan, nan, ~nan, -1, 0, -1};
        assertThat(roundTrip(bits)).isEqualTo(bits);
        assertThat(roundTrip(new long[] {-1})).isEqualTo(new long[] {-1});
    }

    @Test
    void bits_are_those_of_the_paper() {
        byte[] bytes = new byte[GorillaValues.maxEncodedBytes(4)];
        // 12 ^ 24 = 0x0010 << 48: 11 leading zeros, 1 bit between; the same value; 24 ^ 12 in the same window.
        int length = codec.encode(new double[] {12, 24, 24, 12}, 0, 4, bytes, 0);
        String expected = "11" + "01011" + "000000" + "1" + "0" + "10" + "1" + "000000";
        assertThat(length).isEqualTo(8 + 3);
        StringBuilder found = new StringBuilder();
        for (int i = 8; i < length; i++) {
            found.append(Integer.toBinaryString(0x100 | bytes[i] & 0xff).substring(1));
        }
        assertThat(found.toString()).isEqualTo(expected);
    }

    @Test
    void values_that_repeat_cost_a_bit() {
        double[] values = new double[8_001];
        Arrays.fill(values, 0.1);
        byte[] bytes = new byte[GorillaValues.maxEncodedBytes(values.length)];
        assertThat(codec.encode(values, 0, values.length, bytes, 0)).isEqualTo(8 + 1_000);
    }

    @Test
    void bytes_that_are_cut_are_refused() {
        double[] values = ValueShape.RAW.values(100);
        byte[] bytes = new byte[GorillaValues.maxEncodedBytes(100)];
        int length = codec.encode(values, 0, 100, bytes, 0);
        for (int cut = 0; cut < length; cut++) {
            int shorter = cut;
            assertThatThrownBy(() -> codec.decode(bytes, 0, shorter, 100, new double[100], 0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private long[] roundTrip(long[] bits) {
        double[] values =
                Arrays.stream(bits).mapToDouble(Double::longBitsToDouble).toArray();
        byte[] bytes = new byte[3 + GorillaValues.maxEncodedBytes(bits.length)];
        int length = codec.encode(values, 0, bits.length, bytes, 3);
        // Bytes behind the end are not to be looked at.
        Arrays.fill(bytes, 3 + length, bytes.length, (byte) -1);
        double[] decoded = new double[bits.length + 1];
        codec.decode(bytes, 3, length, bits.length, decoded, 1);
        return Arrays.stream(decoded, 1, decoded.length)
                .mapToLong(Double::doubleToRawLongBits)
                .toArray();
    }
}
