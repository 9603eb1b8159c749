package io.varve.core.telemetry.clock;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.telemetry.DocumentExample;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/telemetry-clocks.md compiles as it stands there, runs, and does what it says. */
class TelemetryClocksExampleTest {

    @TempDir
    private Path directory;

    @Test
    void theExampleRuns() throws IOException, ReflectiveOperationException {
        assertThat(DocumentExample.run("telemetry-clocks.md", "Clocks", directory))
                .containsSubsequence("log-1 30 ms ahead", "took 250 ms, known well enough");
    }
}
