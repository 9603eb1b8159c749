package io.varve.server.rules.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeSource;
import io.varve.server.relabel.Relabeling;
import io.varve.server.rules.notify.Receiver.Format;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An Alertmanager that is down for an hour, by a clock that pauses alone move, or that answers nonsense. */
@Timeout(120)
class NotifierOutageTest {

    private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
    private static final long HOUR = Duration.ofHours(1).toNanos();

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();
    private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
    private volatile LongFunction<String> answers = time -> "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private ServerSocket socket;
    private Notifier notifier;

    @BeforeEach
    void start() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::serve).start();
        TimeSource clock = TimeSource.of(() -> START.getEpochSecond() * 1_000_000_000L + nanos.get(), nanos::get);
        notifier = new Notifier(new Counting(), clock, NotifierOutageTest::daemon, this::pause);
        URI uri = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/api/v2/alerts");
        notifier.replace(
                List.of(new Receiver(Format.ALERTMANAGER, uri, Duration.ofSeconds(5), Relabeling.NONE)), "http://v");
    }

    @AfterEach
    void stop() throws IOException {
        notifier.close();
        socket.close();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }

    /** What is counted. */
    private final class Counting implements NotifierMetrics {

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
    }

    /** One request a connection: reads it, answers as it should, hangs up. */
    private void serve() {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                String request = read(connection.getInputStream());
                asked.incrementAndGet();
                String answer = answers.apply(nanos.get());
                if (answer.startsWith("HTTP/1.1 200")) {
                    bodies.add(request);
                }
                connection.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                // the client has hung up, or the test ends
            }
        }
    }

    /** The body of a request. */
    private static String read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        String lower = head.toString().toLowerCase(java.util.Locale.ROOT);
        int at = lower.indexOf("content-length:");
        int length = at < 0
                ? 0
                : Integer.parseInt(
                        lower.substring(at + 15, lower.indexOf('\r', at)).strip());
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /** Time goes on while the sender waits; each minute the rules tell of what fires, and of what has ended. */
    private void pause(NotificationQueue queue, long millis) {
        long before = nanos.getAndAdd(millis * 1_000_000) / 60_000_000_000L;
        long now = nanos.get() / 60_000_000_000L;
        if (now > before) {
            List<Notification> news = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                news.add(notification("A" + i, i < 100 && now >= 10));
            }
            queue.add(news);
        }
    }

    private static Notification notification(String name, boolean resolved) {
        Instant end = resolved ? START.plusSeconds(600) : START.plusSeconds(7_200);
        return new Notification(Labels.of("alertname", name), Map.of(), START, end, resolved, "http://v/graph");
    }

    @Test
    void afterAnHourTheNewestWordOnEachAlertComesAndNothingIsLost() throws IOException, InterruptedException {
        answers = time -> time < HOUR
                ? "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
                : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        notifier.accept(List.of(notification("A0", false)));
        int told = 0;
        int ended = 0;
        while (told < 500) {
            for (JsonNode alert : new ObjectMapper().readTree(bodies.poll(60, TimeUnit.SECONDS))) {
                told++;
                ended += alert.path("endsAt").asText().equals("2026-01-05T00:10:00Z") ? 1 : 0;
            }
        }
        assertThat(told).isEqualTo(500);
        assertThat(ended).isEqualTo(100);
        assertThat(failed.get()).isBetween(120, 130); // half a second, one, two, … then twice a minute
        assertThat(dropped).hasValue(0);
        assertThat(nanos.get()).isBetween(HOUR, HOUR + 60_000_000_000L);
    }

    @Test
    void nonsenseIsTriedAgainAndNeverTakenForAnAnswer() throws InterruptedException {
        List<String> nonsense = List.of(
                "\u0000\u0001\u0002 nothing that HTTP knows\r\n\r\n",
                "",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/9.9 200 OK\r\n\r\n",
                "HTTP/1.1 500 \r\nContent-Length: -5\r\n\r\n",
                "HTTP/1.1 500 Oops\r\nContent-Length: 10\r\n\r\nshort",
                "HTTP/1.1 503 x\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
                "HTTP/1.1 429 x\r\n" + "X: y\r\n".repeat(100_000) + "\r\n",
                "HTTP/1.1 599 Whatever\r\nContent-Length: 3\r\n\r\n{]}");
        AtomicInteger next = new AtomicInteger();
        answers = time -> {
            int at = next.getAndIncrement();
            return at < nonsense.size()
                    ? nonsense.get(at)
                    : "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nnonsense!"; // taken all the same: only its status
            // counts
        };
        notifier.accept(List.of(notification("A", false)));
        assertThat(bodies.poll(60, TimeUnit.SECONDS)).contains("\"alertname\":\"A\"");
        while (sent.get() == 0) {
            Thread.onSpinWait();
        }
        assertThat(failed.get()).isEqualTo(nonsense.size());
        assertThat(dropped).hasValue(0);
    }
}
