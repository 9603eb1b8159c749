package io.varve.codec.histogram;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/** Compares histograms through what callers see, doubles by their bits. */
final class HistogramAssert {

    private HistogramAssert() {}

    static void assertEqual(HistogramColumns found, HistogramColumns expected) {
        assertThat(found.size()).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(sample(found, i)).describedAs("sample %d", i).isEqualTo(sample(expected, i));
            if (!Arrays.equals(buckets(found, i), buckets(expected, i))) {
                throw new AssertionError("buckets differ: sample=" + i + ", expected="
                        + Arrays.toString(buckets(expected, i)) + ", found=" + Arrays.toString(buckets(found, i)));
            }
        }
    }

    private static long[] buckets(HistogramColumns columns, int sample) {
        int from = columns.bucketStart(sample);
        return Arrays.copyOfRange(
                columns.buckets(), from, from + columns.layouts().buckets(columns.layout(sample)));
    }

    private static String sample(HistogramColumns columns, int i) {
        return layout(columns.layouts(), columns.layout(i)) + " " + columns.hint(i) + " zero=" + columns.zeroCount(i)
                + " count=" + columns.count(i) + " sum=" + Double.doubleToRawLongBits(columns.sum(i)) + " stale="
                + columns.isStale(i);
    }

    private static String layout(HistogramLayouts layouts, int layout) {
        StringBuilder text = new StringBuilder();
        text.append(layouts.schema(layout)).append(layouts.isFloat(layout) ? " floats " : " integers ");
        text.append(Double.doubleToRawLongBits(layouts.zeroThreshold(layout)));
        text.append(' ').append(layouts.positiveSpans(layout)).append('+').append(layouts.negativeSpans(layout));
        for (int s = 0; s < layouts.positiveSpans(layout) + layouts.negativeSpans(layout); s++) {
            text.append(' ').append(layouts.spanOffset(layout, s)).append(':').append(layouts.spanLength(layout, s));
        }
        for (int b = 0; b < layouts.bounds(layout); b++) {
            text.append(" le=").append(Double.doubleToRawLongBits(layouts.bound(layout, b)));
        }
        return text.toString();
    }
}
