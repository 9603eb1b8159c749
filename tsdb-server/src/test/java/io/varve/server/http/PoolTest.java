package io.varve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.TimeSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections and threads are told as they are while more requests come than there are threads. */
@Timeout(60)
class PoolTest {

    @Test
    void requests_beyond_the_threads_wait_and_are_counted() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger inFlight = new AtomicInteger();
        RequestObserver observer = new RequestObserver() {
            @Override
            public void began(String route) {
                assertThat(route).isEqualTo("/wait");
                inFlight.incrementAndGet();
            }

            @Override
            public void answered(String method, String route, int status, long nanos) {
                inFlight.decrementAndGet();
            }
        };
        HttpServer server = new HttpServer(
                new HttpSettings("127.0.0.1", 0, 6, 1 << 10, Duration.ofSeconds(60)), TimeSource.system(), observer);
        server.serve(new Router().route("GET", "/wait", exchange -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            exchange.respond(HttpAnswer.text(200, "done"));
        }));
        server.start();
        try {
            assertThat(server.connections()).isZero();
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/wait"))
                    .build();
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                answers.add(client.sendAsync(request, BodyHandlers.ofString()));
            }
            while (inFlight.get() == 0
                    || server.queued() == 0
                    || server.busyThreads() < 6
                    || server.idleThreads() > 0) {
                Thread.onSpinWait();
            }
            assertThat(server.connections()).isPositive();
            assertThat(inFlight.get()).isLessThan(6);
            release.countDown();
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.join().body()).isEqualTo("done");
            }
            while (inFlight.get() > 0 || server.queued() > 0) {
                Thread.onSpinWait();
            }
        } finally {
            release.countDown();
            server.stop(Duration.ofSeconds(5));
        }
    }
}
