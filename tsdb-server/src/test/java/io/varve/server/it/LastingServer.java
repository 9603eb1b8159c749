package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.server.it.WriteRequests.Sample;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that tests send bad things to. After each test it is ready and has all that it acknowledged, and after the
 * last one a restart has it too.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LastingServer {

    static final String WRITE = "/api/v1/write";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] FLAGS = {"--limits.query_samples", "1000", "--limits.body_bytes", "64k"};

    @TempDir
    private static Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    /** What the times of samples are counted from: a minute ago, in milliseconds, a whole second. */
    final long base = System.currentTimeMillis() / 1_000 * 1_000 - 60_000;

    private int kept;

    private @Nullable ServerProcess process;

    @BeforeAll
    void start() throws IOException, InterruptedException {
        process = ServerProcess.server(directory, FLAGS);
        acknowledged(keep());
    }

    @AfterEach
    void livesOnWithAllThatItAcknowledged() throws IOException, InterruptedException {
        acknowledged(keep());
        assertThat(server().get("/-/ready").statusCode()).isEqualTo(200);
        assertKept(server());
    }

    @AfterAll
    void allIsThereAfterARestart() throws IOException, InterruptedException {
        assertThat(server().terminate()).isIn(0, 143);
        assertThat(server().printed()).noneMatch(line -> line.contains("BUG") || line.contains("FATAL"));
        try (ServerProcess again = ServerProcess.server(directory, FLAGS)) {
            assertKept(again);
        }
    }

    private void assertKept(ServerProcess asked) throws IOException, InterruptedException {
        JsonNode values = asked.query("keep[5m]", String.valueOf(base / 1_000 + 60))
                .path("result")
                .path(0)
                .path("values");
        assertThat(values.size()).isEqualTo(kept);
        for (int i = 1; i <= kept; i++) {
            assertThat(values.path(i - 1).path(1).asInt()).isEqualTo(i);
        }
    }

    final ServerProcess server() {
        return Objects.requireNonNull(process, "started before the first test");
    }

    /** One more sample that has to stay. */
    final Sample keep() {
        kept++;
        return sample(kept, List.of("__name__", "keep"), kept);
    }

    final Sample sample(long offset, List<String> labels, double value) {
        return new Sample(labels, base + offset, value);
    }

    final void acknowledged(Sample... samples) throws IOException, InterruptedException {
        HttpResponse<String> answer = write(WriteRequests.encode(List.of(samples)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        assertThat(answer.headers().firstValue("Varve-Durability")).contains("synced");
    }

    final HttpResponse<String> write(byte[] body) throws IOException, InterruptedException {
        return server().post(WRITE, WriteRequests.CONTENT_TYPE, body, WriteRequests.HEADERS);
    }

    /** @param chunked whether the length of the body is not announced */
    final HttpResponse<String> send(String method, String path, byte[] body, boolean chunked)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(server().url() + path))
                        .method(
                                method,
                                chunked
                                        ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
                                        : BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
    }

    static void assertError(HttpResponse<String> answer, int status, String type, String message) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.path("error").asText()).isEqualTo(message);
        assertThat(body.path("errorType").asText()).isEqualTo(type);
        assertThat(body.path("status").asText()).isEqualTo("error");
        assertThat(body.size()).isEqualTo(3);
    }
}
