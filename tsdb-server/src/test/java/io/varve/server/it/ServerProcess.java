package io.varve.server.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The real jar as a process of its own, on a port that the system picks. */
final class ServerProcess implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LISTENING = "listening on ";

    private final Process process;
    private final Thread reader;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> printed = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private String url = "";

    private ServerProcess(Process process) {
        this.process = process;
        reader = new Thread(this::collect, "server-output");
        reader.setDaemon(true);
        reader.start();
    }

    private void collect() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("output ended: " + e.getMessage());
        }
    }

    /** Starts {@code java -jar} with arguments and waits until it listens. */
    static ServerProcess server(Path data, String... more) throws IOException, InterruptedException {
        return start(command(data, more), Duration.ofMinutes(3)); // a busy machine takes its time
    }

    /** The same where SIGHUP is not ignored, as it is below nohup and what it starts. */
    static ServerProcess serverThatHearsHangUps(Path data, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP"));
        command.addAll(command(data, more));
        return start(command, Duration.ofMinutes(3));
    }

    /** Starts the server and ends it as kill -9 does after some milliseconds, however far it is by then. */
    static void killedAfter(Path data, int millis) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(data))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.waitFor(millis, TimeUnit.MILLISECONDS);
        process.destroyForcibly().waitFor();
    }

    private static List<String> command(Path data, String... more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-jar",
                System.getProperty("varve.jar"),
                "server",
                "--listen",
                "127.0.0.1:0",
                "--data",
                data.toString()));
        if (!List.of(more).contains("--config")) {
            command.addAll(List.of("--shards", "1")); // paths of files that a test looks at hang on it
        }
        command.addAll(List.of(more));
        return command;
    }

    /** What a process that ended by itself said. */
    record Ended(int code, String output) {}

    /** Runs the jar with arguments that it should refuse, and waits for its end. */
    static Ended refused(List<String> prefix, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                System.getProperty("varve.jar")));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("did not end within a minute: " + command);
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("WARNING: ")) // newer JVMs warn of what libraries call
                .collect(Collectors.joining("\n"));
        return new Ended(process.exitValue(), output);
    }

    /** Starts a command that prints where it listens. */
    static ServerProcess start(List<String> command, Duration patience) throws IOException, InterruptedException {
        ServerProcess server = new ServerProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
        server.url = server.awaitLine(LISTENING, patience);
        return server;
    }

    /** The rest of the first line that contains a text. */
    String awaitLine(String text, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            String line = lines.poll(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (line == null) {
                close();
                throw new AssertionError("no line with '" + text + "' within " + patience + " in: " + printed);
            }
            printed.add(line);
            int at = line.indexOf(text);
            if (at >= 0) {
                return line.substring(at + text.length()).trim();
            }
        }
    }

    String url() {
        return url;
    }

    /** Everything printed so far. */
    List<String> printed() {
        List<String> rest = new ArrayList<>();
        lines.drainTo(rest);
        printed.addAll(rest);
        return printed;
    }

    Process process() {
        return process;
    }

    HttpResponse<String> get(String pathAndQuery) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(url + pathAndQuery))
                        .timeout(Duration.ofSeconds(60))
                        .build(),
                BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String contentType, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** Imports lines of the text format. */
    HttpResponse<String> importText(String lines) throws IOException, InterruptedException {
        return post("/api/v1/import/prometheus", "text/plain", lines.getBytes(StandardCharsets.UTF_8));
    }

    /** The whole answer of an instant query, warnings included. */
    JsonNode ask(String expression) throws IOException, InterruptedException {
        return JSON.readTree(get("/api/v1/query?query=" + encode(expression)).body());
    }

    /** The data of an instant query's answer. */
    JsonNode query(String expression, String time) throws IOException, InterruptedException {
        return data(get("/api/v1/query?query=" + encode(expression) + "&time=" + time));
    }

    static JsonNode data(HttpResponse<String> response) throws IOException {
        JsonNode answer = JSON.readTree(response.body());
        if (response.statusCode() != 200 || !answer.path("status").asText().equals("success")) {
            throw new AssertionError(response.statusCode() + ": " + response.body());
        }
        return answer.path("data");
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Ends the process as kill -9 does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends the process as SIGTERM does; its exit code. */
    int terminate() throws InterruptedException {
        process.toHandle().destroy(); // Process.destroy would close the output as well
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("did not end within a minute: " + printed());
        }
        reader.join(5_000); // its last lines
        return process.exitValue();
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
