package io.varve.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.model.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that are made while they are sent. */
@Timeout(60)
final class StreamedAnswerTest {

    private static final byte[] LINE = "0123456789abcde\n".getBytes(StandardCharsets.UTF_8);

    private final AtomicLong made = new AtomicLong();
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpServer server = new HttpServer(
            new HttpSettings("127.0.0.1", 0, 12, 1_000, Duration.ofSeconds(20)),
            TimeSource.system(),
            RequestObserver.NONE);

    @BeforeEach
    void start() throws IOException {
        server.serve(
                new Router().route("GET", "/{bytes}", this::lines).route("GET", "/{bytes}/{fails}", this::failing));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(Duration.ofSeconds(5));
    }

    private void lines(HttpExchange exchange) throws IOException {
        long bytes = Long.parseLong(exchange.pathVariable("bytes"));
        try {
            exchange.respond(HttpAnswer.of(200, HttpAnswer.JSON, new byte[0]), out -> write(out, bytes));
        } catch (IOException e) {
            failed.complete(e);
            throw e;
        }
    }

    private void write(OutputStream out, long bytes) throws IOException {
        for (long i = 0; i < bytes; i += LINE.length) {
            out.write(LINE);
            made.addAndGet(LINE.length);
        }
    }

    private void failing(HttpExchange exchange) throws IOException {
        long bytes = Long.parseLong(exchange.pathVariable("bytes"));
        exchange.respond(HttpAnswer.of(200, HttpAnswer.JSON, new byte[0]), out -> {
            write(out, bytes);
            throw HttpProblem.of(ErrorType.EXECUTION, "no more");
        });
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void assertLines(byte[] body, int bytes) {
        assertThat(body).hasSize(bytes);
        for (int i = 0; i < bytes; i++) {
            if (body[i] != LINE[i % LINE.length]) {
                throw new AssertionError("byte " + i);
            }
        }
    }

    @Test
    void aSmallAnswerHasALengthAndALargeOneComesInPieces() throws IOException, InterruptedException {
        for (int bytes : new int[] {0, 16, 4_096, 8_192, AnswerStream.PIECE - 16, AnswerStream.PIECE}) {
            HttpResponse<byte[]> small = get("/" + bytes);
            assertThat(small.headers().firstValue("Content-Length")).hasValue(Integer.toString(bytes));
            assertLines(small.body(), bytes);
        }
        for (int bytes : new int[] {AnswerStream.PIECE + 16, 3 * AnswerStream.PIECE, 5_000_000}) {
            HttpResponse<byte[]> large = get("/" + bytes);
            assertThat(large.statusCode()).isEqualTo(200);
            assertThat(large.headers().firstValue("Content-Length")).isEmpty();
            assertThat(large.headers().firstValue("Content-Type")).hasValue(HttpAnswer.JSON);
            assertLines(large.body(), bytes);
        }
    }

    @Test
    void aLargeAnswerIsCompressedOnItsWay() throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = get("/5000000", "Accept-Encoding", "gzip");
        assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(answer.body()).hasSizeLessThan(500_000);
        try (InputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(answer.body()))) {
            assertLines(in.readAllBytes(), 5_000_000);
        }
    }

    @Test
    void whatFailsBeforeTheFirstPieceIsAnErrorAndLaterEndsTheConnection() throws IOException, InterruptedException {
        HttpResponse<byte[]> early = get("/1600/x");
        assertThat(early.statusCode()).isEqualTo(422);
        assertThat(new String(early.body(), StandardCharsets.UTF_8)).contains("no more");
        assertThatThrownBy(() -> get("/1000000/x")).isInstanceOf(IOException.class);
        assertThat(get("/16").statusCode()).as("the server goes on").isEqualTo(200);
    }

    @Test
    void noMoreIsMadeThanAClientReads() throws Exception {
        long all = 1L << 40;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setReceiveBufferSize(64 << 10);
            socket.getOutputStream()
                    .write(("GET /" + all + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            assertThat(in.readNBytes(1 << 20)).hasSize(1 << 20);
            long before = -1;
            while (before != made.get()) { // until it waits for the client
                before = made.get();
                Thread.sleep(300);
            }
            assertThat(made.get()).isLessThan(64 << 20);
            assertThat(in.readNBytes(8 << 20)).hasSize(8 << 20);
            while (made.get() == before) {
                Thread.sleep(10);
            }
        }
        assertThat(failed.get(20, TimeUnit.SECONDS)).as("the client went away").isInstanceOf(IOException.class);
    }
}
