package io.varve.server.rules.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeSource;
import io.varve.server.relabel.RelabelAction;
import io.varve.server.relabel.RelabelRule;
import io.varve.server.relabel.Relabeling;
import io.varve.server.rules.notify.Receiver.Format;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Receivers of every kind of temper. */
@Timeout(120)
class NotifierTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");

    private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();
    private HttpServer server;
    private Notifier notifier;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(NotifierTest::daemon));
        server.start();
        notifier = new Notifier(
                new NotifierMetrics() {
                    @Override
                    public void sent(String receiver, int notifications) {
                        sent.addAndGet(notifications);
                    }

                    @Override
                    public void failed(String receiver) {
                        failed.incrementAndGet();
                    }

                    @Override
                    public void dropped(String receiver, int notifications) {
                        dropped.addAndGet(notifications);
                    }
                },
                TimeSource.system(),
                NotifierTest::daemon);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }

    @AfterEach
    void stop() {
        notifier.close();
        server.stop(0);
    }

    private Receiver receiver(String path, Format format) {
        int port = server.getAddress().getPort();
        return new Receiver(format, URI.create("http://127.0.0.1:" + port + path), TIMEOUT, Relabeling.NONE);
    }

    /** Answers with the statuses in turn, the last one from then on; 200 puts the body into the queue. */
    private void answers(String path, int... statuses) {
        AtomicInteger next = new AtomicInteger();
        server.createContext(path, exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            int status = statuses[Math.min(next.getAndIncrement(), statuses.length - 1)];
            if (status == 200) {
                bodies.add(new String(body, StandardCharsets.UTF_8));
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
    }

    private static Notification notification(String name, boolean resolved) {
        return new Notification(
                Labels.of("alertname", name, "host", "x"),
                Map.of("summary", "a \"b\""),
                START,
                START.plusSeconds(240),
                resolved,
                "http://v/graph");
    }

    private String body() throws InterruptedException {
        String body = bodies.poll(30, TimeUnit.SECONDS);
        assertThat(body).isNotNull();
        return body;
    }

    @Test
    void bothFormats() throws InterruptedException {
        answers("/api/v2/alerts", 200);
        notifier.replace(List.of(receiver("/api/v2/alerts", Format.ALERTMANAGER)), "http://v");
        notifier.accept(List.of(notification("A", false)));
        assertThat(body())
                .isEqualTo("[{\"labels\":{\"alertname\":\"A\",\"host\":\"x\"},"
                        + "\"annotations\":{\"summary\":\"a \\\"b\\\"\"},"
                        + "\"startsAt\":\"2026-01-05T00:00:00Z\",\"endsAt\":\"2026-01-05T00:04:00Z\","
                        + "\"generatorURL\":\"http://v/graph\"}]");
        answers("/hook", 200);
        notifier.replace(List.of(receiver("/hook", Format.WEBHOOK)), "http://v");
        notifier.accept(List.of(notification("A", false), notification("B", true)));
        assertThat(body())
                .isEqualTo("{\"version\":\"4\",\"groupKey\":\"{}\",\"truncatedAlerts\":0,\"status\":\"firing\","
                        + "\"receiver\":\"webhook\",\"groupLabels\":{},\"commonLabels\":{\"host\":\"x\"},"
                        + "\"commonAnnotations\":{\"summary\":\"a \\\"b\\\"\"},"
                        + "\"externalURL\":\"http://v\",\"alerts\":["
                        + "{\"status\":\"firing\",\"labels\":{\"alertname\":\"A\",\"host\":\"x\"},"
                        + "\"annotations\":{\"summary\":\"a \\\"b\\\"\"},\"startsAt\":\"2026-01-05T00:00:00Z\","
                        + "\"endsAt\":\"0001-01-01T00:00:00Z\",\"generatorURL\":\"http://v/graph\"},"
                        + "{\"status\":\"resolved\",\"labels\":{\"alertname\":\"B\",\"host\":\"x\"},"
                        + "\"annotations\":{\"summary\":\"a \\\"b\\\"\"},\"startsAt\":\"2026-01-05T00:00:00Z\","
                        + "\"endsAt\":\"2026-01-05T00:04:00Z\",\"generatorURL\":\"http://v/graph\"}]}");
    }

    @Test
    void aReceiverHearsOfAlertsAsRelabelled() throws InterruptedException {
        answers("/am", 200);
        Receiver plain = receiver("/am", Format.ALERTMANAGER);
        Relabeling relabeling = new Relabeling(List.of(
                rule(List.of("alertname"), "B", "", RelabelAction.DROP),
                rule(List.of(), "host", "", RelabelAction.LABELDROP)));
        notifier.replace(List.of(new Receiver(plain.format(), plain.uri(), plain.timeout(), relabeling)), "");
        notifier.accept(List.of(notification("B", false), notification("A", false)));
        assertThat(body()).contains("\"labels\":{\"alertname\":\"A\"}").doesNotContain("\"B\"");
    }

    private static RelabelRule rule(List<String> sources, String regex, String target, RelabelAction action) {
        return new RelabelRule(new RelabelRule.Setting(sources, ";", regex, 0, target, "$1", action));
    }

    @Test
    void whatPassesIsTriedAgainWithTheNewestWord() throws InterruptedException {
        answers("/am", 503, 429, 200);
        notifier.replace(List.of(receiver("/am", Format.ALERTMANAGER)), "");
        notifier.accept(List.of(notification("A", false), notification("B", false)));
        while (failed.get() == 0) {
            Thread.onSpinWait();
        }
        notifier.accept(List.of(notification("A", true), notification("C", false)));
        String body = body();
        assertThat(body).contains("\"B\"", "\"A\"");
        while (sent.get() < 3) {
            Thread.onSpinWait();
        }
        assertThat(dropped).hasValue(0);
    }

    @Test
    void whatIsRefusedIsGivenUp() throws InterruptedException {
        answers("/am", 400, 200);
        notifier.replace(List.of(receiver("/am", Format.ALERTMANAGER)), "");
        notifier.accept(List.of(notification("A", false)));
        while (dropped.get() == 0) {
            Thread.onSpinWait();
        }
        notifier.accept(List.of(notification("B", false)));
        assertThat(body()).contains("\"B\"").doesNotContain("\"A\"");
    }

    @Test
    void aRedirectionIsNotFollowed() {
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "/am");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        answers("/am", 200);
        notifier.replace(List.of(receiver("/moved", Format.ALERTMANAGER)), "");
        notifier.accept(List.of(notification("A", false)));
        while (dropped.get() == 0) {
            Thread.onSpinWait();
        }
        assertThat(bodies).isEmpty();
    }

    @Test
    void endlessAndSilentReceiversHoldUpNoOther() throws InterruptedException {
        server.createContext("/endless", NotifierTest::endless);
        server.createContext("/silent", exchange -> {
            exchange.sendResponseHeaders(500, 100);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush(); // and nothing more
        });
        answers("/am", 200);
        notifier.replace(
                List.of(
                        receiver("/endless", Format.ALERTMANAGER),
                        receiver("/silent", Format.ALERTMANAGER),
                        receiver("/am", Format.ALERTMANAGER)),
                "");
        notifier.accept(List.of(notification("A", false)));
        assertThat(body()).contains("\"A\"");
        while (failed.get() < 2) {
            Thread.onSpinWait();
        }
    }

    private static void endless(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(500, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            byte[] noise = new byte[1 << 16];
            while (true) {
                out.write(noise);
            }
        } catch (IOException e) {
            exchange.close(); // the sender has had enough
        }
    }

    @Test
    void aReceiverThatIsAwayKeepsAsManyAsItsQueueHas() {
        NotificationQueue queue = new NotificationQueue(3, TimeSource.system());
        List<Notification> many = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            many.add(notification("A" + i, false));
        }
        assertThat(queue.add(many)).isEqualTo(2);
        assertThat(queue.add(List.of(notification("A2", true)))).isZero();
        assertThat(queue.size()).isEqualTo(3);
    }

    @Test
    void newerWordStandsBeforeWhatIsPutBack() throws InterruptedException {
        NotificationQueue queue = new NotificationQueue(3, TimeSource.system());
        queue.add(List.of(notification("A", false), notification("B", false)));
        List<Notification> taken = queue.take(10);
        queue.add(List.of(notification("B", true)));
        assertThat(queue.putBack(taken)).isZero();
        assertThat(queue.take(10)).containsExactly(notification("A", false), notification("B", true));
    }
}
