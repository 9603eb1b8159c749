package io.varve.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.telemetry.Pipeline;
import io.varve.core.telemetry.Sampling;
import io.varve.core.telemetry.Telemetry;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The configuration is read again while the server runs: what can change does, what is wrong changes nothing. */
@Timeout(60)
class ReloadTest {

    private static final String SUCCESS = "varve_config_reloads_total{outcome=\"success\"}";
    private static final String FAILURE = "varve_config_reloads_total{outcome=\"failure\"}";
    private static final String LAST = "varve_config_last_success_timestamp_seconds";
    private static final String QUERY = "/api/v1/query?query=m%5B1h%5D";

    @TempDir
    private Path directory;

    @Test
    void limits_of_queries_change_at_once_and_other_keys_at_the_next_start() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "")) {
            long now = server.millis();
            server.importText("m 1 " + (now - 1) + "\nm 2 " + now + "\n");
            assertThat(server.get(QUERY).statusCode()).isEqualTo(200);
            double first = server.metric(LAST);
            assertThat(server.metric(SUCCESS)).isZero();
            server.configure("limits: {query_samples: 1}\nretention: {time: 30d}\n");
            HttpResponse<String> answer = server.post("/-/reload");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("changed: limits.query_samples; at the next start: retention.time\n");
            assertThat(server.metric(SUCCESS)).isEqualTo(1);
            assertThat(server.metric(LAST)).isGreaterThan(first);
            assertThat(server.get(QUERY).statusCode()).isEqualTo(422);
            assertThat(server.ratio("query_samples")).isEqualTo(1);
            assertThat(server.get("/api/v1/status/config").body())
                    .contains("query_samples: 1\\n")
                    .doesNotContain("30d");
            server.configure("retention: {time: 30d}\n");
            assertThat(server.send("PUT", "/-/reload", new byte[0]).body())
                    .isEqualTo("changed: limits.query_samples; at the next start: retention.time\n");
            assertThat(server.get(QUERY).statusCode()).isEqualTo(200);
            server.configure("");
            assertThat(server.post("/-/reload").body()).isEqualTo("nothing changed\n");
        }
    }

    @Test
    void rules_are_read_again_and_a_mistake_changes_nothing() throws IOException {
        Path rules = directory.resolve("rules.yml");
        Files.writeString(rules, "groups: [{name: a, rules: [{record: r, expr: '1'}]}]");
        try (ServerUnderTest server = ServerUnderTest.start(directory, "rule_files: ['rul*.yml']\n")) {
            assertThat(server.get("/api/v1/rules").body()).contains("\"name\":\"a\"", "\"type\":\"recording\"");
            Files.writeString(rules, "groups: [{name: b, rules: [{record: r, expr: '1'}, {alert: A, expr: up}]}]");
            assertThat(server.post("/-/reload").body()).isEqualTo("changed: rules\n");
            assertThat(server.get("/api/v1/rules?type=alert").body())
                    .contains("\"name\":\"A\"")
                    .doesNotContain("recording");
            assertThat(server.get("/api/v1/rules?rule_name[]=r").body())
                    .contains("recording")
                    .doesNotContain("alerting");
            assertThat(server.get("/api/v1/rules?rule_group[]=x").body()).contains("\"groups\":[]");
            assertThat(server.get("/api/v1/rules?type=x").statusCode()).isEqualTo(400);
            assertThat(server.get("/api/v1/alerts").body()).contains("\"alerts\":[]");
            Files.writeString(rules, "groups: [{name: c, rules: [{record: r, expr: '1 +'}]}]");
            HttpResponse<String> refused = server.post("/-/reload");
            assertThat(refused.statusCode()).isEqualTo(500);
            assertThat(refused.body()).contains("rules.yml: line 1: groups[0].rules[0].expr: cannot parse");
            assertThat(server.get("/api/v1/rules").body()).contains("\"name\":\"b\"");
        }
    }

    @Test
    void experimental_promql_is_switched_on_while_the_server_runs() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "")) {
            String query = "/api/v1/query?query=max_of(1,2)";
            HttpResponse<String> off = server.get(query);
            assertThat(off.statusCode()).isEqualTo(400);
            assertThat(off.body())
                    .contains("max_of() is experimental and switched off; --query.experimental turns it on");
            assertThat(server.get("/api/v1/format_query?query=max_of(1,2)").statusCode())
                    .isEqualTo(400);
            server.configure("query: {experimental: true}\n");
            assertThat(server.post("/-/reload").body()).isEqualTo("changed: query.experimental\n");
            assertThat(server.get(query).body()).contains("\"2\"");
            assertThat(server.get("/api/v1/format_query?query=max_of(1,2)").body())
                    .contains("max_of(1, 2)");
            assertThat(server.get("/api/v1/status/flags").body()).contains("\"query.experimental\":\"true\"");
        }
    }

    @Test
    void names_fall_away_last_once_that_is_configured() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "")) {
            String query = "/api/v1/query?query=label_replace(-vector(1),%22__name__%22,%22n%22,%22__name__%22,%22%22)";
            String flags = "/api/v1/status/flags";
            assertThat(server.get(flags).body()).contains("\"query.delayed-name-removal\":\"false\"");
            server.configure("query: {delayed_name_removal: true}\n");
            assertThat(server.post("/-/reload").body()).isEqualTo("changed: query.delayed_name_removal\n");
            assertThat(server.get(flags).body()).contains("\"query.delayed-name-removal\":\"true\"");
            assertThat(server.get(query).body()).contains("\"__name__\":\"n\"");
        }
    }

    @Test
    void sampling_changes_while_the_server_runs() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "telemetry: {sampling: adaptive}\n")) {
            Telemetry telemetry = server.server().runtime().telemetry();
            assertThat(telemetry.sampling()).isEqualTo(Sampling.adaptive());
            server.configure("telemetry: {sampling: fixed 0.5}\n");
            assertThat(server.post("/-/reload").body()).isEqualTo("changed: telemetry.sampling\n");
            assertThat(telemetry.sampling()).isEqualTo(Sampling.fixed(0.5));
            Pipeline pipeline = telemetry.pipeline("p", "from", "to");
            assertThat(pipeline.samplingRatio()).isEqualTo(0.5);
            server.configure("telemetry: {sampling: fixed 7}\n");
            HttpResponse<String> answer = server.post("/-/reload");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).contains("telemetry.sampling: ").contains("fixed 7");
            assertThat(pipeline.samplingRatio()).isEqualTo(0.5);
        }
    }

    @Test
    void a_mistake_changes_nothing_and_is_told() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "")) {
            double first = server.metric(LAST);
            server.configure("limits: {query_sample: 1}\n");
            HttpResponse<String> answer = server.post("/-/reload");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body())
                    .contains("failed to reload config: ")
                    .contains("limits.query_sample: unknown key")
                    .contains("query_samples")
                    .contains("what was before stays");
            assertThat(server.metric(FAILURE)).isEqualTo(1);
            assertThat(server.metric(SUCCESS)).isZero();
            assertThat(server.metric(LAST)).isEqualTo(first);
            assertThat(server.get("/api/v1/status/runtimeinfo").body()).contains("\"reloadConfigSuccess\":false");
            server.configure("");
            assertThat(server.post("/-/reload").statusCode()).isEqualTo(200);
            assertThat(server.get("/api/v1/status/runtimeinfo").body()).contains("\"reloadConfigSuccess\":true");
        }
    }

    @Test
    void it_is_for_operators_alone() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.withoutAdmin(directory)) {
            assertThat(server.post("/-/reload").statusCode()).isEqualTo(403);
            assertThat(server.get("/-/reload").statusCode()).isEqualTo(405);
            assertThat(server.metric(SUCCESS)).isZero();
        }
    }
}
