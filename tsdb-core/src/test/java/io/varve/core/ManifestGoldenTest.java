package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.DocumentedBytes;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Resolution;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The manifest is what its document shows, and what that shows can be read. */
class ManifestGoldenTest {

    private static final Manifest EXAMPLE = Manifest.empty(Resolution.MILLIS, ShardPlace.ONLY)
            .withEpoch(3_072)
            .withLogStart(6L << 32)
            .withNextBlock(7)
            .withClock(1_763_794_790_000L)
            .withDeletions(2)
            .withBlocks(List.of(new Manifest.Block("000000000005", 1_763_780_400_000L, 1_763_787_590_000L, 9_900)))
            .withLosses(List.of(
                    new Manifest.Loss(12, 1_763_780_400_000L, 1_763_780_500_000L, "pages of block 000000000003")));

    @Test
    void isWrittenAsTheDocumentShows() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        EXAMPLE.write(disk);
        assertThat(DocumentedBytes.dump(disk.read(Manifest.FILE, 1 << 20)))
                .isEqualTo(
                        DocumentedBytes.dump(DocumentedBytes.of("manifest.md").get(0)));
    }

    @Test
    void isReadAsTheDocumentShows() throws IOException {
        assertThat(Manifest.parse(DocumentedBytes.of("manifest.md").get(0))).isEqualTo(EXAMPLE);
    }
}
