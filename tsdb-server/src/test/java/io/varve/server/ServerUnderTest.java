package io.varve.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.core.TsdbRuntime;
import io.varve.core.model.TimeSource;
import io.varve.server.api.BuildInfo;
import io.varve.server.config.ConfigFile;
import io.varve.server.config.ConfigValues;
import io.varve.server.config.ServerConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A whole server in this process, on a free port, with a configuration file and a clock that a test can set. */
final class ServerUnderTest implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final AtomicLong jumped = new AtomicLong();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path file;
    private final RunningServer server;

    private ServerUnderTest(Path directory, boolean admin, String yaml) throws IOException {
        file = directory.resolve("varve.yml");
        configure(yaml);
        TimeSource clock =
                TimeSource.of(() -> TimeSource.system().epochNanos() + jumped.get(), () -> TimeSource.system()
                        .nanoTime());
        server = RunningServer.start(
                () -> {
                    ConfigValues values = new ConfigValues();
                    values.put("listen", "127.0.0.1:0", "test");
                    values.put("shards", "1", "test");
                    values.put("data", directory.resolve("data").toString(), "test");
                    ConfigFile.read(file, values);
                    return ServerConfig.from(values, 1L << 30, admin);
                },
                new BuildInfo("1.2.3", "abc", 1),
                TsdbRuntime.create(clock));
    }

    static ServerUnderTest start(Path directory, String yaml) throws IOException {
        return new ServerUnderTest(directory, true, yaml);
    }

    static ServerUnderTest withoutAdmin(Path directory) throws IOException {
        return new ServerUnderTest(directory, false, "");
    }

    RunningServer server() {
        return server;
    }

    /** Writes the configuration file. */
    void configure(String yaml) throws IOException {
        Files.writeString(file, yaml);
    }

    /** Somebody sets the wall clock. */
    void jump(java.time.Duration by) {
        jumped.addAndGet(by.toNanos());
    }

    long millis() {
        return (TimeSource.system().epochNanos() + jumped.get()) / 1_000_000L;
    }

    HttpResponse<String> send(String method, String path, byte[] body, String... headers) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    HttpResponse<String> get(String path, String... headers) throws IOException {
        return send("GET", path, new byte[0], headers);
    }

    HttpResponse<String> post(String path) throws IOException {
        return send("POST", path, new byte[0]);
    }

    HttpResponse<String> importText(String text) throws IOException {
        return send(
                "POST",
                "/api/v1/import/prometheus",
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                "Content-Type",
                "text/plain");
    }

    /** The value of a metric on {@code /metrics}, named with its labels as it stands there. */
    double metric(String series) throws IOException {
        String text = get("/metrics").body();
        Matcher found =
                Pattern.compile("(?m)^" + Pattern.quote(series) + " (\\S+)$").matcher(text);
        assertThat(found.find()).as(series).isTrue();
        return Double.parseDouble(found.group(1).replace("+Inf", "Infinity"));
    }

    /** Use against a limit. */
    double ratio(String limit) throws IOException {
        return metric("varve_limit_used_ratio{limit=\"" + limit + "\"}");
    }

    /** A part of the answer about health. */
    JsonNode component(String name) throws IOException {
        for (JsonNode component :
                JSON.readTree(get("/api/v1/status/health").body()).path("data").path("components")) {
            if (component.path("name").asText().equals(name)) {
                return component;
            }
        }
        throw new AssertionError("no component " + name);
    }

    String state(String component) {
        try {
            return component(component).path("state").asText();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(5_000_000L);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
