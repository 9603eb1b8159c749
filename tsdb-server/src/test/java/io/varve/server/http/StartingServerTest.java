package io.varve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Before it has doors the server is alive, not ready, and sends writers away with something to come back for. */
class StartingServerTest {

    private final HttpServer server = new HttpServer(
            new HttpSettings("127.0.0.1", 0, 12, 1 << 20, Duration.ofSeconds(20)),
            TimeSource.system(),
            (method, route, status, nanos) -> {});

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    @Test
    void answersWhileTheLogIsRead() throws IOException, InterruptedException {
        server.start();
        try {
            HttpResponse<String> ready = get("/-/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.headers().firstValue("Retry-After")).contains("1");
            assertThat(ready.body()).contains("the server is starting");
            assertThat(get("/-/healthy").statusCode()).isEqualTo(200);
            assertThat(get("/api/v1/write").statusCode()).isEqualTo(503);
            server.serve(
                    new Router().route("GET", "/-/ready", exchange -> exchange.respond(HttpAnswer.text(200, "y"))));
            assertThat(get("/-/ready").statusCode()).isEqualTo(200);
        } finally {
            server.stop(Duration.ofSeconds(1));
        }
    }
}
