package io.varve.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Committed pages of each number mode, predictor and stage decode to what they were made from, for ever. What is
 * encoded today may become smaller one day; the pages of the format document are encoded the same way too.
 */
class PageCodecGoldenTest {

    private static final double STALE = Double.longBitsToDouble(0x7ff0000000000002L);
    private static final long START = 1_763_780_400_000L;
    private static final double[] DECIMALS = {20.5, 20.51, 20.49, 20.5, 20.53, 20.52};
    private static final double[] REPEATED = {1.5, 99.25, 3, 1_000_000.75, 2};
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
    private static final Map<String, byte[]> GOLDEN = new LinkedHashMap<>();

    private final PageCodec codec = new PageCodec();

    @BeforeAll
    static void readPages() throws IOException {
        try (InputStream in = PageCodecGoldenTest.class.getResourceAsStream("pages.txt")) {
            if (in == null) {
                throw new AssertionError("cannot find golden pages: pages.txt");
            }
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                int mark = line.indexOf(" = ");
                if (mark > 0) {
                    GOLDEN.put(line.substring(0, mark), HEX.parseHex(line.substring(mark + 3)));
                }
            }
        }
    }

    @Test
    void times() {
        checkTimes("regular-times", 4, i -> START + 10_000L * i);
        checkTimes("times-with-gap", 90, i -> START + 10_000L * (i + (i > 40 ? 1 : 0)));
        checkTimes("times-with-jitter", 60, i -> START + 15_000L * i + i * i % 5);
        long[] extreme = {Long.MIN_VALUE, Long.MAX_VALUE, 0, -1, 1};
        checkTimes("times-extreme", extreme.length, i -> extreme[i]);
    }

    @Test
    void plainAndSpecialValues() {
        checkValues("decimals", DECIMALS.length, i -> DECIMALS[i]);
        checkValues("constant-nan", 2, i -> STALE);
        double[] stale = {1, 2, STALE, 4, 5, 6, 7, 8};
        checkValues("stale-marker", stale.length, i -> stale[i]);
        double[] specials = {0.0, -0.0, 1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE};
        checkValues("specials", specials.length, i -> specials[i]);
    }

    @Test
    void predictedValues() {
        checkValues("counter", 70, i -> 1_000.0 * i + i * i % 11);
        checkValues("parabola", 40, i -> 3.0 * i * i - 17 * i + i % 2);
        checkValues("multiples", 50, i -> 4_096.0 * (i * i % 13));
        checkValues("patched", 50, i -> i == 20 ? 1e6 : i * 7 % 10);
    }

    @Test
    void codedValues() {
        checkValues("two-blocks", 1_100, i -> i * i % 16);
        checkValues("shared-plane", 1_000, i -> {
            long mixed = mix(i);
            return mixed >>> 60 == 0 ? 3 : (mixed >>> 56 & 15) == 1 ? 2 : 1;
        });
        checkValues("low-bits-and-plane", 600, i -> {
            long mixed = mix(i);
            return (mixed >>> 54) * (mixed >>> 12 & 1_023) / 100 * 10 + (mixed >>> 3 & 7);
        });
        checkValues("repeating-planes", 400, i -> REPEATED[(int) ((mix(i) >>> 40) % REPEATED.length)]);
    }

    @Test
    void theDocumentsExamplesAreGolden() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "format", "page.md"));
        for (String name : new String[] {"regular-times", "decimals"}) {
            assertThat(document).contains("```hex\n" + HEX.formatHex(golden(name)) + "\n```");
        }
        byte[] page = new byte[PageCodec.maxEncodedBytes(DECIMALS.length)];
        int length = codec.encodeValues(DECIMALS, 0, DECIMALS.length, page, 0);
        assertThat(HEX.formatHex(page, 0, length)).isEqualTo(HEX.formatHex(golden("decimals")));
        long[] times = IntStream.range(0, 4).mapToLong(i -> START + 10_000L * i).toArray();
        length = codec.encodeTimes(times, 0, times.length, page, 0);
        assertThat(HEX.formatHex(page, 0, length)).isEqualTo(HEX.formatHex(golden("regular-times")));
    }

    private void checkTimes(String name, int count, IntToLongFunction expected) {
        byte[] page = golden(name);
        long[] decoded = new long[count];
        assertThat(codec.decodeTimes(page, 0, page.length, decoded, 0)).isEqualTo(count);
        assertThat(decoded)
                .isEqualTo(IntStream.range(0, count).mapToLong(expected).toArray());
    }

    private void checkValues(String name, int count, IntToDoubleFunction expected) {
        byte[] page = golden(name);
        double[] decoded = new double[count];
        assertThat(codec.decodeValues(page, 0, page.length, decoded, 0)).isEqualTo(count);
        for (int i = 0; i < count; i++) {
            assertThat(Double.doubleToRawLongBits(decoded[i]))
                    .describedAs("%s, value %d", name, i)
                    .isEqualTo(Double.doubleToRawLongBits(expected.applyAsDouble(i)));
        }
    }

    private static byte[] golden(String name) {
        byte[] page = GOLDEN.get(name);
        if (page == null) {
            throw new AssertionError("cannot find golden page: " + name);
        }
        return page;
    }

    private static long mix(int i) {
        return i * 0x9E3779B97F4A7C15L;
    }
}
