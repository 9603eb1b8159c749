package io.varve.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.codec.bits.MalformedPageException;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What must be small is small: bounds that a worse choice of mode, predictor or stage would break. */
class PageSizeTest {

    private static final double STALE = Double.longBitsToDouble(0x7ff0000000000002L);
    private static final long START = 1_763_780_400_000L;

    private final PageCodec codec = new PageCodec();
    private final byte[] page = new byte[PageCodec.maxEncodedBytes(PageCodec.MAX_SAMPLES)];

    @Test
    void regularTimes() {
        assertThat(times(8_192, 0)).isLessThanOrEqualTo(13);
        assertThat(times(1, 0)).isLessThanOrEqualTo(9);
        assertThat(times(4_320, 5)).isLessThanOrEqualTo(13 + 5 * 3);
    }

    @Test
    void constantsAndStandingCounters() {
        assertThat(values(8_192, i -> 42)).isLessThanOrEqualTo(6);
        assertThat(values(720, i -> STALE)).isLessThanOrEqualTo(12);
        assertThat(values(720, i -> Math.floorDiv(i, 100) * 3.0)).isLessThanOrEqualTo(18);
    }

    @Test
    void shortPages() {
        assertThat(values(1, i -> 7)).isLessThanOrEqualTo(5);
        assertThat(values(10, i -> 1e6 + i * i % 7)).isLessThanOrEqualTo(8 + 10 * 3 / 8 + 1);
    }

    @Test
    void exceptionsCostTenBytesEach() {
        double[] noise =
                new Random(3).ints(720, 0, 1_000).mapToDouble(i -> i / 10.0).toArray();
        int clean = values(720, i -> noise[i]);
        int marked = values(720, i -> i % 200 == 99 ? STALE : noise[i]);
        assertThat(marked - clean).isLessThanOrEqualTo(4 * 10 + 2);
    }

    @Test
    void walksAndCounters() {
        Random random = new Random(7);
        double[] walk = new double[4_320];
        double[] counter = new double[4_320];
        for (int i = 1; i < walk.length; i++) {
            walk[i] = Math.min(100, Math.max(0, walk[i - 1] + random.nextGaussian()));
            counter[i] = counter[i - 1] + Math.round(50 + random.nextGaussian());
        }
        assertThat(values(4_320, i -> Math.rint(walk[i]))).isLessThan(4_320 * 29 / 100);
        assertThat(values(4_320, i -> counter[i])).isLessThan(4_320 * 29 / 100);
        assertThat(values(4_320, i -> Math.rint(walk[i] * 100) / 100)).isLessThan(4_320 * 111 / 100);
    }

    /** Bytes of 4,320 values, a few in a hundred above what they take: the entropy of the noise, and little else. */
    @ParameterizedTest
    @CsvSource({
        "COUNTER, 2480",
        "WALK_TWO_DECIMALS, 4850",
        "WALK_FOUR_DECIMALS, 8500",
        "NOISY_PARABOLA, 2420",
        "JITTERED_GRID, 2070",
        "REPEATING, 1370",
        "RETURNING, 180",
        "MOSTLY_STILL, 350",
        "HEAVY_TAIL, 5450",
        "DIVIDED_TWICE, 6700",
        "FLOATS, 4850",
        "MULTIPLES_OF_A_BASE, 4860",
        "FEW_ULPS, 5050",
        "MANY_ULPS, 6450",
        "DISTINCT_DOUBLES, 2780",
        "DISTINCT_INTEGERS, 2750",
        "DISTINCT_DECIMALS, 2790",
        "STALE_MARKERS, 3020",
        "STALE_AT_RANDOM, 3200",
        "RAW_DOUBLES, 27200",
        "SIGNED_NOISE, 31700",
        "EVERY_PATTERN, 34620"
    })
    void shapes(PageShapes shape, int most) {
        assertThat(PageChecks.values(codec, shape.values(4_320, 1)).length).isLessThanOrEqualTo(most);
    }

    @Test
    void theCallersMistakesAreNamed() {
        assertThatThrownBy(() -> codec.encodeTimes(new long[1], 0, 0, page, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("count=0");
        int length = values(9, i -> i);
        assertThatThrownBy(() -> codec.decodeValues(page, 0, length, new double[8], 0))
                .isInstanceOf(MalformedPageException.class)
                .hasMessageContaining("room=8");
        assertThatThrownBy(() -> codec.decodeTimes(page, 0, length, new long[9], 0))
                .isInstanceOf(MalformedPageException.class)
                .hasMessageContaining("kind");
    }

    private int times(int count, int gaps) {
        long[] times = IntStream.range(0, count)
                .mapToLong(i -> START + 10_000L * (i + (long) gaps * i / count))
                .toArray();
        return codec.encodeTimes(times, 0, count, page, 0);
    }

    private int values(int count, IntToDoubleFunction value) {
        double[] values = IntStream.range(0, count).mapToDouble(value).toArray();
        return codec.encodeValues(values, 0, count, page, 0);
    }
}
