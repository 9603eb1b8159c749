package io.varve.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Latencies between two nodes, asked over HTTP of a store that has them and the offsets of the peer's clock. */
@Timeout(120)
final class CrossLatencyDoorTest {

    private static final long START = 1_700_000_000L;
    private static final String RANGE = "&start=" + START + "&end=" + (START + 1_000);

    @TempDir
    private Path directory;

    private static String line(String series, String value, long second) {
        return series + " " + value + " " + (START + second) * 1_000 + "\n";
    }

    /** The peer's clock is 30 ms ahead, give or take half a millisecond. */
    private static String clocks(String labels) {
        StringBuilder text = new StringBuilder();
        for (int second = 0; second <= 20; second += 10) {
            text.append(line("varve_clock_offset_seconds{" + labels + "}", "0.03", second));
            text.append(line("varve_clock_uncertainty_seconds{" + labels + "}", "0.0005", second));
        }
        return text.toString();
    }

    private static HttpResponse<String> ask(ServerUnderTest server, String parameters) throws IOException {
        return server.get("/api/v1/cross_latency?" + parameters);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void latencies_are_corrected_and_say_how_sure_they_are() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "")) {
            String text = clocks("peer=\"b\"")
                    + line("handoff_seconds{to=\"b\"}", "0.031", 0)
                    + line("handoff_seconds{to=\"b\"}", "-0.005", 10)
                    + line("handoff_seconds{to=\"b\"}", "0.05", 20)
                    + line("handoff_seconds{to=\"b\"}", "0.05", 900);
            assertThat(server.importText(text).statusCode()).isEqualTo(204);
            HttpResponse<String> toPeer = ask(server, "query=handoff_seconds&peer=b" + RANGE);
            assertThat(toPeer.body())
                    .startsWith("{\"status\":\"success\",\"data\":[{\"metric\":"
                            + "{\"__name__\":\"handoff_seconds\",\"to\":\"b\"},\"values\":["
                            + "[1700000000,\"0.001\",\"0.0005\",false],"
                            + "[1700000010,\"0\",\"0.035\",true],"
                            + "[1700000020,\"0.02\",\"0.0005\",false]]}]")
                    .contains("1 samples at times when no offset of the clock of b was in force");
            HttpResponse<String> fromPeer = ask(
                    server,
                    "query=" + encoded("handoff_seconds{to=\"b\"}") + "&peer=b&way=from_peer&start=" + START + "&end="
                            + (START + 5));
            assertThat(fromPeer.body())
                    .isEqualTo("{\"status\":\"success\",\"data\":[{\"metric\":"
                            + "{\"__name__\":\"handoff_seconds\",\"to\":\"b\"},\"values\":["
                            + "[1700000000,\"0.061\",\"0.0005\",false]]}]}");
            assertThat(ask(server, "query=nothing&peer=b" + RANGE).body())
                    .isEqualTo("{\"status\":\"success\",\"data\":[]}");
            assertThat(ask(server, "query=handoff_seconds&peer=c" + RANGE).body())
                    .contains("\"values\":[]")
                    .contains("4 samples at times when no offset of the clock of c was in force");
        }
    }

    @Test
    void one_nodes_view_of_the_clock_is_asked_for_by_name() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "")) {
            String text = clocks("peer=\"b\",instance=\"x\"")
                    + clocks("peer=\"b\",instance=\"y\"")
                    + line("handoff_seconds", "0.031", 0);
            assertThat(server.importText(text).statusCode()).isEqualTo(204);
            refuses(server, "query=handoff_seconds&peer=b" + RANGE, "measured_by");
            assertThat(ask(server, "query=handoff_seconds&peer=b&measured_by=" + encoded("{instance=\"y\"}") + RANGE)
                            .body())
                    .contains("[1700000000,\"0.001\",\"0.0005\",false]");
        }
    }

    @Test
    void what_cannot_be_asked_is_refused_with_the_reason() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "limits: {query_samples: 10}\n")) {
            refuses(server, "peer=b" + RANGE, "invalid parameter \\\"query\\\"");
            refuses(server, "query=x" + RANGE, "invalid parameter \\\"peer\\\"");
            refuses(server, "query=x&peer=b&way=around" + RANGE, "invalid parameter \\\"way\\\": to_peer or from_peer");
            refuses(server, "query=" + encoded("rate(x[1m])") + "&peer=b" + RANGE, "invalid parameter \\\"query\\\"");
            refuses(server, "query=x&peer=b&measured_by=" + encoded("{") + RANGE, "\\\"measured_by\\\"");
            refuses(server, "query=x&peer=b&start=2&end=1", "end");
            StringBuilder text = new StringBuilder(clocks("peer=\"b\""));
            for (int second = 0; second < 100; second++) {
                text.append(line("handoff_seconds", "0.031", second));
            }
            assertThat(server.importText(text.toString()).statusCode()).isEqualTo(204);
            HttpResponse<String> tooMuch = ask(server, "query=handoff_seconds&peer=b" + RANGE);
            assertThat(tooMuch.statusCode()).isEqualTo(422);
            assertThat(tooMuch.body()).contains("\"execution\"").contains("this would read too much");
        }
    }

    private static void refuses(ServerUnderTest server, String parameters, String reason) throws IOException {
        HttpResponse<String> answer = ask(server, parameters);
        assertThat(answer.body())
                .startsWith("{\"status\":\"error\",\"errorType\":\"bad_data\"")
                .contains(reason);
        assertThat(answer.statusCode()).isEqualTo(400);
    }
}
