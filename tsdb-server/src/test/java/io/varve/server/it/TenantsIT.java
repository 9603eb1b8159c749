package io.varve.server.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tenants of the real jar: apart from each other, held to their quotas, and whole after kill -9. */
class TenantsIT {

    private static final List<String> TENANTS = List.of("acme", "globex");

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    private ServerProcess start() throws IOException, InterruptedException {
        Path config = Files.writeString(
                directory.resolve("varve.yml"),
                "tenants: {allow: [acme, globex], overrides: {globex: {samples_per_second: 1}}}\n");
        return ServerProcess.server(directory.resolve("data"), "--config", config.toString());
    }

    private HttpResponse<String> send(ServerProcess server, String method, String path, String tenant, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(server.url() + path))
                        .method(method, BodyPublishers.ofByteArray(body.getBytes(UTF_8)))
                        .header("X-Scope-OrgID", tenant)
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> write(ServerProcess server, String tenant, String text)
            throws IOException, InterruptedException {
        return send(server, "POST", "/api/v1/import/prometheus", tenant, text);
    }

    private String owners(ServerProcess server, String tenant) throws IOException, InterruptedException {
        return send(server, "GET", "/api/v1/label/owner/values", tenant, "").body();
    }

    @Test
    void tenants_are_apart_and_whole_after_kill_9() throws IOException, InterruptedException {
        try (ServerProcess server = start()) {
            assertThat(server.importText("m{owner=\"nobody\"} 1\n").statusCode())
                    .isEqualTo(204);
            for (String tenant : TENANTS) {
                String line = "m{owner=\"" + tenant + "\"} 1\n";
                assertThat(write(server, tenant, line.repeat(2_000)).statusCode())
                        .isEqualTo(204); // half an hour's worth for one of them
            }
            assertThat(write(server, "globex", "m{owner=\"late\"} 1\n").statusCode())
                    .isEqualTo(429);
            assertThat(write(server, "acme", "m{owner=\"more\"} 1\n").statusCode())
                    .isEqualTo(204);
            assertThat(write(server, "../x", "m 1\n").statusCode()).isEqualTo(400);
            assertThat(write(server, "stranger", "m 1\n").statusCode()).isEqualTo(404);
            server.process().destroyForcibly().waitFor();
        }
        assertThat(directory.resolve("data/tenants"))
                .isDirectoryContaining(path -> path.endsWith("acme"))
                .isDirectoryContaining(path -> path.endsWith("globex"));
        assertThat(directory.resolve("x")).doesNotExist();
        try (ServerProcess server = start()) {
            assertThat(owners(server, "acme")).contains("[\"acme\",\"more\"]");
            assertThat(owners(server, "globex")).contains("[\"globex\"]");
            assertThat(owners(server, "default")).contains("[\"nobody\"]");
            assertThat(send(server, "GET", "/metrics", "default", "").body())
                    .contains("varve_limit_used_ratio{limit=\"samples_per_second\",tenant=\"globex\"}");
        }
    }
}
