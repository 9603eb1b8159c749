package io.varve.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever goes in comes back bit for bit, within the promised room, and touches nothing beside it. */
class PageCodecProperties {

    private static final byte GUARD = 0x5a;
    private static final int EDGE = 7;

    private final PageCodec best = new PageCodec();
    private final PageCodec fast = new PageCodec(Effort.FAST);

    /** One decoder for pages of both efforts; it encodes nothing. */
    private final PageCodec decoder = new PageCodec();

    @Property(tries = 500)
    void valuesOfEachShapeComeBack(@ForAll PageShapes shape, @ForAll("counts") int count, @ForAll long seed) {
        checkValues(shape.values(count, seed));
    }

    @Property(tries = 300)
    void timesOfEachShapeComeBack(@ForAll PageShapes shape, @ForAll("counts") int count, @ForAll long seed) {
        checkTimes(shape.times(count, seed));
    }

    @Property(tries = 300)
    void shapesThatChangeInTheMiddleComeBack(
            @ForAll PageShapes shape, @ForAll PageShapes other, @ForAll("counts") int count, @ForAll long seed) {
        double[] values = shape.values(count, seed);
        double[] rest = other.values(count, seed + 1);
        int from = (int) Math.floorMod(seed, (long) count);
        System.arraycopy(rest, 0, values, from, count - from);
        checkValues(values);
    }

    @Property(tries = 300)
    void anyDoublesComeBack(@ForAll("doubles") double[] values) {
        checkValues(values);
    }

    @Property(tries = 300)
    void anyLongsComeBack(@ForAll("longs") long[] times) {
        checkTimes(times);
        checkValues(asDoubles(times));
    }

    @Property(tries = 200)
    void decimalsOfEachExponentComeBack(
            @ForAll("longs") long[] mantissas, @ForAll @IntRange(min = 0, max = 22) int exponent) {
        double[] values = new double[mantissas.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (mantissas[i] >> 11) / Double.parseDouble("1e" + exponent);
        }
        checkValues(values);
    }

    private void checkValues(double[] values) {
        for (PageCodec codec : new PageCodec[] {best, fast}) {
            int count = values.length;
            double[] source = new double[count + 5];
            System.arraycopy(values, 0, source, 3, count);
            byte[] page = guarded(count);
            int length = codec.encodeValues(source, 3, count, page, EDGE);
            checkRoom(page, length, count);
            double[] decoded = new double[count + 4];
            assertThat(decoder.decodeValues(page, EDGE, length, decoded, 2)).isEqualTo(count);
            PageChecks.sameBits(codec == best ? "best" : "fast", values, decoded, 2);
            assertThat(new double[] {decoded[0], decoded[1], decoded[2 + count], decoded[3 + count]})
                    .containsOnly(0.0);
        }
    }

    private void checkTimes(long[] times) {
        for (PageCodec codec : new PageCodec[] {best, fast}) {
            int count = times.length;
            long[] source = new long[count + 5];
            System.arraycopy(times, 0, source, 3, count);
            byte[] page = guarded(count);
            int length = codec.encodeTimes(source, 3, count, page, EDGE);
            checkRoom(page, length, count);
            long[] decoded = new long[count + 4];
            assertThat(decoder.decodeTimes(page, EDGE, length, decoded, 2)).isEqualTo(count);
            long[] expected = new long[count + 4];
            System.arraycopy(times, 0, expected, 2, count);
            assertThat(decoded).isEqualTo(expected);
        }
    }

    private static byte[] guarded(int count) {
        byte[] page = new byte[PageCodec.maxEncodedBytes(count) + 2 * EDGE];
        Arrays.fill(page, GUARD);
        return page;
    }

    private static void checkRoom(byte[] page, int length, int count) {
        assertThat(length).isLessThanOrEqualTo(PageCodec.maxEncodedBytes(count));
        assertThat(PageCodec.count(page, EDGE, length)).isEqualTo(count);
        for (int i = 0; i < EDGE; i++) {
            assertThat(page[i]).isEqualTo(GUARD);
            assertThat(page[EDGE + PageCodec.maxEncodedBytes(count) + i]).isEqualTo(GUARD);
        }
    }

    private static double[] asDoubles(long[] bits) {
        return Arrays.stream(bits).mapToDouble(Double::longBitsToDouble).toArray();
    }

    @Provide
    Arbitrary<Integer> counts() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(1, 130),
                Arbitraries.integers().between(1, 1_500),
                Arbitraries.integers().between(1, PageCodec.MAX_SAMPLES),
                Arbitraries.of(64, 95, 320, 512, 720, 1_023, 1_024, 1_025, 1_026, 1_536, 2_049, 4_320, 8_191, 8_193),
                Arbitraries.of(PageCodec.MAX_SAMPLES));
    }

    @Provide
    Arbitrary<double[]> doubles() {
        return Arbitraries.longs()
                .map(Double::longBitsToDouble)
                .array(double[].class)
                .ofMinSize(1)
                .ofMaxSize(200);
    }

    @Provide
    Arbitrary<long[]> longs() {
        return Arbitraries.oneOf(
                        Arbitraries.longs(),
                        Arbitraries.of(Long.MIN_VALUE, Long.MIN_VALUE + 1, -1L, 0L, 1L, Long.MAX_VALUE),
                        Arbitraries.longs().between(-1_000, 1_000))
                .array(long[].class)
                .ofMinSize(1)
                .ofMaxSize(200);
    }
}
