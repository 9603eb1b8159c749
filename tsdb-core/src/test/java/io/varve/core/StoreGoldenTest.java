package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A data directory of each frozen format stays readable, sample for sample; docs/compatibility.md. That of a new format
 * is written by {@code mvn verify -pl tsdb-core -am -Dtest=StoreGoldenTest -Dvarve.golden.write=true}, once.
 */
class StoreGoldenTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final String NEWEST = "store-format-1";
    private static final String ANSWER = "answer.txt";
    private static final String ROLLUPS = "rollups.txt";
    /** What is known of a bucket, its sketch, its histograms. */
    private static final Pattern BUCKET = Pattern.compile("(.*? (?:true|false) )\\[(.*?)\\](.*)");

    private static final int PAGE_BYTES = 4_096;

    @TempDir
    private Path directory;

    private static List<String> exact(List<String> lines) {
        return lines.stream().map(GoldenStore::exact).toList();
    }

    private static List<Path> files(Path store) throws IOException {
        try (Stream<Path> paths = Files.walk(store)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private Path copy(Path golden) throws IOException {
        Path copy = directory.resolve("copy-of-" + golden.getFileName());
        for (Path file : files(golden)) {
            if (!file.endsWith(ANSWER) && !file.endsWith(ROLLUPS)) {
                Path target = copy.resolve(golden.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
        return copy;
    }

    private static void writeGolden() throws IOException {
        Path golden = GOLDEN.resolve(NEWEST);
        assertThat(golden).as("a format that is frozen").doesNotExist();
        GoldenStore.fill(golden);
        for (Path file : files(golden)) {
            if (file.endsWith("LOCK")) {
                Files.delete(file);
            } else if (file.toString().endsWith(".seg")) {
                cutZeros(file);
            }
        }
        Path read = Files.createTempDirectory("golden");
        for (Path file : files(golden)) {
            Path target = read.resolve(golden.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
        Files.write(golden.resolve(ANSWER), GoldenStore.answer(read));
        Files.write(golden.resolve(ROLLUPS), GoldenStore.rollups(read));
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
            List<String> expected = exact(Files.readAllLines(golden.resolve(ANSWER)));
            assertThat(exact(GoldenStore.answer(copy)))
                    .as(golden.toString())
                    .isEqualTo(expected)
                    .hasSizeGreaterThan(2_300);
            List<String> rollups = exact(Files.readAllLines(golden.resolve(ROLLUPS)));
            assertThat(exact(GoldenStore.rollups(copy)))
                    .as(golden.toString())
                    .isEqualTo(rollups)
                    .hasSizeGreaterThan(150);
            try (Tsdb db = GoldenStore.open(copy)) { // written on, and made anew in today's format
                GoldenStore.write(db, 262, 272);
                db.flush();
                db.compact();
                assertThat(db.status().blocks()).isEqualTo(2); // one of each shard
            }
            assertThat(exact(GoldenStore.answer(copy))).containsAll(expected).hasSize(expected.size() + 90);
            assertThat(exact(GoldenStore.rollups(copy))).hasSameSizeAs(rollups);
        }
    }

    @Test
    void theGoldenStoreHasAllThatAStoreCanHold() throws IOException {
        Path copy = copy(GOLDEN.resolve(NEWEST));
        List<String> names = files(copy).stream()
                .map(file -> copy.relativize(file).toString().replaceAll("[0-9]{4,}", "N"))
                .distinct()
                .toList();
        assertThat(names)
                .contains(
                        "MANIFEST",
                        "DELETIONS",
                        "blocks/N.varve",
                        "wal/N-00.seg",
                        "shards/01/MANIFEST",
                        "shards/01/blocks/N.varve",
                        "shards/01/wal/N-00.seg");
        List<String> kinds = Files.readAllLines(GOLDEN.resolve(NEWEST).resolve(ANSWER)).stream()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .distinct()
                .toList();
        assertThat(kinds).containsExactly("sample", "exemplar", "start", "metadata");
        assertThat(Files.readString(GOLDEN.resolve(NEWEST).resolve(ROLLUPS))).contains("[ +", "Histogram");
        try (Tsdb db = GoldenStore.open(copy)) {
            assertThat(db.status().blocks()).isEqualTo(6);
            assertThat(db.status().samples()).isGreaterThan(db.status().blockSamples());
            assertThat(db.liveDeletions()).isPositive();
        }
    }

    @Test
    void whatIsWrittenTodayAnswersTheSame() throws IOException {
        Path store = directory.resolve("today");
        GoldenStore.fill(store);
        Path golden = GOLDEN.resolve(NEWEST);
        assertThat(exact(GoldenStore.answer(store))).isEqualTo(exact(Files.readAllLines(golden.resolve(ANSWER))));
        List<String> wanted = exact(Files.readAllLines(golden.resolve(ROLLUPS)));
        List<String> found = exact(GoldenStore.rollups(store));
        assertThat(found).hasSameSizeAs(wanted);
        for (int i = 0; i < found.size(); i++) {
            assertSameButFiner(found.get(i), wanted.get(i));
        }
    }

    /** Sketches of wide ranges of values are finer than those of the golden store; all else is the same. */
    private static void assertSameButFiner(String found, String wanted) {
        Matcher one = BUCKET.matcher(found);
        Matcher other = BUCKET.matcher(wanted);
        if (!one.matches() || !other.matches()) {
            assertThat(found).isEqualTo(wanted);
            return;
        }
        assertThat(one.group(1) + one.group(3)).isEqualTo(other.group(1) + other.group(3));
        List<String> coarser = new ArrayList<>();
        for (int steps = 0; steps < 12; steps++) {
            coarser.add(coarser(one.group(2), steps));
        }
        assertThat(coarser).as(found).contains(coarser(other.group(2), 0));
    }

    /** Buckets of a sketch, joined by twos so many times. */
    private static String coarser(String buckets, int steps) {
        TreeMap<String, Long> joined = new TreeMap<>();
        for (String bucket : buckets.trim().split(" ")) {
            if (!bucket.isEmpty()) {
                int colon = bucket.indexOf(':');
                int index = Integer.parseInt(bucket.substring(1, colon));
                String key = bucket.charAt(0) + Integer.toString((index - 1 >> steps) + 1);
                joined.merge(key, Long.parseLong(bucket.substring(colon + 1)), Long::sum);
            }
        }
        return joined.toString();
    }
}
