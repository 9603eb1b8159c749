package io.varve.codec.histogram;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.Effort;
import io.varve.codec.PageCodec;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever goes in comes back bit for bit, within the promised room, and touches nothing beside it. */
class HistogramPageProperties {

    private static final byte GUARD = 0x5a;

    private final HistogramPageCodec codec = new HistogramPageCodec();
    private final HistogramPageCodec fast = new HistogramPageCodec(Effort.FAST);
    private final HistogramColumns decoded = new HistogramColumns();

    @Property(tries = 400)
    void histogramsOfEachShapeComeBack(@ForAll HistogramShapes shape, @ForAll("counts") int count, @ForAll long seed) {
        HistogramColumns columns = shape.make(count, seed);
        check(codec, columns);
        check(fast, columns);
    }

    @Property(tries = 100)
    void whatWasDecodedIsEncodedAlike(@ForAll HistogramShapes shape, @ForAll("counts") int count, @ForAll long seed) {
        HistogramColumns columns = shape.make(count, seed);
        byte[] page = new byte[HistogramPageCodec.maxEncodedBytes(columns)];
        int length = codec.encode(columns, page, 0);
        codec.decode(page, 0, length, decoded);
        byte[] again = new byte[HistogramPageCodec.maxEncodedBytes(decoded)];
        int lengthAgain = codec.encode(decoded, again, 0);
        assertThat(Arrays.equals(again, 0, lengthAgain, page, 0, length)).isTrue();
        // Equal layouts are found again behind a decoded page.
        int layouts = decoded.layouts().size();
        HistogramColumns more = shape.make(1, seed);
        shape.fill(decoded, 1, new java.util.Random(seed));
        assertThat(decoded.size()).isEqualTo(count + more.size());
        assertThat(decoded.layouts().size()).isEqualTo(layouts);
    }

    private void check(HistogramPageCodec codec, HistogramColumns columns) {
        int room = HistogramPageCodec.maxEncodedBytes(columns);
        byte[] page = new byte[room + 14];
        Arrays.fill(page, GUARD);
        int length = codec.encode(columns, page, 7);
        assertThat(length).isLessThanOrEqualTo(room);
        assertThat(HistogramPageCodec.count(page, 7, length)).isEqualTo(columns.size());
        for (int i = 0; i < 7; i++) {
            assertThat(page[i]).isEqualTo(GUARD);
            assertThat(page[7 + room + i]).isEqualTo(GUARD);
        }
        Arrays.fill(page, 7 + length, page.length, (byte) 0xff);
        assertThat(codec.decode(page, 7, length, decoded)).isEqualTo(columns.size());
        HistogramAssert.assertEqual(decoded, columns);
    }

    @Provide
    Arbitrary<Integer> counts() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(1, 20),
                Arbitraries.integers().between(1, 130),
                Arbitraries.integers().between(1, 1_100),
                Arbitraries.of(1, 2, 3, 720, 1_024, 1_025));
    }

    @Property(tries = 8)
    void longPagesComeBack(@ForAll("long") HistogramShapes shape, @ForAll long seed) {
        check(codec, shape.make(PageCodec.MAX_SAMPLES, seed));
    }

    @Provide("long")
    Arbitrary<HistogramShapes> longShapes() {
        return Arbitraries.of(
                HistogramShapes.LATENCY, HistogramShapes.ANY_FLOATS, HistogramShapes.ONLY_STALE, HistogramShapes.RARE);
    }
}
