package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Deletion;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list of deletions, and the record in it, are what the document shows. */
class DeletionFileGoldenTest {

    private static final Path DOCUMENT = Path.of("../docs/format/deletions.md");

    private static final DeletionFile LIST = new DeletionFile(
            3,
            false,
            List.of(new Deletion(
                    5L << 32 | 40,
                    List.of(Matcher.equal("__name__", "up"), Matcher.regex("host", "a|b")),
                    TimeRange.of(1_000, 2_000))));

    private static byte[] documented() throws IOException {
        StringBuilder hex = new StringBuilder();
        for (String line : Files.readAllLines(DOCUMENT)) {
            if (line.matches("[0-9a-f]{4}  ([0-9a-f]{2} )*[0-9a-f]{2}(  .*)?")) {
                assertThat(Integer.parseInt(line.substring(0, 4), 16)).isEqualTo(hex.length() / 2);
                int words = line.indexOf("  ", 6);
                hex.append(line.substring(6, words < 0 ? line.length() : words).replace(" ", ""));
            }
        }
        return HexFormat.of().parseHex(hex);
    }

    @Test
    void isWrittenAsTheDocumentShows() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        LIST.write(disk);
        for (String path : DeletionFile.FILES) {
            assertThat(HexFormat.of().formatHex(disk.read(path, 1 << 20)))
                    .isEqualTo(HexFormat.of().formatHex(documented()));
        }
    }

    @Test
    void isReadAsTheDocumentShows() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        for (String path : DeletionFile.FILES) {
            disk.put(path, documented());
        }
        DeletionFile.Found found = DeletionFile.read(disk, 3);
        assertThat(found.content()).isEqualTo(LIST);
        assertThat(found.faults()).isEmpty();
    }
}
