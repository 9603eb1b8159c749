package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.DocumentedBytes;
import io.varve.core.fs.FileCopy;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Resolution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A snapshot of a store that has nothing is what the document shows: manifest, segment, hashes. */
class SnapshotGoldenTest {

    private static final String NAME = "snapshots/one";
    private static final String SEGMENT = "wal/000001-00.seg";

    /** The lines of the document that are lines of hashes, each ended. */
    private static String documentedHashes() throws IOException {
        return Files.readAllLines(Path.of("../docs/format/snapshot.md")).stream()
                .filter(line -> line.matches("[0-9a-f]{64}  .*"))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static SimulatedFileSystem written() throws IOException {
        SimulatedFileSystem files = new SimulatedFileSystem();
        try (Tsdb db = SmallStore.open(files)) {
            db.snapshot(files, NAME);
        }
        return files;
    }

    @Test
    void isWrittenAsTheDocumentShows() throws IOException {
        SimulatedFileSystem files = written();
        String segment = files.list(NAME + "/wal").get(0);
        List<byte[]> documented = DocumentedBytes.of("snapshot.md");
        assertThat(DocumentedBytes.dump(files.read(NAME + "/MANIFEST", 1 << 20)))
                .isEqualTo(DocumentedBytes.dump(documented.get(0)));
        assertThat("wal/" + segment).isEqualTo(SEGMENT);
        assertThat(DocumentedBytes.dump(files.read(NAME + "/" + SEGMENT, 1 << 20)))
                .isEqualTo(DocumentedBytes.dump(documented.get(1)));
        assertThat(new String(files.read(NAME + "/SHA256SUMS", 1 << 20), StandardCharsets.UTF_8))
                .isEqualTo(documentedHashes());
    }

    @Test
    void isReadAsTheDocumentShows() throws IOException {
        SimulatedFileSystem files = new SimulatedFileSystem();
        files.createDirectories(NAME + "/wal");
        files.put(NAME + "/MANIFEST", DocumentedBytes.of("snapshot.md").get(0));
        files.put(NAME + "/" + SEGMENT, DocumentedBytes.of("snapshot.md").get(1));
        files.put(NAME + "/SHA256SUMS", documentedHashes().getBytes(StandardCharsets.UTF_8));
        assertThat(Restore.restore(files, NAME + "/", files, "restored")).contains("every hash right");
        assertThat(Manifest.parse(files.read("restored/MANIFEST", 1 << 20)).resolution())
                .isEqualTo(Resolution.MILLIS);
        assertThat(FileCopy.sha256(files.read("restored/" + SEGMENT, 1 << 20)))
                .isEqualTo(documentedHashes().lines().toList().get(1).substring(0, 64));
    }
}
