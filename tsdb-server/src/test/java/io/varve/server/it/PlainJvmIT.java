package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine in a JVM without any flag: on a class path the jar's manifest, which brings them, does not count. */
class PlainJvmIT {

    @TempDir
    private Path directory;

    @Test
    void worksAndSaysInOneLineWhichFlagsMakeItFaster() throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("varve.jar"),
                "io.varve.server.VarveServer",
                "server",
                "--listen",
                "127.0.0.1:0",
                "--web.enable-admin-api",
                "--data",
                directory.toString());
        try (ServerProcess server = ServerProcess.start(command, Duration.ofSeconds(60))) {
            assertThat(server.importText("plain 1 1000\nplain 2 2000\n").statusCode())
                    .isEqualTo(204);
            assertThat(server.post("/api/v1/admin/tsdb/flush", "text/plain", new byte[0])
                            .statusCode())
                    .isEqualTo(204);
            assertThat(server.query("plain[1m]", "3").toString()).contains("[[1,\"1\"],[2,\"2\"]]");
            assertThat(server.terminate()).isIn(0, 143);
            assertThat(server.printed())
                    .filteredOn(line -> line.contains("--add-exports"))
                    .hasSize(1);
        }
    }
}
