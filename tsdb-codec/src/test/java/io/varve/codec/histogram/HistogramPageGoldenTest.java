package io.varve.codec.histogram;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Committed pages decode to what they were made from, for ever. What is encoded today may become smaller one day; the
 * page of the format document is encoded the same way too.
 *
 * <p>With {@code -Dvarve.golden=print} the test prints the pages as they are encoded today, for {@code
 * histogram-pages.txt}: only for a new format, or new shapes.
 */
class HistogramPageGoldenTest {

    private static final String DOCUMENTED = "documented";
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private final HistogramPageCodec codec = new HistogramPageCodec();

    @Test
    void goldenPagesDecode() throws IOException {
        Map<String, HistogramColumns> expected = expected();
        if ("print".equals(System.getProperty("varve.golden"))) {
            expected.forEach((name, columns) -> System.out.println(name + " = " + HEX.formatHex(encode(columns))));
            return;
        }
        Map<String, byte[]> golden = golden();
        assertThat(golden.keySet()).isEqualTo(expected.keySet());
        HistogramColumns decoded = new HistogramColumns();
        expected.forEach((name, columns) -> {
            byte[] page = golden.getOrDefault(name, new byte[0]);
            codec.decode(page, 0, page.length, decoded);
            HistogramAssert.assertEqual(decoded, columns);
        });
    }

    @Test
    void theDocumentsExampleIsGolden() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "format", "page-histogram.md"));
        String hex = HEX.formatHex(golden().get(DOCUMENTED));
        // The document breaks its lines.
        assertThat(document.replace('\n', ' ')).contains("```hex " + hex + " ```");
        assertThat(HEX.formatHex(encode(documented()))).isEqualTo(hex);
    }

    private byte[] encode(HistogramColumns columns) {
        byte[] page = new byte[HistogramPageCodec.maxEncodedBytes(columns)];
        return Arrays.copyOf(page, codec.encode(columns, page, 0));
    }

    private static Map<String, byte[]> golden() throws IOException {
        Map<String, byte[]> pages = new LinkedHashMap<>();
        try (InputStream in = HistogramPageGoldenTest.class.getResourceAsStream("histogram-pages.txt")) {
            if (in == null) {
                throw new AssertionError("cannot find golden pages: histogram-pages.txt");
            }
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                int mark = line.indexOf(" = ");
                if (mark > 0) {
                    pages.put(line.substring(0, mark), HEX.parseHex(line.substring(mark + 3)));
                }
            }
        }
        return pages;
    }

    /** What the pages hold. It uses no random numbers and must never change. */
    private static Map<String, HistogramColumns> expected() {
        Map<String, HistogramColumns> pages = new LinkedHashMap<>();
        pages.put(DOCUMENTED, documented());
        pages.put("counters", columns(HistogramPageGoldenTest::counters));
        pages.put("gauge-floats", columns(HistogramPageGoldenTest::gaugeFloats));
        pages.put("custom-bounds", columns(HistogramPageGoldenTest::customBounds));
        pages.put("both-kinds", columns(HistogramPageGoldenTest::bothKinds));
        return pages;
    }

    private static HistogramColumns columns(Consumer<HistogramColumns> fill) {
        HistogramColumns columns = new HistogramColumns();
        fill.accept(columns);
        return columns;
    }

    private static HistogramColumns documented() {
        HistogramColumns columns = new HistogramColumns();
        columns.layouts().begin(3, false, 0x1p-128);
        columns.layouts().positiveSpan(-2, 2);
        columns.layouts().positiveSpan(1, 1);
        int layout = columns.layouts().end();
        CounterReset hint = CounterReset.UNKNOWN;
        columns.append(layout, hint, 1L, 3_001_001, 2050.5, new long[] {1_000_000, 1_000, 2_000_000}, 0);
        columns.append(layout, hint, 1L, 3_001_007, 2055.25, new long[] {1_000_003, 1_001, 2_000_002}, 0);
        columns.append(layout, hint, 1L, 3_001_014, 2061.5, new long[] {1_000_005, 1_002, 2_000_006}, 0);
        columns.append(layout, hint, 1L, 3_001_019, 2065.5, new long[] {1_000_006, 1_005, 2_000_007}, 0);
        columns.append(layout, CounterReset.RESET, 0L, 7, 5.5, new long[] {3, 2, 2}, 0);
        columns.appendStale(false);
        return columns;
    }

    /** A counter with a reset, stale markers, a new bucket and another schema. */
    private static void counters(HistogramColumns columns) {
        long[] buckets = new long[8];
        for (int i = 0; i < 120; i++) {
            if (i % 50 == 49) {
                columns.appendStale(false);
                continue;
            }
            boolean reset = i == 70;
            if (reset) {
                Arrays.fill(buckets, 0);
            }
            columns.layouts().begin(i < 100 ? 3 : 2, false, 0.001);
            columns.layouts().positiveSpan(5, i < 20 ? 4 : 6);
            columns.layouts().negativeSpan(-1, 2);
            int layout = columns.layouts().end();
            for (int b = 0; b < 8; b++) {
                buckets[b] += 40 + (long) i * i * (b + 3) % 17;
            }
            CounterReset hint = reset ? CounterReset.RESET : CounterReset.UNKNOWN;
            columns.append(layout, hint, i / 30, i / 30 + 1_000L * i, i * i * 0.25, buckets, 0);
        }
    }

    private static void gaugeFloats(HistogramColumns columns) {
        for (int i = 0; i < 40; i++) {
            columns.layouts().begin(-4, true, 0);
            columns.layouts().positiveSpan(0, 3);
            int layout = columns.layouts().end();
            double[] buckets = {i % 7 / 30.0, i % 5 / 30.0, i == 9 ? Double.NaN : i % 3 / 30.0};
            double count = i == 11 ? -0.0 : 0.5 + buckets[0] + buckets[1] + buckets[2];
            columns.append(layout, CounterReset.GAUGE, 0.5, count, i * 0.1, buckets, 0);
        }
        columns.appendStale(true);
    }

    private static void customBounds(HistogramColumns columns) {
        for (int i = 0; i < 30; i++) {
            columns.layouts().begin(HistogramLayouts.CUSTOM_SCHEMA, false, 0);
            columns.layouts().positiveSpan(i < 5 ? 1 : 0, 2);
            for (int b = 1; b <= 4; b++) {
                columns.layouts().bound(i < 20 ? 0.005 * b : b);
            }
            int layout = columns.layouts().end();
            columns.append(layout, CounterReset.NOT_RESET, 0L, 5L * i, i, new long[] {3L * i, 2L * i}, 0);
        }
    }

    /** Float histograms of whole numbers beside integers, then one that is not whole. */
    private static void bothKinds(HistogramColumns columns) {
        for (int i = 0; i < 12; i++) {
            columns.layouts().begin(0, i % 4 == 1, 0);
            columns.layouts().positiveSpan(i / 6, 2);
            int layout = columns.layouts().end();
            if (i % 4 == 1) {
                double[] buckets = {i, i == 9 ? 0.25 : i + 1};
                columns.append(layout, CounterReset.UNKNOWN, 0.0, 2.0 * i + 1, i, buckets, 0);
            } else {
                columns.append(layout, CounterReset.UNKNOWN, 0L, 2L * i + 1, i, new long[] {i, i + 1L}, 0);
            }
        }
    }
}
