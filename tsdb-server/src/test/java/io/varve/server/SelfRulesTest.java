package io.varve.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.Tsdb;
import io.varve.core.model.Labels;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server watches itself by the rules that ship with it. */
@Timeout(120)
class SelfRulesTest {

    @TempDir
    private Path directory;

    @Test
    void what_goes_wrong_in_own_metrics_becomes_an_alert() throws Exception {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "")) {
            assertThat(server.get("/api/v1/rules").body())
                    .contains("\"file\":\"varve:varve\"", "VarveReadOnly", "VarveDiskFills");
            Tsdb self = server.server().selfStore();
            assertThat(self).isNotNull();
            while (!server.get("/api/v1/alerts").body().contains("VarveReadOnly")) {
                try (Appender appender = self.appender(Durability.MEMORY)) {
                    long series = appender.series(Labels.of(Labels.NAME, "varve_read_only", "store", "main"));
                    appender.append(series, server.millis(), 1);
                    appender.commit();
                }
                server.jump(Duration.ofSeconds(5)); // the rules are due each quarter of a minute
                Thread.sleep(50);
            }
            assertThat(server.get("/self/api/v1/query?query=ALERTS%7Balertname%3D%22VarveReadOnly%22%7D")
                            .body())
                    .contains("\"store\":\"main\"");
            assertThat(server.post("/-/reload").body()).isEqualTo("nothing changed\n");
        }
    }

    @Test
    void it_can_be_told_not_to() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "self: {rules: false}\n")) {
            assertThat(server.get("/api/v1/rules").body()).contains("\"groups\":[]");
        }
    }
}
