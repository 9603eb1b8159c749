package io.varve.server.scrape.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.varve.core.model.Labels;
import io.varve.server.config.ConfigFile;
import io.varve.server.config.ConfigValues;
import io.varve.server.config.ScrapeConfig;
import io.varve.server.config.ServerConfig;
import io.varve.server.scrape.discovery.Target;
import io.varve.server.scrape.series.ScrapeFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Targets of every kind of temper: each costs its own timeout and its own bytes at most. */
@Timeout(120)
class HttpFetcherTest {

    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    private Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    });
    private final AnswerMemory memory = new AnswerMemory(1 << 20);
    private final HttpFetcher fetcher = new HttpFetcher(threads, memory, "Varve/test");
    private volatile Headers asked = new Headers();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private ScrapeConfig config(String more) throws IOException {
        Path file = directory.resolve("varve.yml");
        Files.writeString(file, "scrape_configs: [{job_name: j" + more + "}]");
        ConfigValues values = new ConfigValues();
        ConfigFile.read(file, values);
        return ServerConfig.from(values, 1L << 30, false).scrapes().jobs().get(0);
    }

    private Target target(String path, Duration timeout) {
        return target(server.getAddress().getPort(), path, timeout);
    }

    private static Target target(int port, String path, Duration timeout) {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return new Target(Labels.EMPTY, Labels.of("a", "b"), uri, Duration.ofMinutes(2), timeout);
    }

    private void answers(String path, int status, byte[] body, String... headers) {
        server.createContext(path, exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private Fetcher.Answer fetch(String path, String more) throws IOException {
        return fetcher.fetch(target(path, PATIENT), config(more)).join();
    }

    private void refused(String path, Duration timeout, String more, String message) throws IOException {
        ScrapeConfig config = config(more);
        assertThatThrownBy(() -> fetcher.fetch(target(path, timeout), config).join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(ScrapeFailure.class)
                .hasMessageContaining(message);
    }

    private void awaitNothingHeld() {
        while (memory.held() != 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void theRequestSaysWhatIsUnderstoodAndWhoAsks() throws IOException {
        server.createContext("/m", exchange -> {
            asked = exchange.getRequestHeaders();
            exchange.getResponseHeaders().add("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, 3);
            exchange.getResponseBody().write("x 1".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        Fetcher.Answer answer = fetch("/m", ", basic_auth: {username: u, password: p}, scrape_native_histograms: true");
        assertThat(new String(answer.body(), 0, answer.length(), StandardCharsets.UTF_8))
                .isEqualTo("x 1");
        assertThat(answer.contentType()).isEqualTo("text/plain");
        assertThat(asked.getFirst("Accept"))
                .startsWith(
                        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited")
                .contains(";q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,")
                .endsWith("text/plain;version=0.0.4;q=0.2,*/*;q=0.1");
        assertThat(asked.getFirst("Accept-encoding")).isEqualTo("gzip");
        assertThat(asked.getFirst("User-agent")).isEqualTo("Varve/test");
        assertThat(asked.getFirst("X-prometheus-scrape-timeout-seconds")).isEqualTo("60.0");
        assertThat(asked.getFirst("Authorization")).isEqualTo("Basic dTpw");
        answer.release().run();
        answer.release().run();
        assertThat(memory.held()).isZero();
        fetch(
                "/m",
                ", enable_compression: false, authorization: {credentials: c}, scrape_protocols: [PrometheusProto]");
        assertThat(asked.getFirst("Accept-encoding")).isEqualTo("identity");
        assertThat(asked.getFirst("Authorization")).isEqualTo("Bearer c");
        assertThat(asked.getFirst("Accept")).contains("encoding=delimited;q=0.2,*/*;q=0.1");
    }

    @Test
    void otherStatusesFailWithoutTheirBodies() throws IOException {
        answers("/gone", 404, new byte[100]);
        server.createContext("/endless", exchange -> endless(exchange, 500));
        refused("/gone", PATIENT, "", "server returned HTTP status 404");
        refused("/endless", PATIENT, "", "server returned HTTP status 500");
    }

    private static void endless(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            byte[] noise = new byte[1 << 16];
            while (true) {
                out.write(noise);
            }
        } catch (IOException e) {
            exchange.close(); // the other side has had enough
        }
    }

    @Test
    void redirectionsAreFollowedIfThatIsAllowedWithoutCredentialsForOthers() throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/m", exchange -> {
            asked = exchange.getRequestHeaders();
            exchange.sendResponseHeaders(200, 1);
            exchange.getResponseBody().write('x');
            exchange.close();
        });
        other.start();
        try {
            answers("/here", 302, new byte[0], "Location", "/there");
            answers(
                    "/there",
                    307,
                    new byte[0],
                    "Location",
                    "http://127.0.0.1:" + other.getAddress().getPort() + "/m");
            assertThat(fetch("/here", ", authorization: {credentials: secret}").length())
                    .isEqualTo(1);
            assertThat(asked).doesNotContainKey("Authorization");
            refused("/here", PATIENT, ", follow_redirects: false", "server returned HTTP status 302");
        } finally {
            other.stop(0);
        }
    }

    @Test
    void redirectionsEnd() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        server.createContext("/loop", exchange -> {
            asked.incrementAndGet();
            exchange.getResponseHeaders().add("Location", "/loop");
            exchange.sendResponseHeaders(301, -1);
            exchange.close();
        });
        answers("/file", 301, new byte[0], "Location", "file:///etc/passwd");
        answers("/bad", 301, new byte[0], "Location", "http://[bad");
        refused("/loop", PATIENT, "", "redirected more than 10 times");
        assertThat(asked).hasValue(11);
        refused("/file", PATIENT, "", "redirected to what is not http");
        refused("/bad", PATIENT, "", "redirected to what is no address");
    }

    @Test
    void aTimeoutCountsToTheLastByte() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        server.createContext("/slow", exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        refused("/slow", SHORT, "", "no whole answer within 300ms");
        awaitNothingHeld();
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ScrapeConfig config = config("");
            Target target = target(silent.getLocalPort(), "/m", SHORT);
            assertThatThrownBy(() -> fetcher.fetch(target, config).join())
                    .hasMessageContaining("no whole answer within 300ms");
        }
        end.countDown();
    }

    @Test
    void anEndlessBodyEndsAtItsLimitAndManyAtThatOfAll() throws IOException {
        server.createContext("/endless", exchange -> endless(exchange, 200));
        refused("/endless", PATIENT, ", body_size_limit: 100KB", "body_size_limit exceeded: limit=102400");
        awaitNothingHeld();
        refused("/endless", PATIENT, "", "too many bytes of answers at a time"); // a MiB for all
        awaitNothingHeld();
    }

    @Test
    void aSlowTargetHoldsUpNoOther() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            answers("/m", 200, new byte[] {'x'});
            ScrapeConfig config = config("");
            List<CompletableFuture<Fetcher.Answer>> waiting = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                waiting.add(fetcher.fetch(target(silent.getLocalPort(), "/m", PATIENT), config));
            }
            assertThat(fetch("/m", "").length()).isEqualTo(1);
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void aServerThatSpeaksNoHttpOrIsNotThereFails() throws Exception {
        int port;
        try (ServerSocket odd = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = odd.getLocalPort();
            threads.execute(() -> {
                try (var socket = odd.accept()) {
                    socket.getOutputStream().write("SSH-2.0-nonsense\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            ScrapeConfig config = config("");
            Target target = target(port, "/m", PATIENT);
            assertThatThrownBy(() -> fetcher.fetch(target, config).join()).hasCauseInstanceOf(ScrapeFailure.class);
        }
        ScrapeConfig config = config("");
        Target gone = target(port, "/m", PATIENT);
        assertThatThrownBy(() -> fetcher.fetch(gone, config).join()).hasCauseInstanceOf(ScrapeFailure.class);
    }

    @Test
    void gzipIsTakenApartUpToALimit() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[1_000_000]);
        }
        byte[] bytes = packed.toByteArray();
        Decompressor decompressor = new Decompressor();
        decompressor.decompress(bytes, bytes.length, 1_000_000);
        assertThat(decompressor.length()).isEqualTo(1_000_000);
        assertThatThrownBy(() -> decompressor.decompress(bytes, bytes.length, 999_999))
                .hasMessage("body_size_limit exceeded: limit=999999");
        assertThatThrownBy(() -> decompressor.decompress(bytes, bytes.length - 20, 1_000_000))
                .hasMessageStartingWith("damaged gzip: ");
        answers("/m", 200, bytes, "Content-Encoding", "gzip");
        assertThat(fetch("/m", "").gzip()).isTrue();
        answers("/br", 200, bytes, "Content-Encoding", "br");
        refused("/br", PATIENT, "", "encoded in a way that was not asked for: br");
        awaitNothingHeldBut(bytes.length);
    }

    private void awaitNothingHeldBut(int bytes) {
        assertThat(memory.held()).isGreaterThanOrEqualTo(bytes);
    }
}
