package io.varve.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.TsdbCondition;
import io.varve.core.TsdbStatus;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
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
import io.varve.server.api.MetricMetadata;
import io.varve.server.api.RulesSource;
import io.varve.server.api.ScrapeSource;
import io.varve.server.api.StoreContext;
import io.varve.server.config.ConfigValues;
import io.varve.server.config.ServerConfig;
import io.varve.server.health.Health;
import io.varve.server.http.HttpProblem;
import io.varve.server.http.HttpServer;
import io.varve.server.http.HttpSettings;
import io.varve.server.http.Router;
import io.varve.server.queries.ActiveQueries;
import io.varve.server.queries.SlowQueryLog;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Every endpoint of the API, asked over HTTP with the real engine; the texts are what a client sees. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ApiOverHttpTest {

    private static final String OK = "{\"status\":\"success\",\"data\":";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Telemetry telemetry = Telemetry.create(TimeSource.system());
    private final MemoryStore store = new MemoryStore()
            .add(Labels.of("__name__", "a_total", "job", "x"), new long[] {0, 10_000, 20_000, 30_000}, 0, 1, 2, 3.5)
            .add(Labels.of("__name__", "b", "job", "ÿ", "http.code", "200"), new long[] {30_000}, Double.NaN)
            .add(Labels.of("__name__", "b", "job", "z"), new long[] {30_500}, 1e21)
            .exemplar(Labels.of("__name__", "b", "job", "z"), new Exemplar(Labels.of("trace_id", "t1"), 30_500, 0.25));
    private final List<String> deleted = new ArrayList<>();
    private volatile boolean ready = true;
    private HttpServer open = server(false);
    private HttpServer administered = server(true);

    private HttpServer server(boolean admin) {
        ServerConfig config = ServerConfig.from(new ConfigValues(), 1L << 30, admin);
        TsdbStatus status = new TsdbStatus(true, null, 3, 1, 6, 60, 6, 100, 1_000, 0, 30_500, null);
        TsdbStatus starting = new TsdbStatus(false, null, 3, 1, 6, 60, 6, 100, 1_000, 0, 30_500, null);
        QueryEngine engine = QueryEngine.over(
                store, new QueryLimits(1_000, 11_000, 1L << 20, Duration.ofSeconds(10), Duration.ofMinutes(5)));
        ServerUse use = ServerUse.of(
                config.limits(), TimeSource.system(), () -> config.limits().queriesBytes());
        Router router = new Router();
        ApiRoutes.register(
                router,
                new ApiContext(
                        () -> config,
                        new BuildInfo("1.2.3", "abc", 1),
                        TimeSource.system(),
                        0,
                        new StoreContext(
                                store,
                                () -> ready ? status : starting,
                                new EngineQueries(() -> engine),
                                new AdminDoors.Operations() {
                                    @Override
                                    public void flush() {}

                                    @Override
                                    public void compact() throws IOException {
                                        throw new IOException("no room");
                                    }

                                    @Override
                                    public String snapshot() {
                                        return "20260101T000000Z-0123456789abcdef";
                                    }

                                    @Override
                                    public void confirmClock() {}

                                    @Override
                                    public void delete(List<Matcher> matchers, TimeRange range) {
                                        if (matchers.contains(Matcher.equal("__name__", "full"))) {
                                            throw HttpProblem.busy("overloaded: cannot delete", 1);
                                        }
                                        deleted.add(matchers + " " + range.from() + " " + range.to());
                                    }

                                    @Override
                                    public void cleanTombstones() throws IOException {
                                        throw new IOException("no space");
                                    }
                                },
                                () -> new TreeMap<>(Map.of("a_total", new MetricMetadata("counter", "Help.", ""))),
                                use.queries(),
                                new ActiveQueries(
                                        TimeSource.system(),
                                        use.memory(),
                                        new SlowQueryLog(() -> Duration.ZERO, TimeSource.system(), line -> {}))),
                        () -> telemetry.snapshot(),
                        use.peaks(),
                        () -> List.of(
                                new Health.Component("writing", TsdbCondition.State.OK, null, 0),
                                new Health.Component("log", TsdbCondition.State.DEGRADED, "slow", 1_500_000_000L)),
                        NoRules.reload(config, telemetry),
                        RulesSource.NONE,
                        ScrapeSource.NONE));
        HttpServer server = new HttpServer(
                new HttpSettings("127.0.0.1", 0, 12, 1 << 20, Duration.ofSeconds(30)),
                TimeSource.system(),
                new RequestMetrics(telemetry, use.peaks()));
        server.serve(router);
        return server;
    }

    @BeforeAll
    void start() throws IOException {
        open.start();
        administered.start();
    }

    @AfterAll
    void stop() {
        open.stop(Duration.ofSeconds(1));
        administered.stop(Duration.ofSeconds(1));
    }

    private HttpResponse<String> send(HttpServer server, String method, String path, String form) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        request.method(
                method,
                form.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(form));
        if (!form.isEmpty()) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(open, "GET", path, "");
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void answers(String path, String data) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.body()).isEqualTo(OK + data + "}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    }

    private void refuses(String path, int status, String type, String message) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.body())
                .startsWith("{\"status\":\"error\",\"errorType\":\"" + type + "\",\"error\":\"")
                .contains(message);
        assertThat(answer.statusCode()).as(path).isEqualTo(status);
    }

    @Test
    void the_four_result_types() throws Exception {
        answers("/api/v1/query?query=1%2B1&time=1.5", "{\"resultType\":\"scalar\",\"result\":[1.500,\"2\"]}");
        answers("/api/v1/query?query=%22t%C3%A4xt%22&time=3", "{\"resultType\":\"string\",\"result\":[3,\"täxt\"]}");
        answers(
                "/api/v1/query?query=" + escaped("a_total{job=\"x\"}") + "&time=1970-01-01T00:00:30Z",
                "{\"resultType\":\"vector\",\"result\":[{\"metric\":{\"__name__\":\"a_total\",\"job\":\"x\"},"
                        + "\"value\":[30,\"3.5\"]}]}");
        answers(
                "/api/v1/query?query=" + escaped("a_total[15s]") + "&time=30",
                "{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"__name__\":\"a_total\",\"job\":\"x\"},"
                        + "\"values\":[[20,\"2\"],[30,\"3.5\"]]}]}");
        answers(
                "/api/v1/query_range?query=" + escaped("b") + "&start=30&end=30.5&step=500ms",
                "{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"__name__\":\"b\",\"http.code\":\"200\","
                        + "\"job\":\"ÿ\"},\"values\":[[30,\"NaN\"],[30.500,\"NaN\"]]},"
                        + "{\"metric\":{\"__name__\":\"b\",\"job\":\"z\"},\"values\":[[30.500,\"1e+21\"]]}]}");
        answers("/api/v1/query?query=none&time=0", "{\"resultType\":\"vector\",\"result\":[]}");
    }

    @Test
    void forms_and_query_strings_are_merged() throws Exception {
        HttpResponse<String> answer = send(open, "POST", "/api/v1/query?time=7&query=9", "query=1%2B1");
        assertThat(answer.body()).isEqualTo(OK + "{\"resultType\":\"scalar\",\"result\":[7,\"2\"]}}");
        assertThat(send(open, "POST", "/api/v1/query", "query=1%2B1").statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_limit_cuts_with_a_warning() throws Exception {
        HttpResponse<String> cut = get("/api/v1/query?query=b&time=31&limit=1");
        assertThat(cut.body()).contains("\"warnings\":[\"results truncated due to limit\"]");
        assertThat(cut.body().split("\"metric\"", -1)).hasSize(2);
        assertThat(get("/api/v1/query?query=b&time=31&limit=2").body()).doesNotContain("warnings");
        refuses("/api/v1/query?query=b&limit=-1", 400, "bad_data", "limit");
        refuses("/api/v1/query?query=b&limit=1.5", 400, "bad_data", "limit");
    }

    @Test
    void wrong_parameters_are_bad_data() throws Exception {
        refuses("/api/v1/query", 400, "bad_data", "invalid parameter \\\"query\\\"");
        refuses("/api/v1/query?query=" + escaped("sum("), 400, "bad_data", "invalid parameter \\\"query\\\"");
        refuses("/api/v1/query?query=1&time=x", 400, "bad_data", "cannot parse \\\"x\\\" to a valid timestamp");
        refuses("/api/v1/query?query=1&timeout=x", 400, "bad_data", "to a valid duration");
        refuses("/api/v1/query?query=1&lookback_delta=x", 400, "bad_data", "to a valid duration");
        refuses("/api/v1/query?query=%ff", 400, "bad_data", "UTF-8");
        String range = "/api/v1/query_range?query=1";
        refuses(range + "&end=1&step=1", 400, "bad_data", "invalid parameter \\\"start\\\"");
        refuses(range + "&start=2&end=1&step=1", 400, "bad_data", "must not be before start");
        refuses(range + "&start=0&end=1&step=0", 400, "bad_data", "zero or negative");
        refuses(range + "&start=0&end=1&step=-1", 400, "bad_data", "zero or negative");
        refuses(range + "&start=0&end=11001&step=1", 400, "bad_data", "11,000 points");
        assertThat(get(range + "&start=0&end=11000&step=1").statusCode()).isEqualTo(200);
        refuses(range + "&start=-9e15&end=9e15&step=1", 400, "bad_data", "11,000 points");
        refuses("/api/v1/query?query=" + "(".repeat(10_000), 400, "bad_data", "");
        assertThat(send(open, "POST", "/api/v1/query", "query=" + "(".repeat(100_000))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void a_time_limit_of_the_request_counts_however_short() throws Exception {
        for (String timeout : List.of("0", "-1", "0s", "0.000000001")) {
            refuses("/api/v1/query?query=sum(b)&timeout=" + timeout, 503, "timeout", "query timed out");
        }
        assertThat(get("/api/v1/query?query=sum(b)&timeout=1m").statusCode()).isEqualTo(200);
    }

    @Test
    void what_cannot_be_evaluated_is_422() throws Exception {
        refuses("/api/v1/query?time=31&query=" + escaped("b + on(none) b"), 422, "execution", "");
    }

    @Test
    void series_and_labels() throws Exception {
        answers(
                "/api/v1/series?match%5B%5D=a_total&match%5B%5D=" + escaped("b{job=\"z\"}"),
                "[{\"__name__\":\"a_total\",\"job\":\"x\"},{\"__name__\":\"b\",\"job\":\"z\"}]");
        answers("/api/v1/series?match%5B%5D=b&end=30", "[{\"__name__\":\"b\",\"http.code\":\"200\",\"job\":\"ÿ\"}]");
        refuses("/api/v1/series", 400, "bad_data", "no match[] parameter provided");
        refuses("/api/v1/series?match%5B%5D=" + escaped("rate(x[5m])"), 400, "bad_data", "match[]");
        refuses("/api/v1/series?match%5B%5D=b&start=2&end=1", 400, "bad_data", "end");
        assertThat(get("/api/v1/series?match%5B%5D=b&limit=1").body())
                .contains("\"warnings\":[\"results truncated due to limit\"]");
        answers("/api/v1/labels", "[\"__name__\",\"http.code\",\"job\"]");
        answers("/api/v1/labels?match%5B%5D=a_total", "[\"__name__\",\"job\"]");
        answers("/api/v1/label/job/values", "[\"x\",\"z\",\"ÿ\"]");
        answers("/api/v1/label/job/values?match%5B%5D=a_total&match%5B%5D=b&start=31", "[]");
        answers("/api/v1/label/http.code/values", "[\"200\"]");
        answers("/api/v1/label/U__http_2e_code/values", "[\"200\"]");
        answers("/api/v1/label/nothing/values", "[]");
    }

    @Test
    void metadata_rules_alerts_and_exemplars_answer() throws Exception {
        answers("/api/v1/metadata", "{\"a_total\":[{\"type\":\"counter\",\"help\":\"Help.\",\"unit\":\"\"}]}");
        answers("/api/v1/metadata?metric=none&limit=1&limit_per_metric=1", "{}");
        answers("/api/v1/rules", "{\"groups\":[]}");
        answers("/api/v1/alerts", "{\"alerts\":[]}");
        answers("/api/v1/query_exemplars?query=a_total", "[]");
        String exemplars = "[{\"seriesLabels\":{\"__name__\":\"b\",\"job\":\"z\"},\"exemplars\":"
                + "[{\"labels\":{\"trace_id\":\"t1\"},\"value\":\"0.25\",\"timestamp\":30.500}]}]";
        answers("/api/v1/query_exemplars?query=" + escaped("sum(rate(b{job=\"z\"}[5m])) / b"), exemplars);
        answers("/api/v1/query_exemplars?query=b&start=31&end=40", "[]");
        refuses("/api/v1/query_exemplars?query=" + escaped("sum("), 400, "bad_data", "query");
        answers("/api/v1/format_query?query=" + escaped("sum by(job)(b)"), "\"sum by (job) (b)\"");
    }

    @Test
    void status_tells_build_configuration_and_store() throws Exception {
        assertThat(get("/api/v1/status/buildinfo").body()).contains("\"version\":\"1.2.3\",\"revision\":\"abc\"");
        assertThat(get("/api/v1/status/config").body()).contains("listen: 127.0.0.1:9470\\n");
        assertThat(get("/api/v1/status/flags").body()).contains("\"web.enable-admin-api\":\"false\"");
        assertThat(get("/api/v1/status/runtimeinfo").body()).contains("\"storageRetention\":\"off\"");
        assertThat(get("/api/v1/status/tsdb").body())
                .contains("\"numSeries\":3")
                .contains("{\"name\":\"job\",\"value\":3}")
                .contains("\"blockBytes\":60,\"blockSamples\":6");
    }

    @Test
    void percentiles_carry_their_bounds() throws Exception {
        HttpResponse<String> answer = get("/api/v1/percentiles?match%5B%5D=a_total&q=0.5,1&start=0&end=30");
        assertThat(answer.body())
                .isEqualTo(OK + "{\"resultType\":\"percentiles\",\"q\":[\"0.5\",\"1\"],\"result\":["
                        + "{\"metric\":{\"__name__\":\"a_total\",\"job\":\"x\"},\"points\":[{"
                        + "\"time\":30,\"count\":\"3\","
                        + "\"source\":\"raw\",\"values\":[{\"value\":\"2\",\"low\":\"2\",\"high\":\"2\"},"
                        + "{\"value\":\"3.5\",\"low\":\"3.5\",\"high\":\"3.5\"}]}]}]},\"warnings\":[],\"infos\":[]}");
        refuses("/api/v1/percentiles?q=0.5", 400, "bad_data", "match[]");
        refuses("/api/v1/percentiles?match%5B%5D=a_total&q=2", 400, "bad_data", "\\\"q\\\"");
        refuses("/api/v1/percentiles?match%5B%5D=a_total&q=1&by=a&without=b", 400, "bad_data", "without");
        refuses("/api/v1/percentiles?match%5B%5D=a_total&step=0", 400, "bad_data", "step");
    }

    @Test
    void percentiles_refuse_what_cannot_be_asked() throws Exception {
        String ask = "/api/v1/percentiles?match%5B%5D=a_total&start=0&end=30";
        refuses(ask, 400, "bad_data", "at least one quantile");
        refuses(ask + "&q=-0.1", 400, "bad_data", "\\\"q\\\"");
        refuses(ask + "&q=NaN", 400, "bad_data", "\\\"q\\\"");
        refuses(ask + "&q=median", 400, "bad_data", "\\\"q\\\"");
        refuses(ask + "&q=0.5&window=0", 400, "bad_data", "window");
        refuses(ask + "&q=0.5&window=-5", 400, "bad_data", "window");
        refuses(ask + "&q=0.5&step=1e300", 400, "bad_data", "step");
        refuses(ask + "&q=0.5&step=9000000000000000", 400, "bad_data", "step");
        refuses(ask + "&q=0.5&step=0.001", 400, "bad_data", "maximum resolution");
        refuses("/api/v1/percentiles?match%5B%5D=a_total&q=0.5&start=30&end=0", 400, "bad_data", "end");
        refuses("/api/v1/percentiles?match%5B%5D=a_total%7B&q=0.5", 400, "bad_data", "match");
        HttpResponse<String> tooMany = send(
                open,
                "POST",
                "/api/v1/percentiles",
                "match%5B%5D=a_total&start=0&end=30&q=" + "0.5,".repeat(9_999) + "1");
        assertThat(tooMany.statusCode()).isEqualTo(400);
        assertThat(tooMany.body()).contains("bad_data").contains("1000 quantiles: found=10000");
    }

    @Test
    void percentiles_are_asked_by_form_too() throws Exception {
        String form = "match%5B%5D=a_total&q=0.5&q=1&start=0&end=30&by=";
        HttpResponse<String> answer = send(open, "POST", "/api/v1/percentiles", form);
        assertThat(answer.body())
                .isEqualTo(get("/api/v1/percentiles?" + form).body())
                .contains("\"metric\":{}");
    }

    @Test
    void admin_answers_only_if_enabled() throws Exception {
        assertThat(send(open, "POST", "/api/v1/admin/tsdb/flush", "").statusCode())
                .isEqualTo(403);
        assertThat(send(open, "POST", "/api/v1/admin/tsdb/flush", "").body()).contains("--web.enable-admin-api");
        assertThat(send(administered, "POST", "/api/v1/admin/tsdb/flush", "").statusCode())
                .isEqualTo(204);
        assertThat(send(administered, "POST", "/api/v1/admin/tsdb/compact", "").body())
                .contains("cannot compact the store: no room");
        assertThat(send(administered, "POST", "/api/v1/admin/tsdb/snapshot", "").body())
                .isEqualTo("{\"status\":\"success\",\"data\":{\"name\":\"20260101T000000Z-0123456789abcdef\"}}");
        assertThat(send(administered, "POST", "/api/v1/admin/tsdb/confirm_clock", "")
                        .statusCode())
                .isEqualTo(204);
        assertThat(send(open, "POST", "/api/v1/admin/tsdb/snapshot", "").statusCode())
                .isEqualTo(403);
        assertThat(send(administered, "GET", "/api/v1/admin/tsdb/flush", "").statusCode())
                .isEqualTo(405);
    }

    @Test
    void deletions_are_taken_whole_or_refused_whole() throws Exception {
        String path = "/api/v1/admin/tsdb/delete_series";
        assertThat(send(open, "POST", path, "match[]=a").statusCode()).isEqualTo(403);
        deleted.clear();
        assertThat(send(administered, "POST", path, "match[]=a&match[]={job=~\"x%7Cy\"}&start=1.5&end=2")
                        .statusCode())
                .isEqualTo(204);
        assertThat(send(administered, "PUT", path + "?match%5B%5D=b", "").statusCode())
                .isEqualTo(204);
        assertThat(send(administered, "PUT", path, "match[]=c").statusCode()).isEqualTo(204);
        assertThat(deleted)
                .containsExactly(
                        "[__name__=\"a\"] 1500 2000",
                        "[job=~\"x|y\"] 1500 2000",
                        "[__name__=\"b\"] " + Long.MIN_VALUE + " " + Long.MAX_VALUE,
                        "[__name__=\"c\"] " + Long.MIN_VALUE + " " + Long.MAX_VALUE);
        deleted.clear();
        for (String form : List.of(
                "start=1",
                "match[]=a&match[]={job=~\".*\"}",
                "match[]=a&match[]=(",
                "match[]=a&start=x",
                "match[]=a&start=2&end=1",
                "match[]=a&match[]=rate(b[1m])")) {
            HttpResponse<String> answer = send(administered, "POST", path, form);
            assertThat(answer.statusCode()).as(form).isEqualTo(400);
            assertThat(answer.body()).as(form).contains("\"errorType\":\"bad_data\"");
        }
        assertThat(deleted).isEmpty();
        HttpResponse<String> busy = send(administered, "POST", path, "match[]=full");
        assertThat(busy.statusCode()).isEqualTo(503);
        assertThat(busy.headers().firstValue("Retry-After")).isPresent();
        assertThat(send(administered, "GET", path, "").statusCode()).isEqualTo(405);
        assertThat(send(administered, "POST", "/api/v1/admin/tsdb/clean_tombstones", "")
                        .body())
                .contains("cannot clean the store: no space");
        assertThat(send(open, "POST", "/api/v1/admin/tsdb/clean_tombstones", "").statusCode())
                .isEqualTo(403);
    }

    @Test
    void metrics_in_both_text_formats() throws Exception {
        get("/-/healthy");
        HttpResponse<String> text = get("/metrics");
        assertThat(text.headers().firstValue("Content-Type"))
                .hasValueSatisfying(t -> assertThat(t).startsWith("text/plain; version=0.0.4"));
        assertThat(text.body())
                .contains("# TYPE varve_http_requests_total counter")
                .contains("varve_http_requests_total{method=\"GET\",route=\"/-/healthy\",status=\"200\"}")
                .contains("varve_http_request_duration_seconds{route=\"/-/healthy\",quantile=\"0.99\"}");
        HttpResponse<String> open2 = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + open.port() + "/metrics"))
                        .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(open2.body()).endsWith("# EOF\n");
    }

    @Test
    void health_and_page() throws Exception {
        assertThat(get("/-/healthy").statusCode()).isEqualTo(200);
        assertThat(get("/-/ready").statusCode()).isEqualTo(200);
        ready = false;
        assertThat(get("/-/ready").statusCode()).isEqualTo(503);
        HttpResponse<String> parts = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + open.port() + "/-/ready"))
                        .header("Accept", "application/json")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(parts.statusCode()).isEqualTo(503);
        assertThat(parts.headers().firstValue("Retry-After")).contains("1");
        assertThat(parts.body())
                .isEqualTo(OK + "{\"state\":\"degraded\",\"ready\":false,\"components\":["
                        + "{\"name\":\"writing\",\"state\":\"ok\",\"reason\":null,\"since\":\"1970-01-01T00:00:00Z\"},"
                        + "{\"name\":\"log\",\"state\":\"degraded\",\"reason\":\"slow\","
                        + "\"since\":\"1970-01-01T00:00:01.500Z\"}]}}");
        ready = true;
        for (String path : List.of("/", "/ui/page.js", "/ui/page.css")) {
            assertThat(get(path).statusCode()).isEqualTo(200);
        }
        assertThat(get("/").body())
                .contains("<title>Varve</title>")
                .doesNotContain("http://")
                .doesNotContain("https://");
        assertThat(get("/favicon.ico").statusCode()).isEqualTo(204);
        assertThat(send(open, "DELETE", "/", "").statusCode()).isEqualTo(405);
    }

    @Test
    void statsAreToldIfAskedFor() throws Exception {
        String query = "/api/v1/query?query=count_over_time(a_total%5B1m%5D)&time=30&stats=";
        String told = get(query + "true").body();
        assertThat(told)
                .containsPattern("\\],\"stats\":\\{\"timings\":\\{\"evalTotalTime\":[0-9.E-]+,\"execQueueTime\":"
                        + "[0-9.E-]+,\"execTotalTime\":[0-9.E-]+\\},\"samples\":\\{\"totalQueryableSamples\":4\\},"
                        + "\"seriesRead\":1,\"bytesRead\":0\\}\\}\\}");
        assertThat(get(query + "all").body()).contains("\"stats\":").doesNotContain("warnings");
        assertThat(get(query + "1").body())
                .contains("\"stats\":")
                .contains("\"warnings\":[\"parameter \\\"stats\\\" is true or all;");
        assertThat(get(query).body()).doesNotContain("stats");
    }

    @Test
    void aLargeAnswerComesInPiecesAndIsWhole() throws Exception {
        HttpResponse<String> answer = get("/api/v1/query_range?query=1%2F3&start=0&end=10999&step=1");
        assertThat(answer.headers().firstValue("Content-Length")).isEmpty();
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < 11_000; i++) {
            points.append(i == 0 ? "" : ",").append('[').append(i).append(",\"0.3333333333333333\"]");
        }
        assertThat(answer.body())
                .isEqualTo(
                        OK + "{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},\"values\":[" + points + "]}]}}");
    }
}
