package io.varve.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.server.it.WriteRequests;
import io.varve.server.queries.ActiveQuery;
import io.varve.server.tenant.TenantHeader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a request is for, through the doors of a whole server. */
class TenantsOverHttpTest {

    private static final List<String> TENANTS = List.of("default", "acme", "globex");

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // each test starts it, with a configuration of its own
    private ServerUnderTest server;

    private ServerUnderTest start(String yaml) throws IOException {
        server = ServerUnderTest.start(directory, yaml);
        return server;
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private HttpResponse<String> get(String tenant, String path) throws IOException {
        return server.get(path, TenantHeader.NAME, tenant);
    }

    private HttpResponse<String> post(String tenant, String path) throws IOException {
        return server.send("POST", path, new byte[0], TenantHeader.NAME, tenant);
    }

    private HttpResponse<String> importText(String tenant, String text) throws IOException {
        return server.send("POST", "/api/v1/import/prometheus", text.getBytes(UTF_8), TenantHeader.NAME, tenant);
    }

    private HttpResponse<String> remoteWrite(String tenant, String metric, long millis) throws IOException {
        return server.send(
                "POST",
                "/api/v1/write",
                WriteRequests.encode(List.of(
                        new WriteRequests.Sample(List.of("__name__", metric, "owner", "of_" + tenant), millis, 2))),
                "Content-Type",
                WriteRequests.CONTENT_TYPE,
                "Content-Encoding",
                "snappy",
                TenantHeader.NAME,
                tenant);
    }

    /** Each tenant gets the same series but for a label, its metadata, and an alone one, by both doors. */
    private void fill() throws IOException {
        long now = server.millis();
        for (String tenant : TENANTS) {
            String text = "# HELP m Of_" + tenant + ".\n# TYPE m gauge\nm{owner=\"of_" + tenant + "\"} 1 " + now
                    + "\nonly_" + tenant + " 1 " + now + "\n";
            assertThat(importText(tenant, text).statusCode()).isEqualTo(204);
            assertThat(remoteWrite(tenant, "remote_" + tenant, now).statusCode())
                    .isEqualTo(204);
        }
    }

    private void seesItsOwnAlone(String tenant, String path, boolean own) throws IOException {
        HttpResponse<String> answer = get(tenant, path);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        if (own) {
            assertThat(answer.body()).as(path).containsIgnoringCase("_" + tenant);
        }
        for (String other : TENANTS) {
            if (!other.equals(tenant)) {
                assertThat(answer.body()).as(path).doesNotContainIgnoringCase(other);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "acme", "globex"})
    void every_door_that_reads_sees_the_data_of_its_tenant_alone(String tenant) throws IOException {
        start("");
        fill();
        long seconds = server.millis() / 1_000;
        String span = "&start=" + (seconds - 60) + "&end=" + (seconds + 60);
        String all = "%7B__name__!%3D%22%22%7D";
        seesItsOwnAlone(tenant, "/api/v1/query?query=" + all, true);
        seesItsOwnAlone(tenant, "/api/v1/query_range?step=10&query=" + all + span, true);
        seesItsOwnAlone(tenant, "/api/v1/query_exemplars?query=" + all + span, false);
        seesItsOwnAlone(tenant, "/api/v1/explain?query=" + all, false);
        seesItsOwnAlone(tenant, "/api/v1/percentiles?q=0.5&match[]=m" + span, true);
        seesItsOwnAlone(tenant, "/api/v1/series?match[]=" + all, true);
        seesItsOwnAlone(tenant, "/api/v1/labels", false);
        seesItsOwnAlone(tenant, "/api/v1/label/owner/values", true);
        seesItsOwnAlone(tenant, "/api/v1/label/__name__/values", true);
        seesItsOwnAlone(tenant, "/api/v1/metadata", true);
        seesItsOwnAlone(tenant, "/api/v1/status/tsdb", false);
        seesItsOwnAlone(tenant, "/api/v1/cross_latency?query=m&peer=a" + span, false);
        assertThat(ServerUnderTest.json(get(tenant, "/api/v1/explain?query=" + all))
                        .at("/data/series")
                        .asInt())
                .isEqualTo(3);
        assertThat(ServerUnderTest.json(get(tenant, "/api/v1/status/tsdb"))
                        .at("/data/store/series")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void without_the_header_it_is_the_default_tenant_whose_data_lies_where_it_always_did() throws IOException {
        start("");
        fill();
        assertThat(server.get("/api/v1/label/owner/values").body())
                .isEqualTo(get("default", "/api/v1/label/owner/values").body())
                .contains("of_default");
        assertThat(directory.resolve("data/MANIFEST")).exists();
        assertThat(directory.resolve("data/tenants/acme/wal")).isDirectory();
        assertThat(directory.resolve("data/tenants/default")).doesNotExist();
    }

    private Set<String> files() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> all = Files.walk(directory)) {
            all.map(path -> directory.relativize(path).toString())
                    .filter(name -> !name.startsWith("data/self"))
                    .forEach(names::add);
        }
        return names;
    }

    private String raw(String request) throws IOException {
        URI uri = URI.create(server.server().url());
        try (Socket socket = new Socket(InetAddress.getByName(uri.getHost()), uri.getPort())) {
            socket.getOutputStream().write(request.getBytes(UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../x",
                "../../tmp/x",
                "/etc",
                "a/b",
                "a\\b",
                "a.b",
                "-a",
                "_a",
                "a b",
                "a|b",
                "a,b",
                "~",
                "ä",
                "CON",
                "nul",
                "Default",
                "a%0a",
                "a\u0001",
                "a\n b"
            })
    void what_is_no_name_is_refused_before_any_path(String name) throws IOException {
        start("");
        Set<String> before = files();
        for (String line :
                List.of("POST /api/v1/import/prometheus", "GET /api/v1/query?query=1", "POST /api/v1/write")) {
            String answer = raw(line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + TenantHeader.NAME + ": " + name
                    + "\r\nContent-Length: 0\r\n\r\n");
            assertThat(answer).as(line).startsWith("HTTP/1.1 400 ");
        }
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void ten_kilobytes_are_no_name() throws IOException {
        start("");
        Set<String> before = files();
        HttpResponse<String> answer = importText("x".repeat(10_000), "m 1\n");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("1 to 64 characters").hasSizeLessThan(500);
        assertThat(importText("x".repeat(20_000), "m 1\n").statusCode()).isEqualTo(431);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void a_request_is_for_one_tenant() throws IOException {
        start("");
        Set<String> before = files();
        for (String second : List.of("acme", "globex", "")) {
            String answer = raw("POST /api/v1/import/prometheus HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                    + "x-scope-orgid: acme\r\nX-Scope-OrgID: " + second + "\r\nContent-Length: 4\r\n\r\nm 1\n");
            assertThat(answer).startsWith("HTTP/1.1 400 ").contains("there 2 times");
        }
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void a_tenant_to_whom_nothing_was_written_reads_an_empty_store_and_nothing_is_made() throws IOException {
        start("");
        fill();
        Set<String> before = files();
        for (String path : List.of(
                "/api/v1/query?query=m",
                "/api/v1/query_range?query=m&start=0&end=10&step=1",
                "/api/v1/series?match[]=m",
                "/api/v1/labels",
                "/api/v1/label/owner/values",
                "/api/v1/query_exemplars?query=m",
                "/api/v1/percentiles?q=0.5&match[]=m",
                "/api/v1/queries")) {
            HttpResponse<String> answer = get("nobody", path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            JsonNode data = ServerUnderTest.json(answer).path("data");
            assertThat(data.isArray() ? data : data.path("result")).as(path).isEmpty();
        }
        assertThat(ServerUnderTest.json(get("nobody", "/api/v1/metadata")).path("data"))
                .isEmpty();
        assertThat(ServerUnderTest.json(get("nobody", "/api/v1/query?query=1%2B1"))
                        .at("/data/result/1")
                        .asText())
                .isEqualTo("2");
        assertThat(ServerUnderTest.json(get("nobody", "/api/v1/status/tsdb"))
                        .at("/data/store/series")
                        .asInt())
                .isZero();
        HttpResponse<String> flush = post("nobody", "/api/v1/admin/tsdb/flush");
        assertThat(flush.statusCode()).isEqualTo(404);
        assertThat(flush.body()).contains("no data yet");
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void operations_are_done_to_the_store_of_their_tenant_alone() throws IOException {
        start("");
        fill();
        assertThat(post("acme", "/api/v1/admin/tsdb/delete_series?match[]=m&match[]=only_acme")
                        .statusCode())
                .isEqualTo(204);
        assertThat(get("acme", "/api/v1/label/__name__/values").body()).contains("[\"remote_acme\"]");
        for (String other : List.of("default", "globex")) {
            assertThat(get(other, "/api/v1/label/__name__/values").body())
                    .contains("[\"m\",\"only_" + other + "\",\"remote_" + other + "\"]");
        }
        assertThat(post("globex", "/api/v1/admin/tsdb/flush").statusCode()).isEqualTo(204);
        assertThat(blocks("globex")).isEqualTo(1);
        assertThat(blocks("acme")).isZero();
        assertThat(blocks("default")).isZero();
        for (String operation : List.of("compact", "clean_tombstones", "confirm_clock")) {
            assertThat(post("globex", "/api/v1/admin/tsdb/" + operation).statusCode())
                    .isEqualTo(204);
        }
        String snapshot = ServerUnderTest.json(post("globex", "/api/v1/admin/tsdb/snapshot"))
                .at("/data/name")
                .asText();
        assertThat(directory.resolve("data/tenants/globex/snapshots").resolve(snapshot))
                .isDirectory();
    }

    private int blocks(String tenant) throws IOException {
        return ServerUnderTest.json(get(tenant, "/api/v1/status/tsdb"))
                .at("/data/store/blocks")
                .asInt();
    }

    @Test
    void a_tenant_sees_and_ends_its_own_queries_alone() throws IOException {
        start("");
        fill();
        TenantStore acme = server.server().tenants().find("acme");
        assertThat(acme).isNotNull();
        try (ActiveQuery query = acme.active().begin("slow_of_acme", "127.0.0.1", () -> false)) {
            assertThat(get("acme", "/api/v1/queries").body()).contains("slow_of_acme");
            for (String other : List.of("default", "globex", "nobody")) {
                assertThat(get(other, "/api/v1/queries").body()).doesNotContain("slow_of_acme");
                assertThat(server.send("DELETE", "/api/v1/queries/" + query.id(), new byte[0], TenantHeader.NAME, other)
                                .statusCode())
                        .isEqualTo(404);
            }
            assertThat(query.control().isCancelled()).isFalse();
            assertThat(server.send("DELETE", "/api/v1/queries/" + query.id(), new byte[0], TenantHeader.NAME, "acme")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(query.control().isCancelled()).isTrue();
        }
    }

    @Test
    void rules_and_own_metrics_belong_to_the_default_tenant() throws IOException {
        Files.writeString(directory.resolve("r.yml"), "groups: [{name: g, rules: [{record: a, expr: vector(1)}]}]\n");
        start("rule_files: [r.yml]\n");
        fill();
        assertThat(server.get("/api/v1/rules").body()).contains("\"name\":\"g\"");
        assertThat(server.get("/self/api/v1/query?query=1").statusCode()).isEqualTo(200);
        for (String tenant : List.of("acme", "nobody")) {
            assertThat(get(tenant, "/api/v1/rules").body()).contains("\"groups\":[]");
            assertThat(get(tenant, "/api/v1/alerts").body()).contains("\"alerts\":[]");
            assertThat(get(tenant, "/self/api/v1/query?query=1").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void what_is_of_the_process_is_there_for_everybody() throws IOException {
        start("");
        fill();
        for (String path : List.of(
                "/-/healthy",
                "/-/ready",
                "/metrics",
                "/api/v1/status/health",
                "/api/v1/status/buildinfo",
                "/api/v1/status/runtimeinfo",
                "/api/v1/status/config",
                "/api/v1/status/flags",
                "/")) {
            for (String tenant : List.of("default", "acme", "nobody")) {
                assertThat(get(tenant, path).statusCode())
                        .as(path + " " + tenant)
                        .isEqualTo(200);
            }
        }
        assertThat(server.metric("varve_head_series{store=\"tenant_acme\"}")).isEqualTo(3);
    }

    @Test
    void tenants_are_there_again_after_a_restart() throws IOException {
        start("");
        fill();
        stop();
        start("");
        for (String tenant : TENANTS) {
            assertThat(get(tenant, "/api/v1/query?query=only_" + tenant).body()).contains("\"1\"");
        }
        assertThat(server.metric("varve_head_series{store=\"tenant_globex\"}")).isEqualTo(3);
    }

    @Test
    void names_are_those_of_the_list_where_there_is_one() throws IOException {
        start("tenants: {allow: [acme]}\n");
        assertThat(importText("acme", "m 1\n").statusCode()).isEqualTo(204);
        Set<String> before = files();
        for (HttpResponse<String> answer : List.of(importText("globex", "m 1\n"), get("globex", "/api/v1/labels"))) {
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("tenants.allow");
        }
        assertThat(files()).isEqualTo(before);
        server.configure("tenants: {allow: [acme, globex]}\n");
        assertThat(server.post("/-/reload").statusCode()).isEqualTo(200);
        assertThat(importText("globex", "m 1\n").statusCode()).isEqualTo(204);
    }

    @Test
    void with_none_allowed_there_is_the_default_tenant_alone() throws IOException {
        start("tenants: {max: 0}\n");
        assertThat(importText("acme", "m 1\n").statusCode()).isEqualTo(403);
        assertThat(importText("default", "m 1\n").statusCode()).isEqualTo(204);
        assertThat(directory.resolve("data/tenants")).doesNotExist();
    }

    @Test
    void a_damaged_store_of_one_tenant_keeps_no_other_from_its_work() throws IOException {
        start("");
        fill();
        stop();
        Path manifest = directory.resolve("data/tenants/acme/MANIFEST");
        Files.delete(manifest);
        Files.createDirectory(manifest);
        start("");
        HttpResponse<String> answer = get("acme", "/api/v1/query?query=m");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("tenant acme cannot be opened");
        assertThat(importText("acme", "m 1\n").statusCode()).isEqualTo(503);
        for (String other : List.of("default", "globex")) {
            assertThat(get(other, "/api/v1/query?query=m").body()).contains("of_" + other);
        }
    }

    @Test
    void a_link_among_the_directories_is_not_followed() throws IOException {
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        Files.createDirectories(directory.resolve("data/tenants"));
        Files.createSymbolicLink(directory.resolve("data/tenants/acme"), elsewhere);
        start("");
        assertThat(importText("acme", "m 1\n").statusCode()).isEqualTo(503);
        assertThat(get("acme", "/api/v1/labels").statusCode()).isEqualTo(200);
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void more_tenants_than_may_be_keep_the_server_from_starting() throws IOException {
        start("");
        fill();
        stop();
        assertThatThrownBy(() -> start("tenants: {max: 1}\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("found=2, max=1");
        start("tenants: {max: 2}\n");
    }
}
