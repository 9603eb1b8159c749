package io.varve.server.it.differential;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Prometheus that scrapes nothing and takes what is written to it. */
public final class PrometheusProcess implements AutoCloseable {

    private final Process process;
    private final Path log;
    private final String url;

    /**
     * Starts it and waits until it is ready.
     *
     * @param program its path
     * @param directory for its data
     */
    public PrometheusProcess(Path program, Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path config = directory.resolve("prometheus.yml");
        Files.writeString(config, "global: {}\n");
        log = directory.resolve("prometheus.log");
        int port = freePort();
        url = "http://127.0.0.1:" + port;
        process = new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--storage.tsdb.retention.time=100y", // the data is of a fixed time
                        "--web.listen-address=127.0.0.1:" + port,
                        "--web.enable-remote-write-receiver",
                        "--log.level=warn")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        awaitReady();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest ready = HttpRequest.newBuilder(URI.create(url + "/-/ready")).build();
        for (int i = 0; i < 600 && process.isAlive(); i++) {
            try {
                if (http.send(ready, BodyHandlers.ofString()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // it does not listen yet
            }
            Thread.sleep(100);
        }
        close();
        throw new AssertionError("Prometheus does not become ready: " + Files.readString(log));
    }

    /** Where it answers. */
    public String url() {
        return url;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
