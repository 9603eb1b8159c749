package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator deletes over HTTP is gone at once, after kill -9, after merges, and its room comes back. */
class DeleteSeriesIT {

    private static final String DELETE = "/api/v1/admin/tsdb/delete_series";

    @TempDir
    private Path directory;

    private final long base = System.currentTimeMillis() / 1_000 - 3_600;

    private ServerProcess start() throws IOException, InterruptedException {
        return ServerProcess.server(directory, "--web.enable-admin-api", "--self.enabled", "false");
    }

    private static HttpResponse<String> post(ServerProcess server, String path, String form)
            throws IOException, InterruptedException {
        return server.post(path, "application/x-www-form-urlencoded", form.getBytes(StandardCharsets.UTF_8));
    }

    /** Four hosts with a sample a second. */
    private void write(ServerProcess server, int from, int to) throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < to; i++) {
            for (int host = 0; host < 4; host++) {
                lines.append("load{host=\"h").append(host).append("\"} ").append(Math.sqrt(i * 7 + host));
                lines.append(' ').append((base + i) * 1_000).append('\n');
            }
        }
        assertThat(server.importText(lines.toString()).statusCode()).isEqualTo(204);
    }

    /** Samples of each host, by an instant query behind all of them. */
    private List<String> counts(ServerProcess server) throws IOException, InterruptedException {
        JsonNode result =
                server.query("count_over_time(load[2h])", "" + (base + 3_500)).path("result");
        return Stream.iterate(0, i -> i < result.size(), i -> i + 1)
                .map(i -> result.path(i).path("metric").path("host").asText() + "="
                        + result.path(i).path("value").path(1).asText())
                .sorted()
                .toList();
    }

    private long blockBytes() throws IOException {
        long bytes = 0;
        try (Stream<Path> blocks = Files.list(directory.resolve("blocks"))) {
            for (Path block : blocks.toList()) {
                bytes += Files.size(block);
            }
        }
        return bytes;
    }

    @Test
    void deletedSeriesStayGone() throws IOException, InterruptedException {
        List<String> left = List.of("h0=1000", "h1=900", "h3=1000");
        try (ServerProcess server = start()) {
            write(server, 0, 500);
            assertThat(post(server, "/api/v1/admin/tsdb/flush", "").statusCode())
                    .isEqualTo(204);
            write(server, 500, 1_000);
            assertThat(counts(server)).containsExactly("h0=1000", "h1=1000", "h2=1000", "h3=1000");
            assertThat(post(server, DELETE, "match[]=load{host=\"h2\"}").statusCode())
                    .isEqualTo(204);
            assertThat(post(server, DELETE, "match[]={host=\"h1\"}&start=" + (base + 450) + "&end=" + (base + 549))
                            .statusCode())
                    .isEqualTo(204);
            assertThat(counts(server)).isEqualTo(left);
            server.kill();
        }
        try (ServerProcess server = start()) {
            assertThat(counts(server)).isEqualTo(left);
            assertThat(server.get("/api/v1/label/host/values").body()).doesNotContain("h2");
            assertThat(server.get("/api/v1/series?match%5B%5D=load").body()).doesNotContain("h2");
            assertThat(post(server, "/api/v1/admin/tsdb/flush", "").statusCode())
                    .isEqualTo(204);
            assertThat(counts(server)).isEqualTo(left);
            server.kill();
        }
        try (ServerProcess server = start()) {
            assertThat(counts(server)).isEqualTo(left);
            assertThat(post(server, "/api/v1/admin/tsdb/compact", "").statusCode())
                    .isEqualTo(204);
            assertThat(counts(server)).isEqualTo(left);
            long before = blockBytes();
            assertThat(post(server, DELETE, "match[]={host=~\"h[01]\"}").statusCode())
                    .isEqualTo(204);
            assertThat(counts(server)).containsExactly("h3=1000");
            assertThat(post(server, "/api/v1/admin/tsdb/clean_tombstones", "").statusCode())
                    .isEqualTo(204);
            assertThat(blockBytes()).isLessThan(before / 2);
            write(server, 0, 10); // what is written again is there
            assertThat(counts(server)).containsExactly("h0=10", "h1=10", "h2=10", "h3=1000");
            assertThat(server.terminate()).isIn(0, 143);
        }
        try (ServerProcess server = start()) {
            assertThat(counts(server)).containsExactly("h0=10", "h1=10", "h2=10", "h3=1000");
            assertThat(server.get("/metrics").body()).contains("varve_deletions{store=\"main\"}");
        }
    }

    @Test
    void whatCannotBeDeletedIsRefusedAndNothingIsDeleted() throws IOException, InterruptedException {
        try (ServerProcess server = start()) {
            write(server, 0, 5);
            for (String form : List.of("", "match[]={host=~\".*\"}", "match[]=load&match[]=)", "match[]=load&end=x")) {
                HttpResponse<String> answer = post(server, DELETE, form);
                assertThat(answer.statusCode()).as(form).isEqualTo(400);
                assertThat(answer.body()).contains("bad_data");
            }
            assertThat(counts(server)).containsExactly("h0=5", "h1=5", "h2=5", "h3=5");
        }
    }
}
