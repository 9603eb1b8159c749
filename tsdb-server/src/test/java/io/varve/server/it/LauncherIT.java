package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first command, and the launcher around it. */
class LauncherIT {

    private static final String LAUNCHER =
            Path.of(System.getProperty("varve.root"), "varve").normalize().toString();

    @TempDir
    private Path directory;

    @Test
    void demoFeedsItselfAndSaysGoodbye() throws IOException, InterruptedException {
        List<String> command = List.of(
                LAUNCHER,
                "demo",
                "--listen",
                "127.0.0.1:0",
                "--memory",
                "512m",
                "--data",
                directory.resolve("demo").toString());
        try (ServerProcess demo = ServerProcess.start(command, Duration.ofSeconds(60))) {
            demo.awaitLine("Three questions to try", Duration.ofSeconds(30));
            Thread.sleep(3_000);
            JsonNode result = demo.query(
                            "count(node_cpu_seconds_total)", String.valueOf(System.currentTimeMillis() / 1_000))
                    .path("result");
            assertThat(result.size()).isEqualTo(1);
            assertThat(demo.terminate()).isIn(0, 130, 143);
            assertThat(String.join("\n", demo.printed())).contains("Stored").contains("./varve server --data");
        }
        Output verified = run("verify", directory.resolve("demo").toString());
        assertThat(verified.text()).contains("sound");
        assertThat(verified.code()).isZero();
        // The demo left a class-data archive, of which the JVM has nothing to say.
        assertThat(run("--version").text().lines()).singleElement().asString().startsWith("varve 0.1.0");
    }

    @Test
    void versionAndMistakes() throws IOException, InterruptedException {
        Output version = run("--version");
        assertThat(version.code()).isZero();
        assertThat(version.text()).contains("varve 0.1.0").contains("format 1").contains("Java");

        Output unknown = run("server", "--lisen", "127.0.0.1:0");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.text()).contains("--listen").doesNotContain("\tat ");

        Output nothing = run("verify", directory.resolve("nothing").toString());
        assertThat(nothing.code()).isEqualTo(1);
        assertThat(nothing.text()).contains("no such directory").doesNotContain("\tat ");
    }

    private record Output(int code, String text) {}

    private static Output run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(LAUNCHER));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Output(process.exitValue(), text);
    }
}
