package io.varve.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.varve.query.QueryTurn;
import io.varve.server.tenant.TenantHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each quota through a whole server: refused, counted, told, recovered from, and nobody else's trouble. */
class TenantQuotasOverHttpTest {

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // each test starts it, with a configuration of its own
    private ServerUnderTest server;

    private void start(String quotas) throws IOException {
        server = ServerUnderTest.start(directory, "tenants: {quotas: {" + quotas + "}}\n");
    }

    private void reload(String quotas) throws IOException {
        server.configure("tenants: {quotas: {" + quotas + "}}\n");
        assertThat(server.post("/-/reload").statusCode()).isEqualTo(200);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private HttpResponse<String> write(String tenant, String text) throws IOException {
        return server.send("POST", "/api/v1/import/prometheus", text.getBytes(UTF_8), TenantHeader.NAME, tenant);
    }

    private HttpResponse<String> get(String tenant, String path) throws IOException {
        return server.get(path, TenantHeader.NAME, tenant);
    }

    private double use(String tenant, String limit) throws IOException {
        return server.metric("varve_limit_used_ratio{limit=\"" + limit + "\",tenant=\"" + tenant + "\"}");
    }

    private double refused(String tenant, String limit) throws IOException {
        return server.metric("varve_tenant_refused_total{limit=\"" + limit + "\",tenant=\"" + tenant + "\"}");
    }

    private static String series(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append("m{i=\"").append(i).append("\"} 1\n");
        }
        return text.toString();
    }

    private void othersWrite() throws IOException {
        assertThat(write("globex", "m 1\n").statusCode()).isEqualTo(204);
        assertThat(write("default", "m 1\n").statusCode()).isEqualTo(204);
    }

    @Test
    void series() throws IOException {
        start("series: 10, new_series_per_minute: 0");
        assertThat(write("acme", series(0, 10)).statusCode()).isEqualTo(204);
        assertThat(use("acme", "series")).isEqualTo(1);
        HttpResponse<String> answer = write("acme", series(5, 12));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("refused 2 of 7", "series_limit=2", "of a tenant its quota series");
        assertThat(refused("acme", "series")).isEqualTo(1);
        othersWrite();
        assertThat(use("globex", "series")).isEqualTo(0.1);
        assertThat(refused("globex", "series")).isZero();
    }

    @Test
    void new_series_per_minute() throws IOException {
        start("new_series_per_minute: 5");
        HttpResponse<String> answer = write("acme", series(0, 8));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("series_rate=3");
        assertThat(write("acme", series(0, 5)).statusCode()).isEqualTo(204);
        assertThat(use("acme", "new_series_per_minute")).isBetween(0.5, 1.0);
        assertThat(refused("acme", "new_series_per_minute")).isEqualTo(1);
        othersWrite();
    }

    @Test
    void samples_per_second() throws IOException {
        start("samples_per_second: 1");
        assertThat(write("acme", series(0, 100_000 / 10)).statusCode()).isEqualTo(204); // two and a half hours' worth
        HttpResponse<String> answer = write("acme", "late 1\n");
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(answer.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(9_000, 10_000);
        assertThat(answer.body()).contains("samples_per_second=1");
        assertThat(get("acme", "/api/v1/query?query=count(late)").body()).contains("\"result\":[]");
        assertThat(use("acme", "samples_per_second")).isEqualTo(1);
        assertThat(refused("acme", "samples_per_second")).isEqualTo(1);
        othersWrite();
        reload("samples_per_second: 0");
        assertThat(write("acme", "late 1\n").statusCode()).isEqualTo(204);
        assertThat(get("acme", "/api/v1/query?query=count(late)").body()).contains("\"1\"");
    }

    @Test
    void a_request_that_fails_is_paid_for_as_well() throws IOException {
        start("samples_per_second: 1");
        assertThat(write("acme", "m 1 9999999999999999\n".repeat(500)).statusCode())
                .isEqualTo(400);
        assertThat(write("acme", "m 1\n").statusCode()).isEqualTo(429);
    }

    @Test
    void bytes() throws IOException {
        start("bytes: 1m, samples_per_second: 0");
        StringBuilder text = new StringBuilder();
        java.util.Random random = new java.util.Random(1);
        for (int i = 0; i < 60_000; i++) {
            text.append("m ")
                    .append(random.nextDouble())
                    .append(' ')
                    .append(1_700_000_000_000L + i * 1_000L)
                    .append('\n');
        }
        int written = 0;
        HttpResponse<String> answer;
        do { // until its disk is full
            answer = write("acme", text.toString().replace("m ", "m" + written++ + " "));
        } while (answer.statusCode() == 204 && written < 200);
        assertThat(answer.statusCode()).isEqualTo(507);
        assertThat(answer.body()).contains("quota=1048576");
        assertThat(answer.headers().firstValue("Retry-After")).contains("60");
        assertThat(use("acme", "bytes")).isEqualTo(1);
        assertThat(refused("acme", "bytes")).isPositive();
        othersWrite();
        assertThat(get("acme", "/api/v1/query?query=m0&time=1700000010").body()).contains("m0");
        for (String operation :
                new String[] {"delete_series?match[]=%7B__name__!%3D%22%22%7D", "flush", "clean_tombstones"}) {
            assertThat(server.send("POST", "/api/v1/admin/tsdb/" + operation, new byte[0], TenantHeader.NAME, "acme")
                            .statusCode())
                    .isEqualTo(204);
        }
        ServerUnderTest.await(() -> writes("acme"));
    }

    private boolean writes(String tenant) {
        try {
            return write(tenant, "m 1\n").statusCode() == 204;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void query_bytes() throws IOException {
        start("query_bytes: 1m");
        for (String tenant : new String[] {"acme", "default"}) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 300; i++) {
                text.append("m{i=\"").append(i).append("\"} 1 1700000000000\n");
            }
            assertThat(write(tenant, text.toString()).statusCode()).isEqualTo(204);
        }
        String query = "/api/v1/query_range?query=m%2Bon(i)%20m&start=1700000000&end=1700000299&step=1";
        HttpResponse<String> answer = get("acme", query);
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body())
                .contains("all queries of tenant acme together would take too much memory: limit=1048576");
        assertThat(refused("acme", "query_bytes")).isPositive();
        assertThat(use("acme", "query_bytes")).isZero(); // all of it is given back
        assertThat(get("default", query).statusCode()).isEqualTo(200);
        reload("query_bytes: 64m");
        assertThat(get("acme", query).statusCode()).isEqualTo(200);
    }

    @Test
    void query_concurrency() throws IOException {
        start("query_concurrency: 1");
        assertThat(write("acme", "m 1\n").statusCode()).isEqualTo(204);
        TenantStore acme = server.server().tenants().find("acme");
        assertThat(acme).isNotNull();
        acme.guard().queries().enter();
        try {
            assertThat(use("acme", "query_concurrency")).isEqualTo(1);
            HttpResponse<String> answer = get("acme", "/api/v1/query?query=m");
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.body()).contains("too many queries of tenant acme at once: limit=1");
            assertThat(answer.headers().firstValue("Retry-After")).contains("1");
            assertThat(refused("acme", "query_concurrency")).isEqualTo(1);
            assertThat(get("globex", "/api/v1/query?query=m").statusCode()).isEqualTo(200);
            assertThat(get("default", "/api/v1/query?query=m").statusCode()).isEqualTo(200);
            reload("query_concurrency: 2");
            assertThat(get("acme", "/api/v1/query?query=m").statusCode()).isEqualTo(200);
        } finally {
            acme.guard().queries().leave();
        }
        assertThat(use("acme", "query_concurrency")).isZero();
    }

    @Test
    void queries_give_way_to_those_of_tenants_that_used_less_processor_time() throws IOException {
        start("query_concurrency: 0");
        for (String tenant : new String[] {"acme", "globex"}) {
            assertThat(write(tenant, series(0, 1_000)).statusCode()).isEqualTo(204);
        }
        TenantStore globex = server.server().tenants().find("globex");
        assertThat(globex).isNotNull();
        assertThat(get("acme", "/api/v1/query?query=sum(m)").statusCode()).isEqualTo(200);
        assertThat(spent("cpu", "acme")).isPositive();
        assertThat(spent("yielded", "acme")).isZero();
        List<QueryTurn> turns = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) { // they take all, and do nothing
            QueryTurn turn = globex.guard().processors().turn();
            turn.begin();
            turns.add(turn);
        }
        assertThat(get("acme", "/api/v1/query?query=sum(m)").body()).contains("\"1000\"");
        double first = spent("yielded", "acme");
        assertThat(first).as("its patience").isGreaterThanOrEqualTo(0.01);
        assertThat(get("acme", "/api/v1/series?match[]=m").statusCode()).isEqualTo(200);
        double second = spent("yielded", "acme");
        assertThat(second).as("lists are as queries are").isGreaterThanOrEqualTo(first + 0.01);
        turns.forEach(QueryTurn::end);
        assertThat(get("acme", "/api/v1/query?query=sum(m)").statusCode()).isEqualTo(200);
        assertThat(spent("yielded", "acme")).isEqualTo(second);
        assertThat(spent("yielded", "globex")).isZero();
        assertThat(get("default", "/api/v1/query?query=m").statusCode()).isEqualTo(200);
        assertThat(spent("cpu", "default")).isPositive();
    }

    private double spent(String how, String tenant) throws IOException {
        return server.metric("varve_tenant_query_" + how + "_seconds_total{tenant=\"" + tenant + "\"}");
    }

    @Test
    void an_import_has_64_mib_of_text() throws IOException {
        start("bytes: 0");
        byte[] comment = ("#" + "x".repeat(1_022) + "\n").getBytes(UTF_8);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            for (int i = 0; i <= 64 << 10; i++) {
                out.write(comment);
            }
        }
        for (String tenant : new String[] {"acme", "default"}) {
            HttpResponse<String> answer = server.send(
                    "POST",
                    "/api/v1/import/prometheus",
                    packed.toByteArray(),
                    "Content-Encoding",
                    "gzip",
                    TenantHeader.NAME,
                    tenant);
            assertThat(answer.statusCode()).as(tenant).isEqualTo(tenant.equals("acme") ? 413 : 204);
        }
    }

    @Test
    void the_default_tenant_may_have_quotas_as_well() throws IOException {
        server = ServerUnderTest.start(directory, "tenants: {overrides: {default: {samples_per_second: 1}}}\n");
        assertThat(server.importText(series(0, 100)).statusCode()).isEqualTo(204);
        assertThat(server.importText("m 1\n").statusCode()).isEqualTo(429);
        assertThat(use("default", "samples_per_second")).isEqualTo(1);
        assertThat(refused("default", "samples_per_second")).isEqualTo(1);
        assertThat(write("acme", "m 1\n").statusCode()).isEqualTo(204);
    }
}
