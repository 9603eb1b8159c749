package io.varve.benchmarks.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.varve.benchmarks.codec.PageMeasure.Timing;
import io.varve.benchmarks.codec.series.TimePattern;
import io.varve.benchmarks.codec.series.ValueShape;
import io.varve.codec.PageCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodecTableTest {

    private static final Pattern DECIMAL = Pattern.compile("\\d+\\.\\d+");
    private static final int COUNT = 3_000;

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final double[] raw = ValueShape.RAW.values(COUNT);
    private final double[] gauge = ValueShape.GAUGE.values(COUNT);
    private final long[] times = TimePattern.UNIFORM_15S.times(COUNT);

    @BeforeEach
    void write() throws IOException {
        StringBuilder first = new StringBuilder("timestamp,value\n");
        StringBuilder second = new StringBuilder();
        for (int i = 0; i < COUNT; i++) {
            first.append(times[i]).append(',').append(gauge[i]).append('\n');
            second.append(raw[i]).append('\n');
        }
        Files.writeString(folder.resolve("a_5f5533.csv"), first);
        Files.writeString(folder.resolve("b_17.csv"), second);
    }

    @Test
    void a_line_has_the_name_first_and_the_bits_as_first_decimal_number() {
        assertThat(run("--data", folder.toString())).isZero();
        List<String> lines = lines();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).startsWith("a_5f5533 ");
        assertThat(lines.get(1)).startsWith("b_17 ");
        assertThat(firstDecimal(lines.get(0))).isEqualTo(bits(gauge, COUNT), within(0.0006));
        assertThat(firstDecimal(lines.get(1))).isEqualTo(bits(raw, COUNT), within(0.0006));
        double mean = Math.sqrt(bits(gauge, COUNT) * bits(raw, COUNT));
        assertThat(lines.get(2)).startsWith("geometric mean").endsWith("of 2 series");
        assertThat(firstDecimal(lines.get(2))).isEqualTo(mean, within(0.0006));
        assertThat(lines.get(3)).startsWith("harmonic mean of decode");
        assertThat(lines.get(4)).startsWith("harmonic mean of encode");
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void a_file_that_is_excluded_is_in_no_figure() {
        assertThat(run("--data", folder.toString(), "--exclude", "x*", "--exclude", "b_*"))
                .isZero();
        assertThat(out.toString(UTF_8)).doesNotContain("b_17").contains("of 1 series");
        assertThat(firstDecimal(lines().get(1))).isEqualTo(bits(gauge, COUNT), within(0.0006));
    }

    @Test
    void pages_are_cut_as_told() {
        assertThat(run("--data", folder.toString(), "--page", "1000")).isZero();
        assertThat(firstDecimal(lines().get(0))).isEqualTo(bits(gauge, 1_000), within(0.0006));
    }

    @Test
    void times_are_those_of_the_files_that_have_any() {
        assertThat(run("--data", folder.toString(), "--times")).isZero();
        assertThat(lines().get(0)).startsWith("a_5f5533 ").contains("bits/time");
        byte[] page = new byte[PageCodec.maxEncodedBytes(COUNT)];
        int length = new PageCodec().encodeTimes(times, 0, COUNT, page, 0);
        assertThat(firstDecimal(lines().get(0))).isEqualTo(8.0 * length / COUNT, within(0.0006));
        assertThat(lines().get(1)).startsWith("geometric mean");
        assertThat(err.toString(UTF_8)).contains("b_17");
    }

    @Test
    void patterns_need_no_files() {
        assertThat(run("--patterns")).isZero();
        Iterator<String> lines = lines().iterator();
        for (TimePattern pattern : TimePattern.values()) {
            String line = lines.next();
            assertThat(line).startsWith(pattern.label() + " ");
            assertThat(firstDecimal(line)).isBetween(0.0, 16.0);
        }
    }

    @Test
    void wrong_options_are_named() {
        assertRefused("unknown option: --pages", "--data", folder.toString(), "--pages");
        assertRefused("no such directory: /nowhere", "--data", "/nowhere");
        assertRefused("option needs a value: --data", "--data");
        assertRefused("page=16385", "--data", folder.toString(), "--page", "16385");
        assertRefused("page=x", "--data", folder.toString(), "--page", "x");
        assertRefused("effort=most", "--data", folder.toString(), "--effort", "most");
        assertRefused("not a glob: [", "--data", folder.toString(), "--exclude", "[");
        assertRefused("no series", "--data", folder.toString(), "--exclude", "*");
        assertRefused("is needed", "--times");
        assertRefused("is needed", "--patterns", "--data", folder.toString());
    }

    private void assertRefused(String reason, String... args) {
        err.reset();
        assertThat(run(args)).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains(reason);
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    private int run(String... args) {
        Timing once = new Timing(0, 0, 1);
        try (PrintStream to = new PrintStream(out, true, UTF_8);
                PrintStream errors = new PrintStream(err, true, UTF_8)) {
            return CodecTable.run(once, to, errors, args);
        }
    }

    private List<String> lines() {
        return out.toString(UTF_8).lines().toList();
    }

    private static double firstDecimal(String line) {
        Matcher matcher = DECIMAL.matcher(line);
        assertThat(matcher.find()).isTrue();
        return Double.parseDouble(matcher.group());
    }

    private static double bits(double[] values, int page) {
        PageCodec codec = new PageCodec();
        byte[] target = new byte[PageCodec.maxEncodedBytes(page)];
        long bytes = 0;
        for (int i = 0; i < values.length; i += page) {
            bytes += codec.encodeValues(values, i, Math.min(page, values.length - i), target, 0);
        }
        return 8.0 * bytes / values.length;
    }
}
