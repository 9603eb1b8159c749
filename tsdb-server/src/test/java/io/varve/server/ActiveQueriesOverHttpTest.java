package io.varve.server;

import static io.varve.server.ServerUnderTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.core.TsdbStatus;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.Telemetry;
import io.varve.query.QueryEngine;
import io.varve.query.QueryLimits;
import io.varve.server.api.AdminDoors;
import io.varve.server.api.ApiContext;
import io.varve.server.api.ApiRoutes;
import io.varve.server.api.BuildInfo;
import io.varve.server.api.RulesSource;
import io.varve.server.api.ScrapeSource;
import io.varve.server.api.StoreContext;
import io.varve.server.config.ConfigValues;
import io.varve.server.config.ServerConfig;
import io.varve.server.http.HttpServer;
import io.varve.server.http.HttpSettings;
import io.varve.server.http.Router;
import io.varve.server.queries.ActiveQueries;
import io.varve.server.queries.SlowQueryLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queries that never end by themselves, seen and ended over HTTP. */
@Timeout(60)
final class ActiveQueriesOverHttpTest {

    private static final String QUERY = "/api/v1/query?query=sum(m)&time=1000";
    private static final long MOST = 1 << 20;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final TimeSource clock = TimeSource.system();
    private final EndlessStore store = new EndlessStore(10);
    private final List<String> slow = Collections.synchronizedList(new ArrayList<>());
    private final ServerConfig config = ServerConfig.from(new ConfigValues(), 1L << 30, false);
    private final ServerUse use = ServerUse.of(config.limits(), clock, () -> MOST);
    private final HttpServer server = server();

    private HttpServer server() {
        QueryLimits limits = new QueryLimits(1L << 40, 11_000, 1L << 40, Duration.ofMinutes(2), Duration.ofMinutes(5));
        QueryEngine engine = QueryEngine.over(store, limits);
        Telemetry telemetry = Telemetry.create(clock);
        Router router = new Router();
        ApiRoutes.register(
                router,
                new ApiContext(
                        () -> config,
                        new BuildInfo("1", "a", 1),
                        clock,
                        0,
                        new StoreContext(
                                store,
                                () -> new TsdbStatus(true, null, 0, 1, 0, 0, 0, 0, 0, 0, 0, null),
                                new EngineQueries(() -> engine),
                                new NoAdmin(),
                                TreeMap::new,
                                use.queries(),
                                new ActiveQueries(
                                        clock,
                                        use.memory(),
                                        new SlowQueryLog(() -> Duration.ofNanos(1), clock, slow::add))),
                        telemetry::snapshot,
                        use.peaks(),
                        List::of,
                        NoRules.reload(config, telemetry),
                        RulesSource.NONE,
                        ScrapeSource.NONE));
        HttpServer started = new HttpServer(
                new HttpSettings("127.0.0.1", 0, 12, 1 << 20, Duration.ofSeconds(30)),
                clock,
                new RequestMetrics(telemetry, use.peaks()));
        started.serve(router);
        return started;
    }

    /** Nothing can be done. */
    private static final class NoAdmin implements AdminDoors.Operations {
        @Override
        public void flush() {}

        @Override
        public void compact() {}

        @Override
        public String snapshot() {
            return "";
        }

        @Override
        public void confirmClock() {}

        @Override
        public void delete(List<Matcher> matchers, TimeRange range) {}

        @Override
        public void cleanTombstones() {}
    }

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(Duration.ofSeconds(5));
        assertThat(use.memory().used()).as("all is given back").isZero();
        assertThat(store.open()).as("views").isZero();
        assertThat(use.queries().inside()).isZero();
    }

    private HttpRequest request(String method, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .method(method, BodyPublishers.noBody())
                .build();
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return client.send(request(method, path), BodyHandlers.ofString());
    }

    private JsonNode list() throws IOException, InterruptedException {
        return json(send("GET", "/api/v1/queries")).path("data");
    }

    private void awaitNone() throws IOException, InterruptedException {
        while (!list().isEmpty()) {
            Thread.sleep(10);
        }
    }

    @Test
    void aQueryIsListedAndEndedByItsId() throws Exception {
        assertThat(list()).isEmpty();
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request("GET", QUERY), BodyHandlers.ofString());
        store.awaitReader();
        JsonNode listed = list();
        assertThat(listed).hasSize(1);
        JsonNode query = listed.get(0);
        assertThat(query.path("query").asText()).isEqualTo("sum(m)");
        assertThat(query.path("state").asText()).isEqualTo("running");
        assertThat(query.path("client").asText()).isEqualTo("127.0.0.1");
        assertThat(query.path("start").asDouble()).isBetween(clock.epochNanos() / 1e9 - 60, clock.epochNanos() / 1e9);
        assertThat(query.path("running_seconds").asDouble()).isBetween(0.001, 60.0);
        assertThat(query.path("series").asLong()).isGreaterThanOrEqualTo(4);
        assertThat(query.path("samples").asLong()).isGreaterThanOrEqualTo(3);
        assertThat(query.path("bytes").asLong()).isGreaterThanOrEqualTo(40);
        String path = "/api/v1/queries/" + query.path("id").asText();
        HttpResponse<String> ended = send("DELETE", path);
        assertThat(ended.statusCode()).isEqualTo(200);
        assertThat(ended.body())
                .isEqualTo("{\"status\":\"success\",\"data\":{\"id\":\""
                        + query.path("id").asText() + "\",\"state\":\"canceling\"}}");
        HttpResponse<String> canceled = answer.get();
        assertThat(canceled.statusCode()).isEqualTo(499);
        assertThat(canceled.body())
                .isEqualTo("{\"status\":\"error\",\"errorType\":\"canceled\",\"error\":\"query was canceled\"}");
        awaitNone();
        assertThat(send("DELETE", path).statusCode()).as("it has ended").isEqualTo(404);
        assertThat(slow).hasSize(1);
        assertThat(slow.get(0))
                .contains(" series, ", " samples, ", " bytes of memory, canceled, from 127.0.0.1: sum(m)");
    }

    @Test
    void anUnknownIdIsNotFound() throws IOException, InterruptedException {
        for (String id : List.of("7", "x", "-1", "99999999999999999999", "%20")) {
            HttpResponse<String> answer = send("DELETE", "/api/v1/queries/" + id);
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(json(answer).path("errorType").asText()).isEqualTo("not_found");
            assertThat(json(answer).path("error").asText()).startsWith("no query with this id is being answered: id=");
        }
        assertThat(send("POST", "/api/v1/queries/7").statusCode()).isEqualTo(405);
    }

    @Test
    void aClientThatHangsUpEndsItsQuery() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write(("GET " + QUERY + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            store.awaitReader();
            assertThat(list()).hasSize(1);
        }
        awaitNone();
        assertThat(slow.get(0)).contains("canceled");
    }

    @Test
    void percentilesAreListedToo() throws Exception {
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(
                request("GET", "/api/v1/percentiles?match[]=m&q=0.5&start=0&end=1000".replace("[]", "%5B%5D")),
                BodyHandlers.ofString());
        store.awaitReader();
        JsonNode query = list().get(0);
        assertThat(query.path("query").asText()).isEqualTo("percentiles m");
        send("DELETE", "/api/v1/queries/" + query.path("id").asText());
        assertThat(answer.get().statusCode()).isEqualTo(499);
    }

    @Test
    void whatTakesTooLongIsATimeout() throws IOException, InterruptedException {
        HttpResponse<String> answer = send("GET", QUERY + "&timeout=50ms");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(json(answer).path("errorType").asText()).isEqualTo("timeout");
        assertThat(slow.get(0)).contains("timed out");
    }

    @Test
    void memoryOfAllQueriesIsBounded() throws Exception {
        use.memory().take(MOST - 100);
        HttpResponse<String> answer = send("GET", QUERY);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(json(answer).path("errorType").asText()).isEqualTo("unavailable");
        assertThat(json(answer).path("error").asText())
                .startsWith("all queries together would take too much memory: limit=1048576, try again");
        assertThat(send("GET", "/api/v1/series?match%5B%5D=m&start=0&end=1").statusCode())
                .isEqualTo(503);
        use.memory().giveBack(MOST - 100);
    }
}
