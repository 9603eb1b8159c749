package io.varve.server;

import static io.varve.server.ServerUnderTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lists of what there is are sent while they are made, end at their limit, and count against the budget of a query. */
@Timeout(120)
final class SeriesOverHttpTest {

    private static final int SERIES = 8_000;
    private static final String ALL = "/api/v1/series?match%5B%5D=m";

    @TempDir
    private Path directory;

    private final StringBuilder text = new StringBuilder();

    @BeforeEach
    void series() {
        for (int i = 0; i < SERIES; i++) {
            text.append("m{host=\"host_")
                    .append(10_000 + i)
                    .append("\",text=\"")
                    .append("x".repeat(100));
            text.append("\"} ").append(i).append(" 1700000000000\n");
        }
    }

    private ServerUnderTest start(String yaml) throws IOException {
        ServerUnderTest server = ServerUnderTest.start(directory, yaml);
        assertThat(server.importText(text.toString()).statusCode()).isEqualTo(204);
        return server;
    }

    @Test
    void aLongListIsSentInPiecesAndInOrder() throws IOException {
        try (ServerUnderTest server = start("")) {
            for (boolean sealed : new boolean[] {false, true}) {
                if (sealed) {
                    server.post("/api/v1/admin/tsdb/flush");
                }
                HttpResponse<String> answer = server.get(ALL);
                assertThat(answer.headers().firstValue("Transfer-Encoding")).hasValue("chunked");
                JsonNode data = json(answer).path("data");
                assertThat(data).hasSize(SERIES);
                for (int i = 0; i < SERIES; i++) {
                    assertThat(data.get(i).path("host").asText()).isEqualTo("host_" + (10_000 + i));
                    assertThat(data.get(i)).hasSize(3);
                }
                assertThat(json(server.get("/api/v1/label/host/values")).path("data"))
                        .hasSize(SERIES);
                assertThat(json(server.get(ALL + "&match%5B%5D=%7Bhost%3D~%22host_1.%2B%22%7D"))
                                .path("data"))
                        .isEqualTo(data);
                assertThat(json(server.get(ALL + "&start=1700000001")).path("data"))
                        .isEmpty();
            }
        }
    }

    @Test
    void aListBeyondTheBudgetIsRefusedAndOneWithinItsLimitIsNot() throws IOException {
        try (ServerUnderTest server = start("limits: {query_bytes: 1m}")) {
            HttpResponse<String> refused = server.get(ALL);
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(json(refused).path("errorType").asText()).isEqualTo("execution");
            JsonNode answer = json(server.get(ALL + "&limit=10"));
            assertThat(answer.path("data")).hasSize(10);
            assertThat(answer.path("warnings").get(0).asText()).contains("truncated");
            assertThat(json(server.get(ALL + "&limit=10&match%5B%5D=none")).path("data"))
                    .hasSize(10);
        }
    }
}
