package io.varve.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that scrapes a target, itself, and another after a reload. */
@Timeout(120)
class ScrapeOverHttpTest {

    private static final String GLOBAL = "global: {scrape_interval: 200ms}\nscrape_configs:\n";

    @TempDir
    private Path directory;

    private volatile String body = "# HELP x What.\n# TYPE x gauge\nx{l=\"1\"} 1\n";
    private HttpServer target;

    @BeforeEach
    void start() throws IOException {
        target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        target.createContext("/metrics", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        target.start();
    }

    @AfterEach
    void stop() {
        target.stop(0);
    }

    private String job(String name, String more) {
        return "- {job_name: " + name + ", static_configs: [{targets: ['127.0.0.1:"
                + target.getAddress().getPort() + "', 'gone:1']}], relabel_configs: [{source_labels: [__address__],"
                + " regex: 'gone.*', action: drop}]" + more + "}\n";
    }

    private static JsonNode query(ServerUnderTest server, String query) {
        try {
            return ServerUnderTest.json(server.get("/api/v1/query?query=" + query))
                    .path("data")
                    .path("result");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(ServerUnderTest server, String query) {
        ServerUnderTest.await(() -> query(server, query).size() > 0);
    }

    @Test
    void targetsAreScrapedShownAndReloaded() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, GLOBAL + job("a", ""))) {
            await(server, "x");
            JsonNode data = ServerUnderTest.json(server.get("/api/v1/targets")).path("data");
            JsonNode shown = data.path("activeTargets").path(0);
            String address = "127.0.0.1:" + target.getAddress().getPort();
            assertThat(shown.path("discoveredLabels").path("__address__").asText())
                    .isEqualTo(address);
            assertThat(shown.path("labels").toString()).isEqualTo("{\"instance\":\"" + address + "\",\"job\":\"a\"}");
            assertThat(shown.path("scrapePool").asText()).isEqualTo("a");
            assertThat(shown.path("scrapeUrl").asText()).isEqualTo("http://" + address + "/metrics");
            assertThat(shown.path("health").asText()).isEqualTo("up");
            assertThat(shown.path("lastError").asText()).isEmpty();
            assertThat(shown.path("scrapeInterval").asText()).isEqualTo("200ms");
            assertThat(shown.path("scrapeTimeout").asText()).isEqualTo("200ms");
            assertThat(shown.path("lastScrapeDuration").asDouble()).isGreaterThan(0);
            assertThat(data.path("droppedTargets").size()).isEqualTo(1);
            assertThat(data.path("droppedTargetCounts").path("a").asInt()).isEqualTo(1);
            assertThat(server.get("/api/v1/targets?state=active").body()).contains("\"droppedTargets\":[]");
            assertThat(server.get("/api/v1/targets?state=dropped").body()).contains("\"activeTargets\":[]");
            assertThat(server.get("/api/v1/targets?scrapePool=z").body())
                    .contains("\"activeTargets\":[]", "\"droppedTargets\":[]");
            assertThat(server.get("/api/v1/targets?state=some").statusCode()).isEqualTo(400);
            assertThat(server.metric("varve_scrape_targets")).isEqualTo(1);
            String said = "\"type\":\"gauge\",\"help\":\"What.\",\"unit\":\"\"}";
            assertThat(server.get("/api/v1/targets/metadata").body()).contains("\"metric\":\"x\"," + said);
            assertThat(server.get("/api/v1/targets/metadata?metric=x&limit=1&match_target=%7Bjob=%22a%22%7D")
                            .body())
                    .contains("\"job\":\"a\"}," + said);
            assertThat(server.get("/api/v1/targets/metadata?match_target=%7Bjob=%22z%22%7D")
                            .body())
                    .contains("\"data\":[]");
            assertThat(server.get("/api/v1/targets/metadata?match_target=%7B").statusCode())
                    .isEqualTo(400);
            assertThat(server.metric("varve_scrapes_total{outcome=\"success\"}"))
                    .isGreaterThan(0);
            reloads(server);
        }
    }

    private void reloads(ServerUnderTest server) throws IOException {
        server.configure(GLOBAL + job("a", ", scrape_limit: 5"));
        assertThat(server.post("/-/reload").statusCode()).isEqualTo(500);
        assertThat(server.get("/api/v1/scrape_pools").body()).contains("{\"scrapePools\":[\"a\"]}");
        server.configure(GLOBAL + job("b", ""));
        assertThat(server.post("/-/reload").body()).isEqualTo("changed: scrape_configs\n");
        assertThat(server.get("/api/v1/scrape_pools").body()).contains("{\"scrapePools\":[\"b\"]}");
        await(server, "x%7Bjob=%22b%22%7D");
        ServerUnderTest.await(() -> query(server, "x%7Bjob=%22a%22%7D").isEmpty()); // by its marker
        body = "x{l=\"1\" 1\n";
        await(server, "up%7Bjob=%22b%22%7D==0");
        assertThat(server.get("/api/v1/targets").body()).contains("line 1: labels are not closed");
        assertThat(query(server, "x").isEmpty()).isTrue();
    }

    @Test
    void aServerMayScrapeItselfAlsoByProtobuf() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "")) {
            String self = server.server().url().substring("http://".length());
            server.configure(GLOBAL + "- {job_name: self, scrape_native_histograms: true, static_configs: [{targets: ['"
                    + self + "']}]}\n");
            server.post("/-/reload");
            await(server, "up%7Bjob=%22self%22%7D==1");
            await(server, "histogram_count(varve_stage_duration_seconds)%3E0");
            assertThat(server.get("/api/v1/targets/metadata?metric=varve_stage_duration_seconds")
                            .body())
                    .contains("\"type\":\"histogram\",\"help\":\"");
            await(server, "varve_scrape_samples_total%3E0");
        }
    }
}
