package io.varve.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/telemetry.md compiles as it stands there, runs, and does what it says. */
class TelemetryExampleTest {

    @TempDir
    private Path directory;

    @Test
    void the_example_runs() throws IOException, ReflectiveOperationException {
        assertThat(DocumentExample.run("telemetry.md", "Bifrost", directory))
                .containsSubsequence(
                        "puts 1",
                        "messages 1000, failed 10, in flight 0",
                        "p99 of arrived to done",
                        "failed in arrived",
                        "request_id=\"r900\"",
                        "adaptive 0.01, ratio 1.0",
                        "joined 2000");
    }

    @Test
    void the_example_of_a_store_runs() throws IOException, ReflectiveOperationException {
        assertThat(DocumentExample.run("telemetry.md", "Stored", directory))
                .containsSubsequence("series 3", "failed r500", "raw series 3");
    }

    @Test
    void the_wire_is_as_the_document_shows_it() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "telemetry.md"));
        int begin = document.indexOf("```\n01") + 4;
        String hex = document.substring(begin, document.indexOf("\n```", begin));
        long first = 1_700_000_000_000_000_000L;
        byte[] bytes = new byte[StageHeader.MAX_BYTES];
        long ahead = first - 500;
        int length = StageHeader.write(new long[] {500, 1_500, 7, 7}, 4, 1, ahead, bytes, 0);
        assertThat(HexFormat.ofDelimiter(" ").formatHex(bytes, 0, length)).isEqualTo(hex);
    }
}
