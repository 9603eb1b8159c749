package io.varve.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.model.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class HttpServerTest {

    private static final int BODY_BYTES = 1_000;

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final CompletableFuture<Boolean> noticed = new CompletableFuture<>();
    private final List<String> observed = Collections.synchronizedList(new ArrayList<>());
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private HttpServer server = server(0);

    private HttpServer server(int port) {
        Router router = new Router()
                .query(
                        "/echo",
                        exchange -> exchange.respond(
                                HttpAnswer.text(200, exchange.parameters().first("a") + "|" + exchange.client())))
                .route(
                        "POST",
                        "/body",
                        exchange -> exchange.respond(HttpAnswer.text(
                                200, Integer.toString(exchange.body().length()))))
                .route("GET", "/long", exchange -> exchange.respond(HttpAnswer.text(200, "x".repeat(100_000))))
                .route("GET", "/late", exchange -> new Thread(() -> exchange.respond(HttpAnswer.text(200, "late")))
                        .start())
                .route("GET", "/slow", this::slow)
                .route("GET", "/watched", this::watched)
                .route("GET", "/bug", exchange -> {
                    throw new IllegalStateException("a bug");
                })
                .route("GET", "/problem", exchange -> {
                    throw HttpProblem.busy("say \"please\"\n", 7);
                });
        HttpServer server = new HttpServer(
                new HttpSettings("127.0.0.1", port, 12, BODY_BYTES, Duration.ofSeconds(20)),
                TimeSource.system(),
                (method, route, status, nanos) -> observed.add(method + " " + route + " " + status));
        server.serve(router);
        return server;
    }

    private void slow(HttpExchange exchange) {
        entered.countDown();
        await(release);
        exchange.respond(HttpAnswer.text(200, "done"));
    }

    private void watched(HttpExchange exchange) {
        entered.countDown();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        while (!exchange.clientGone() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        noticed.complete(exchange.clientGone());
        exchange.respond(HttpAnswer.text(200, "watched"));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.stop(Duration.ofSeconds(5));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String raw(String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void answers_get_and_forms() throws Exception {
        assertThat(send(request("/echo?a=b")).body()).isEqualTo("b|127.0.0.1");
        HttpResponse<String> form = send(request("/echo?a=url")
                .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString("a=f%C3%B6rm")));
        assertThat(form.body()).isEqualTo("förm|127.0.0.1");
    }

    @Test
    void answers_from_another_thread() throws Exception {
        assertThat(send(request("/late")).body()).isEqualTo("late");
    }

    @Test
    void head_has_headers_and_no_body() throws Exception {
        HttpResponse<String> head = send(request("/long").method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Length")).hasValue("100000");
        assertThat(head.body()).isEmpty();
    }

    @Test
    void compresses_only_for_who_accepts_it() throws Exception {
        HttpResponse<byte[]> small = client.send(
                request("/long").header("Accept-Encoding", "deflate, gzip").build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(small.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(small.body().length).isLessThan(2_000);
        assertThat(send(request("/long").header("Accept-Encoding", "gzip;q=0")).body())
                .hasSize(100_000);
    }

    @Test
    void unknown_paths_and_methods_are_json_errors() throws Exception {
        HttpResponse<String> unknown = send(request("/nowhere"));
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(unknown.body())
                .isEqualTo("{\"status\":\"error\",\"errorType\":\"not_found\",\"error\":\"no such path: /nowhere\"}");
        HttpResponse<String> wrong = send(request("/body"));
        assertThat(wrong.statusCode()).isEqualTo(405);
        assertThat(wrong.headers().firstValue("Allow")).hasValue("POST");
    }

    @Test
    void problems_become_answers() throws Exception {
        HttpResponse<String> problem = send(request("/problem"));
        assertThat(problem.statusCode()).isEqualTo(503);
        assertThat(problem.headers().firstValue("Retry-After")).hasValue("7");
        assertThat(problem.body()).endsWith("\"error\":\"say \\\"please\\\"\\n\"}");
    }

    @Test
    void a_bug_is_500_and_the_server_lives_on() throws Exception {
        assertThat(send(request("/bug")).statusCode()).isEqualTo(500);
        assertThat(send(request("/echo?a=1")).statusCode()).isEqualTo(200);
    }

    @Test
    void bodies_are_limited_announced_or_not() throws Exception {
        byte[] fits = new byte[BODY_BYTES];
        byte[] large = new byte[BODY_BYTES + 1];
        assertThat(send(request("/body").POST(HttpRequest.BodyPublishers.ofByteArray(fits)))
                        .body())
                .isEqualTo("1000");
        assertThat(send(request("/body").POST(HttpRequest.BodyPublishers.ofByteArray(large)))
                        .statusCode())
                .isEqualTo(413);
        assertThat(send(request("/body")
                                .POST(HttpRequest.BodyPublishers.ofInputStream(
                                        () -> new java.io.ByteArrayInputStream(large))))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void a_refusal_reaches_a_client_that_sends_its_whole_body_first() throws Exception {
        for (int round = 0; round < 20; round++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.setSoTimeout(15_000);
                socket.getOutputStream()
                        .write("POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n"
                                .getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().write(new byte[4_000_000]);
                socket.getOutputStream().flush();
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .contains(" 413 ")
                        .contains("\"error\"");
            }
        }
    }

    @Test
    void hostile_requests_are_refused_as_json() throws Exception {
        assertThat(raw("GET /echo?a=%zz HTTP/1.0\r\n\r\n")).contains(" 400 ").contains("\"errorType\":\"bad_data\"");
        assertThat(raw("GET /echo HTTP/1.0\r\nX: " + "y".repeat(40_000) + "\r\n\r\n"))
                .contains(" 431 ");
        assertThat(raw("nonsense\r\n\r\n")).contains(" 400 ");
        assertThat(raw("GET /a%2fb/%2e%2e/c HTTP/1.0\r\n\r\n")).contains("\"status\":\"error\"");
        assertThat(raw("POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"))
                .contains(" 413 ");
        assertThat(send(request("/echo?a=1")).statusCode()).isEqualTo(200);
    }

    @Test
    void a_client_that_hangs_up_is_noticed() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write("GET /watched HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            await(entered);
        }
        assertThat(noticed.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void looking_for_the_client_loses_no_pipelined_request() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(15_000);
            String second = "GET /echo?a=second HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write("GET /watched HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            await(entered);
            Thread.sleep(200); // the look ahead happens every 50 ms
            socket.getOutputStream().write(second.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answers).contains("watched").contains("second|127.0.0.1");
        }
    }

    @Test
    void stopping_finishes_what_is_in_flight_and_refuses_the_rest() throws Exception {
        CompletableFuture<HttpResponse<String>> slow =
                client.sendAsync(request("/slow").build(), HttpResponse.BodyHandlers.ofString());
        await(entered);
        CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(() -> server.stop(Duration.ofSeconds(10)));
        int status = 200;
        while (status == 200) {
            status = send(request("/echo?a=1")).statusCode();
        }
        assertThat(status).isEqualTo(503);
        release.countDown();
        assertThat(slow.get(10, TimeUnit.SECONDS).body()).isEqualTo("done");
        assertThat(stopped.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(observed).contains("GET /slow 200", "GET  503");
    }

    @Test
    void a_taken_port_is_named_with_its_cure() {
        assertThatThrownBy(() -> server(server.port()).start())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the port is taken")
                .hasMessageContaining("--listen 127.0.0.1:" + (server.port() + 1));
    }
}
