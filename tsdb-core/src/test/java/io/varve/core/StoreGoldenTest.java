package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A data directory of each released format stays readable, sample for sample; docs/compatibility.md. That of a format
 * that is not released yet is written anew by
 * {@code mvn verify -pl tsdb-core -am -Dtest=StoreGoldenTest -Dvarve.golden.write=true}, and never again after.
 */
class StoreGoldenTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final String NEWEST = "store-format-1";
    private static final String ANSWER = "answer.txt";
    private static final long START = 1_763_780_400_000L;
    private static final int PAGE_BYTES = 4_096;

    @TempDir
    private Path directory;

    private static Tsdb open(Path store) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(new SettableTime(START + 86_400_000L), new Random(1));
        return Tsdb.open(store, TsdbConfig.defaults(), runtime);
    }

    /** A level-one block, two sealed ones, and a log with series, samples and late samples. */
    private static void fill(Path store) throws IOException {
        try (Tsdb db = open(store)) {
            write(db, 0, 150);
            db.flush();
            write(db, 125, 200); // again, and further
            db.flush();
            db.compact();
            write(db, 200, 250);
            db.flush();
            write(db, 25, 30); // late
            db.flush();
            write(db, 250, 262);
            write(db, 247, 249);
        }
    }

    private static Labels series(int number) {
        return Labels.of("__name__", "m" + number % 3, "host", "hôte-" + number, "job", number < 4 ? "a" : "b");
    }

    private static double value(int series, int step) {
        return switch (series) {
            case 0 -> step * 15;
            case 1 -> Math.floor(Math.abs(Math.IEEEremainder(step * 0.37, 11)) * 100) / 100;
            case 2 -> step % 50 == 49 ? StaleMarker.VALUE : 0.1 + step * 0.2;
            case 3 ->
                step % 7 == 0 ? Double.NaN : Double.longBitsToDouble(0x3ff0_0000_0000_0000L + step * 0x9e37_79b9L);
            case 4 -> step % 100 < 90 ? 0 : Double.POSITIVE_INFINITY;
            default -> -0.0;
        };
    }

    private static void write(Tsdb db, int from, int to) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            for (int step = from; step < to; step++) {
                for (int series = 0; series < 6; series++) {
                    long jitter = series == 5 ? step * 31L % 97 : 0;
                    long time = START + step * 10_000L + jitter;
                    appender.append(appender.series(series(series)), time, value(series, step));
                }
            }
            assertThat(appender.commit().refused()).isZero();
        }
    }

    /** Every sample as a line: series, time, bits of the value. */
    private static List<String> answer(Path store) throws IOException {
        List<String> lines = new ArrayList<>();
        List<Hole> holes = new ArrayList<>();
        try (Tsdb db = open(store);
                Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.regex("job", ".+"))) {
            while (set.next()) {
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    for (int i = 0; i < columns.size(); i++) {
                        lines.add(set.labels() + " " + columns.times()[i] + " "
                                + Long.toHexString(Double.doubleToRawLongBits(columns.values()[i])));
                    }
                }
            }
            holes.addAll(set.holes());
        }
        assertThat(holes).isEmpty();
        return lines;
    }

    private static List<Path> files(Path store) throws IOException {
        try (Stream<Path> paths = Files.walk(store)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private Path copy(Path golden) throws IOException {
        Path copy = directory.resolve("copy-of-" + golden.getFileName());
        for (Path file : files(golden)) {
            if (!file.endsWith(ANSWER)) {
                Path target = copy.resolve(golden.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
        return copy;
    }

    private static void writeGolden() throws IOException {
        Path golden = GOLDEN.resolve(NEWEST);
        if (Files.exists(golden)) {
            try (Stream<Path> old = Files.walk(golden)) {
                for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        fill(golden);
        Files.delete(golden.resolve("LOCK"));
        for (Path file : files(golden)) {
            if (file.toString().endsWith(".seg")) {
                cutZeros(file);
            }
        }
        Path read = Files.createTempDirectory("golden");
        for (Path file : files(golden)) {
            Path target = read.resolve(golden.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
        Files.write(golden.resolve(ANSWER), answer(read));
    }

    /** A segment ends in zeros that were never written: most of them need not be kept. */
    private static void cutZeros(Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        int kept = Math.min(bytes.length, (end / PAGE_BYTES + 1) * PAGE_BYTES);
        Files.write(segment, Arrays.copyOf(bytes, kept));
    }

    @Test
    void everyReleasedFormatIsReadSampleForSample() throws IOException {
        if (Boolean.getBoolean("varve.golden.write")) {
            writeGolden();
        }
        List<Path> formats;
        try (Stream<Path> paths = Files.list(GOLDEN)) {
            formats = paths.filter(Files::isDirectory)
                    .filter(path -> String.valueOf(path.getFileName()).startsWith("store-format-"))
                    .sorted()
                    .toList();
        }
        assertThat(formats).isNotEmpty();
        for (Path golden : formats) {
            Path copy = copy(golden);
            assertThat(Verification.verify(copy).findings())
                    .as(golden.toString())
                    .isEmpty();
            List<String> expected = Files.readAllLines(golden.resolve(ANSWER));
            assertThat(answer(copy)).as(golden.toString()).isEqualTo(expected).hasSizeGreaterThan(1_500);
            try (Tsdb db = open(copy)) { // written on, and made anew in today's format
                write(db, 262, 272);
                db.flush();
                db.compact();
                assertThat(db.status().blocks()).isEqualTo(1);
            }
            assertThat(answer(copy)).containsAll(expected).hasSize(expected.size() + 60);
        }
    }

    @Test
    void theGoldenStoreHasBlocksOfTwoLevelsAndALog() throws IOException {
        Path copy = copy(GOLDEN.resolve(NEWEST));
        try (Tsdb db = open(copy)) {
            TsdbStatus status = db.status();
            assertThat(status.blocks()).isEqualTo(3);
            assertThat(status.samples()).isGreaterThan(status.blockSamples());
        }
        List<String> blocks = files(copy.resolve("blocks")).stream()
                .map(file -> String.valueOf(file.getFileName()))
                .toList();
        assertThat(blocks).containsExactly("000000000003.varve", "000000000004.varve", "000000000005.varve");
    }

    @Test
    void whatIsWrittenTodayAnswersTheSame() throws IOException {
        Path store = directory.resolve("today");
        fill(store);
        assertThat(answer(store))
                .isEqualTo(Files.readAllLines(GOLDEN.resolve(NEWEST).resolve(ANSWER)));
    }
}
