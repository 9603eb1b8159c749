package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Requests that no path takes, that are not HTTP, and queries that cannot be answered, with the exact answer. */
class BadRequestIT extends LastingServer {

    @Test
    void unknownPathsAndWrongMethods() throws IOException, InterruptedException {
        assertError(server().get("/api/v1/nope"), 404, "not_found", "no such path: /api/v1/nope");
        assertError(server().get("/api/v1/query/"), 404, "not_found", "no such path: /api/v1/query/");
        assertMethod("GET", WRITE, "POST");
        assertMethod("DELETE", "/api/v1/query", "GET, HEAD, POST");
        assertMethod("PUT", "/-/ready", "GET, HEAD");
        assertMethod("BREW", "/", "GET, HEAD");
        assertError(server().get("/api/v1/query?query=%ff"), 400, "bad_data", "a parameter is not UTF-8 text: %ff");
        assertError(
                server().post("/api/v1/admin/tsdb/flush", "text/plain", new byte[0]),
                403,
                "unavailable",
                "the admin API is not enabled: start the server with --web.enable-admin-api");
        assertError(
                server().post(
                                "/api/v1/admin/tsdb/delete_series",
                                "application/x-www-form-urlencoded",
                                "match[]=up".getBytes(StandardCharsets.UTF_8)),
                403,
                "unavailable",
                "the admin API is not enabled: start the server with --web.enable-admin-api");
    }

    private void assertMethod(String method, String path, String allowed) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(method, path, new byte[0], false);
        assertError(answer, 405, "bad_data", "method not allowed: " + method + " " + path);
        assertThat(answer.headers().firstValue("Allow")).contains(allowed);
    }

    @Test
    void requestsThatAreNotHttp() throws IOException {
        assertThat(raw("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("malformed request");
        assertThat(raw("GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(raw("\u0000\u0001nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(raw("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 414 ")
                .contains("the request line is longer than 16384 bytes: send the parameters as a form by POST");
        assertThat(raw("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ")
                .contains("the headers are longer than 16384 bytes");
    }

    private String raw(String request) throws IOException {
        URI uri = URI.create(server().url());
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            byte[] head = new byte[2_048];
            int length = socket.getInputStream().readNBytes(head, 0, 12);
            int more = socket.getInputStream().read(head, length, head.length - length);
            return new String(head, 0, length + Math.max(0, more), StandardCharsets.UTF_8);
        }
    }

    private HttpResponse<String> ask(String expression) throws IOException, InterruptedException {
        byte[] form = ("query=" + ServerProcess.encode(expression)).getBytes(StandardCharsets.US_ASCII);
        return server().post("/api/v1/query", "application/x-www-form-urlencoded", form);
    }

    private void assertParseError(String expression, String message) throws IOException, InterruptedException {
        assertError(ask(expression), 400, "bad_data", "invalid parameter \"query\": " + message);
    }

    @Test
    void queriesThatDoNotParse() throws IOException, InterruptedException {
        assertParseError("", "unknown position: parse error: no expression found in input");
        assertParseError("sum(", "1:5: parse error: unexpected end of input\n  sum(\n      ^");
        assertParseError("foo(", "1:1: parse error: unknown function with name \"foo\"\n  foo(\n  ^");
        assertParseError(
                "rate(m)",
                "1:6: parse error: expected type range vector in call to function \"rate\", got instant vector\n"
                        + "  rate(m)\n       ^");
        assertParseError(
                "{a=~\".*\"}",
                "1:1: parse error: vector selector must contain at least one non-empty matcher\n  {a=~\".*\"}\n  ^");
        assertParseError("m{a=\"b\"}}", "1:9: parse error: unexpected \"}\"\n  m{a=\"b\"}}\n          ^");
        HttpResponse<String> deep = ask("(".repeat(5_000) + "1" + ")".repeat(5_000));
        assertThat(deep.statusCode()).isEqualTo(400);
        assertThat(deep.body()).contains("1:257: parse error: expression nested too deeply: limit=256");
        assertThat(ask("-".repeat(20_000) + "1").statusCode()).isEqualTo(400);
        assertError(
                server().get("/api/v1/series?match[]=sum(m)".replace("[", "%5B").replace("]", "%5D")),
                400,
                "bad_data",
                "invalid parameter \"match[]\": not a series selector: sum(m)");
        assertError(
                server().get("/api/v1/query?query=m&time=abc"),
                400,
                "bad_data",
                "invalid parameter \"time\": cannot parse \"abc\" to a valid timestamp");
    }

    @Test
    void queriesThatWouldReadTooMuch() throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 1_200; i++) {
            lines.append("big ").append(i).append(' ').append(base + i).append('\n');
        }
        assertThat(server().importText(lines.toString()).statusCode()).isEqualTo(204);
        assertError(
                ask("count_over_time(big[10m])"),
                422,
                "execution",
                "query would load too many samples: limit=1000, use a narrower range or raise limits.query_samples");
        String range = "/api/v1/query_range?query=1&start=0&step=1&end=";
        assertThat(server().get(range + 11_000).statusCode()).isEqualTo(200); // as Prometheus: 11,000 steps
        assertError(
                server().get(range + 11_001),
                400,
                "bad_data",
                "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution"
                        + " (?step=XX)");
        assertError(
                server().get("/api/v1/query_range?query=1&start=0&end=1&step=0"),
                400,
                "bad_data",
                "invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a"
                        + " positive integer");
    }
}
