package io.varve.codec.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.codec.PageCodec;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What must be small is small, what columns promise holds, and mistakes are named. */
class HistogramPageTest {

    private final HistogramPageCodec codec = new HistogramPageCodec();

    @Test
    void aLatencyHistogramCostsItsNoise() {
        HistogramColumns columns = HistogramShapes.LATENCY.make(720, 1);
        int size = size(columns);
        double bitsPerBucket = size * 8.0 / (720 * 30);
        System.out.printf("latency histogram: %d bytes, %.2f bits a bucket%n", size, bitsPerBucket);
        assertThat(bitsPerBucket).isLessThan(3.2);
        // A column for all buckets would be a fifth larger, eight bytes a number thirty times.
        assertThat(size).isLessThan(720 * 31 * 8 / 18);
    }

    @Test
    void whatStandsStillCostsItsFirstSample() {
        int one = size(HistogramShapes.CONSTANT.make(1, 1));
        assertThat(one).isLessThanOrEqualTo(110);
        assertThat(size(HistogramShapes.CONSTANT.make(720, 1)) - one).isLessThanOrEqualTo(16);
        assertThat(size(HistogramShapes.EMPTY.make(720, 1))).isLessThanOrEqualTo(40);
        assertThat(size(HistogramShapes.ONLY_STALE.make(60, 1))).isLessThanOrEqualTo(16);
    }

    @Test
    void aResetCostsAFewBytes() {
        HistogramShapes.Latency latency = new HistogramShapes.Latency(30, 200);
        int without = size(latency(latency));
        latency.resetEvery = 500;
        int with = size(latency(latency));
        System.out.printf("a reset: %d bytes more than %d%n", with - without, without);
        assertThat(with - without).isLessThanOrEqualTo(40);
    }

    @Test
    void staleMarkersCostBits() {
        HistogramShapes.Latency latency = new HistogramShapes.Latency(30, 0);
        int without = size(latency(latency));
        latency.staleEvery = 72;
        int with = size(latency(latency));
        System.out.printf("ten stale markers: %d bytes more than %d%n", with - without, without);
        assertThat(with - without).isLessThanOrEqualTo(10 * 5);
    }

    @Test
    void wholeFloatsCostWhatIntegersCost() {
        HistogramShapes.Latency latency = new HistogramShapes.Latency(30, 200);
        int integers = size(latency(latency));
        latency.floats = true;
        assertThat(size(latency(latency)) - integers).isLessThanOrEqualTo(4);
    }

    @Test
    void columnsRefuseWhatAPageCannotHold() {
        HistogramColumns columns = new HistogramColumns();
        columns.layouts().begin(0, false, 0);
        columns.layouts().positiveSpan(0, HistogramLayouts.MAX_BUCKETS);
        int wide = columns.layouts().end();
        long[] buckets = new long[HistogramLayouts.MAX_BUCKETS];
        int samples = 0;
        while (columns.append(wide, CounterReset.UNKNOWN, 0L, 0L, 0.0, buckets, 0)) {
            samples++;
        }
        assertThat(samples).isEqualTo(HistogramColumns.MAX_NUMBERS / (HistogramLayouts.MAX_BUCKETS + 1));
        while (columns.appendStale(false)) {
            samples++;
        }
        assertThat(samples).isEqualTo(columns.size());
        HistogramColumns decoded = new HistogramColumns();
        byte[] page = new byte[HistogramPageCodec.maxEncodedBytes(columns)];
        assertThat(codec.decode(page, 0, codec.encode(columns, page, 0), decoded))
                .isEqualTo(samples);
        HistogramAssert.assertEqual(decoded, columns);
        columns.clear();
        while (columns.appendStale(true)) {
            assertThat(columns.size()).isLessThanOrEqualTo(PageCodec.MAX_SAMPLES);
        }
        assertThat(columns.size()).isEqualTo(PageCodec.MAX_SAMPLES);
    }

    @Test
    void layoutsAreRefusedWhenTheirSpansAreTooMany() {
        HistogramColumns columns = new HistogramColumns();
        int layouts = 0;
        while (widestLayout(columns.layouts(), layouts) != HistogramLayouts.NO_ROOM) {
            layouts++;
        }
        assertThat(layouts).isEqualTo(HistogramLayouts.MAX_PARTS / HistogramLayouts.MAX_BUCKETS);
        assertThat(widestLayout(columns.layouts(), 3)).isEqualTo(3);
    }

    private static int widestLayout(HistogramLayouts layouts, int first) {
        layouts.begin(8, false, 0);
        for (int s = 0; s < HistogramLayouts.MAX_BUCKETS; s++) {
            layouts.positiveSpan(s == 0 ? first : 1, 1);
        }
        return layouts.end();
    }

    @Test
    void equalLayoutsAreOne() {
        HistogramLayouts layouts = new HistogramColumns().layouts();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 200; i++) {
                layouts.begin(HistogramLayouts.CUSTOM_SCHEMA, i % 2 == 0, -0.0);
                layouts.positiveSpan(i / 8, 1);
                layouts.negativeSpan(i / 4 % 2, 1);
                layouts.bound(i / 2 % 2 == 0 ? 0.0 : -0.0);
                assertThat(layouts.end()).isEqualTo(i);
            }
        }
        assertThat(layouts.size()).isEqualTo(200);
    }

    /** Scratch memory grows while the numbers of bounds are put together; it must not lose those before. */
    @Test
    void manyBoundsOfSeveralLayoutsSurviveTheFirstPage() {
        HistogramColumns columns = new HistogramColumns();
        for (int l = 0; l < 5; l++) {
            columns.layouts().begin(HistogramLayouts.CUSTOM_SCHEMA, false, 0);
            columns.layouts().positiveSpan(l, 1);
            for (int i = 0; i < 60; i++) {
                columns.layouts().bound(i + l / 10.0);
            }
            columns.append(columns.layouts().end(), CounterReset.UNKNOWN, 0L, l, l, new long[] {l}, 0);
        }
        HistogramPageCodec fresh = new HistogramPageCodec();
        byte[] page = new byte[HistogramPageCodec.maxEncodedBytes(columns)];
        int length = fresh.encode(columns, page, 0);
        HistogramColumns found = new HistogramColumns();
        assertThat(fresh.decode(page, 0, length, found)).isEqualTo(5);
        for (int l = 0; l < 5; l++) {
            assertThat(found.layouts().bounds(found.layout(l))).isEqualTo(60);
            assertThat(found.layouts().bound(found.layout(l), 59)).isEqualTo(59 + l / 10.0);
            assertThat(found.count(l)).isEqualTo(l);
        }
    }

    @Test
    void theCallersMistakesAreNamed() {
        HistogramColumns columns = new HistogramColumns();
        assertThatThrownBy(() -> codec.encode(columns, new byte[999], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("count=0");
        HistogramLayouts layouts = columns.layouts();
        assertMistake(() -> layouts.begin(9, false, 0), "schema=9");
        layouts.begin(1, false, 0);
        assertMistake(() -> layouts.bound(1), "schema=1");
        assertMistake(() -> layouts.positiveSpan(0, HistogramLayouts.MAX_BUCKETS + 1), "length=8193");
        layouts.negativeSpan(0, 1);
        assertMistake(() -> layouts.positiveSpan(0, 1), "negative=1");
        layouts.negativeSpan(-1, 1);
        assertMistake(layouts::end, "spans=2");
        layouts.begin(1, false, 0);
        layouts.positiveSpan(Integer.MAX_VALUE, 1);
        assertMistake(layouts::end, "spans=1");
        layouts.begin(1, false, 0);
        layouts.positiveSpan(Integer.MAX_VALUE - 1, 1);
        int layout = layouts.end();
        assertMistake(() -> columns.append(layout, CounterReset.GAUGE, 0.0, 0, 0, new double[1], 0), "float=true");
        assertThatThrownBy(() -> columns.append(layout, CounterReset.GAUGE, 0L, 0, 0, new long[0], 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(columns.append(layout, CounterReset.GAUGE, 0L, 0, 0, new long[1], 0))
                .isTrue();
        assertThatThrownBy(() -> codec.encode(columns, new byte[9], 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static void assertMistake(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String found) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(found);
    }

    private static HistogramColumns latency(HistogramShapes.Latency latency) {
        HistogramColumns columns = new HistogramColumns();
        HistogramShapes.latency(columns, 720, new Random(5), latency);
        return columns;
    }

    private int size(HistogramColumns columns) {
        return codec.encode(columns, new byte[HistogramPageCodec.maxEncodedBytes(columns)], 0);
    }
}
