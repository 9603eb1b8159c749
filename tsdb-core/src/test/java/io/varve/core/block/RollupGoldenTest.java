package io.varve.core.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.Effort;
import io.varve.codec.bits.MalformedPageException;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.index.ByteSink;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.ResetHint;
import io.varve.core.model.Resolution;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A block of rollups can be read for ever, is written as before, and is what the document shows; damage is noticed. */
final class RollupGoldenTest {

    private static final Path DOCUMENT = Path.of("../docs/format/rollup.md");
    private static final RollupSpan SPAN = new RollupSpan(10, 0, 40, true);
    private static final Labels A = Labels.of("__name__", "load", "host", "a");
    private static final Labels B = Labels.of("__name__", "load", "host", "b");
    private static final Labels C = Labels.of("__name__", "load", "host", "c");
    private static final int TRIES = 3;

    private static byte[] golden() throws IOException {
        try (InputStream in = RollupGoldenTest.class.getResourceAsStream("/golden/rollup-v1.varve")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    /** Buckets of samples; times ascend. */
    private static RollupBuckets buckets(long[] times, double... values) {
        RollupBuckets found = new RollupBuckets(SPAN.width());
        new BucketGatherer(SPAN.width(), true).gather(new OnePage(times, values), found);
        return found;
    }

    private static final class OnePage implements ColumnCursor {

        private final long[] times;
        private final double[] values;
        private boolean read;

        OnePage(long[] times, double[] values) {
            this.times = times;
            this.values = values;
        }

        @Override
        public boolean nextPage() {
            boolean first = !read;
            read = true;
            return first;
        }

        @Override
        public int size() {
            return times.length;
        }

        @Override
        public long[] times() {
            return times;
        }

        @Override
        public double[] values() {
            return values;
        }
    }

    private static RollupBuckets a() {
        return buckets(new long[] {1, 5, 10, 11, 20, 30}, 1, 4, 2, 2, 2, 0.5);
    }

    private static RollupBuckets b() {
        RollupBuckets buckets =
                buckets(new long[] {12, 14, 16, 18, 33}, Double.NaN, -3, StaleMarker.VALUE, 0, StaleMarker.VALUE);
        buckets.markPartial(1);
        return buckets;
    }

    private static Histogram histogram(int schema, ResetHint hint, double sum, long... buckets) {
        HistogramLayout layout =
                HistogramLayout.exponential(schema, false, 0, new int[] {1, buckets.length}, new int[0]);
        return Histogram.integer(layout, hint, 1, 1 + Arrays.stream(buckets).sum(), sum, buckets);
    }

    /** Beside a float: a counter that grows, begins anew and has a coarser schema then; one alone; a stale marker. */
    private static RollupBuckets c() {
        long[] times = {2, 5, 9, 10, 13, 25, 36, 38};
        Histogram[] histograms = {
            histogram(1, ResetHint.UNKNOWN, 9.5, 3, 2),
            histogram(1, ResetHint.UNKNOWN, 12, 4, 2),
            histogram(0, ResetHint.UNKNOWN, 2, 1),
            histogram(0, ResetHint.NOT_RESET, 3, 2),
            Histogram.floating(
                    HistogramLayout.custom(true, new int[] {0, 2}, 1.5), ResetHint.GAUGE, 0, 3.5, 4, 1.25, 2.25),
            Histogram.stale(false),
            histogram(0, ResetHint.UNKNOWN, 1, 1),
            Histogram.integer(HistogramLayout.custom(false, new int[0], 1.5), ResetHint.UNKNOWN, 0, 0, 0)
        };
        RollupBuckets found = new RollupBuckets(SPAN.width());
        BucketAccumulator bucket = new BucketAccumulator(true);
        for (int i = 0; i < times.length; i++) {
            if (i == 0 || times[i] > bucket.end) {
                if (i > 0) {
                    found.add(bucket);
                }
                bucket.begin(RollupSpan.endOf(times[i], SPAN.width()));
            }
            bucket.add(times[i], histograms[i]);
        }
        bucket.add(39, 7);
        found.add(bucket);
        return found;
    }

    private static byte[] written() throws IOException {
        SimulatedFileSystem fs = new SimulatedFileSystem();
        BlockHeader header = BlockHeader.rollup("01GOLDENROLL", 1, 77, 66, Resolution.MILLIS, SPAN, List.of("OLD1"));
        try (RollupWriter writer = RollupWriter.create(fs, "b", header)) {
            writer.series(A, a());
            writer.series(B, b());
            writer.series(C, c());
            writer.finish();
        }
        return fs.read("b", 1 << 20);
    }

    private static RollupBuckets read(SimulatedFileSystem fs, int series, List<Hole> holes) throws IOException {
        BlockReader reader = BlockReader.open(fs, "b");
        try {
            return new RollupSession(reader, new DecodeScratch())
                    .read(series, TimeRange.ALL, true, ReadBudget.UNLIMITED, holes::add);
        } finally {
            reader.release();
        }
    }

    @Test
    void isReadAsItWasMeant() throws IOException {
        SimulatedFileSystem fs = new SimulatedFileSystem();
        fs.put("b", golden());
        assertThat(BlockVerifier.verify(fs, "b").findings()).isEmpty();
        BlockReader reader = BlockReader.open(fs, "b");
        assertThat(reader.meta().header().rollup()).isEqualTo(SPAN);
        assertThat(reader.meta().header().lastPosition()).isEqualTo(77);
        assertThat(reader.meta().samples()).isEqualTo(9);
        assertThat(reader.labels(1)).isEqualTo(B);
        reader.release();
        List<Hole> holes = new ArrayList<>();
        assertSame(read(fs, 0, holes), a());
        assertSame(read(fs, 1, holes), b());
        assertSame(read(fs, 2, holes), c());
        assertThat(holes).isEmpty();
    }

    private static void assertSame(RollupBuckets found, RollupBuckets expected) {
        assertThat(found.size()).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.sameAs(i, expected, i)).as("bucket " + i).isTrue();
            assertThat(found.isPartial(i)).isEqualTo(expected.isPartial(i));
            var sketch = Objects.requireNonNull(found.sketch(i));
            var same = Objects.requireNonNull(expected.sketch(i));
            for (double q = 0; q <= 1; q += 0.25) {
                assertThat(sketch.quantile(q)).isEqualTo(same.quantile(q));
            }
            assertThat(sketch.nanCount()).isEqualTo(same.nanCount());
        }
    }

    @Test
    void isWrittenAsBefore() throws IOException {
        byte[] bytes = written();
        if (Boolean.getBoolean("varve.golden.write")) {
            Files.write(Path.of("src/test/resources/golden/rollup-v1.varve"), bytes);
        }
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(HexFormat.of().formatHex(golden()));
    }

    @Test
    void isWhatTheDocumentShows() throws IOException {
        StringBuilder hex = new StringBuilder();
        for (String line : Files.readAllLines(DOCUMENT)) {
            if (line.matches("[0-9a-f]{4}  ([0-9a-f]{2} )*[0-9a-f]{2}(  .*)?")) {
                assertThat(Integer.parseInt(line.substring(0, 4), 16)).isEqualTo(hex.length() / 2);
                int words = line.indexOf("  ", 6);
                hex.append(line.substring(6, words < 0 ? line.length() : words).replace(" ", ""));
            }
        }
        assertThat(hex.toString()).isEqualTo(HexFormat.of().formatHex(golden()));
    }

    /** Any flipped byte is found; what a reader answers then is right, or a hole, or a typed error. */
    @Test
    void everyFlippedByteIsFound() throws IOException {
        byte[] sound = golden();
        for (int at = 0; at < sound.length; at++) {
            for (int bit = 0; bit < 8; bit += TRIES) {
                SimulatedFileSystem fs = new SimulatedFileSystem();
                fs.put("b", sound);
                fs.damage("b", at, 1 << bit);
                String where = "byte " + at + " bit " + bit;
                assertThat(BlockVerifier.verify(fs, "b").findings()).as(where).isNotEmpty();
                List<Hole> holes = new ArrayList<>();
                try {
                    RollupBuckets found = read(fs, 0, holes);
                    if (holes.isEmpty()) {
                        assertSame(found, a());
                    }
                    holes.clear();
                    RollupBuckets others = read(fs, 2, holes);
                    if (holes.isEmpty()) {
                        assertSame(others, c());
                    }
                } catch (IOException e) {
                    assertThat(e).as(where).hasMessageContaining("b");
                }
            }
        }
    }

    /** Pages whose checksum is right, and that hold anything: a typed error, or buckets. */
    @Test
    void hostilePagesAreRefused() {
        RollupPage page = new RollupPage(Effort.FAST);
        ByteSink out = new ByteSink();
        page.write(a(), 0, 3, out);
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = out.toArray();
            for (int k = 1 + random.nextInt(3); k > 0; k--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                page.read(bytes, bytes.length, new long[] {10, 20, 30}, 0, 3, new RollupBuckets(10));
            } catch (MalformedPageException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    /** Histograms whose checksum is right, and that hold anything: a typed error, or histograms. */
    @Test
    void hostileHistogramsAreRefused() {
        RollupPage page = new RollupPage(Effort.FAST);
        ByteSink out = new ByteSink();
        page.write(c(), 0, 4, out);
        byte[] columns = out.toArray();
        ByteSink sound = new ByteSink();
        page.writeHistograms(c(), 0, 4, sound);
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = sound.toArray();
            for (int k = 1 + random.nextInt(3); k > 0; k--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            RollupBuckets target = new RollupBuckets(10);
            page.read(columns, columns.length, new long[] {10, 20, 30, 40}, 0, 4, target);
            try {
                page.readHistograms(bytes, bytes.length, 4, target, 0);
                assertThat(Objects.requireNonNull(target.histograms(0)).sum()).isNotNull();
            } catch (MalformedPageException | IllegalArgumentException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    /** Sketches that hold anything: a typed error, or a sketch of bounded size. */
    @Test
    void hostileSketchesAreRefused() {
        Random random = new Random(6);
        RollupBuckets sound = a();
        byte[][] forms = Objects.requireNonNull(sound.sketches());
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = forms[0].clone();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            sound.setSketch(0, bytes);
            try {
                assertThat(sound.sketch(0)).isNotNull();
            } catch (MalformedPageException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }
}
