package io.varve.server;

import static io.varve.server.ServerUnderTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Labels;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.server.cli.Programs;
import io.varve.server.cli.VarveCli;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/anomalies.md do what the page says, over series of the names that it uses. */
@Timeout(120)
final class AnomaliesCommandsTest {

    private static final Pattern BACKTEST = Pattern.compile("(?m)^ {4}varve (backtest .*)$");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final Pattern CORRELATE =
            Pattern.compile("/api/v1/correlate --data-urlencode 'query=([^']*)'[^`]*?-d limit=(\\d+)");

    private static final int SAMPLES = 1_500;
    private static final long STEP_MS = 60_000;
    private static final String END = Long.toString(SAMPLES * STEP_MS / 1_000);

    @TempDir
    private Path directory;

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "anomalies.md"));
    }

    /** Words of a command line with times and places that there are. */
    private List<String> words(String line, String url, Path store) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2));
        }
        for (String time : List.of("--start", "--end")) {
            int at = words.indexOf(time) + 1;
            assertThat(at).as(line).isPositive();
            if (!words.get(at).equals("…")) {
                assertThat(Instant.parse(words.get(at))).isNotNull();
            }
            words.set(at, time.equals("--start") ? "0" : END);
        }
        int data = words.indexOf("--data") + 1;
        if (data > 0) {
            words.set(data, store.toString());
        } else {
            words.addAll(List.of("--url", url));
        }
        return words;
    }

    private static void fill(ServerUnderTest server) throws IOException {
        Random random = new Random(3);
        StringBuilder text = new StringBuilder();
        long requests = 0;
        for (int i = 0; i < SAMPLES; i++) {
            long time = i * STEP_MS;
            requests += 50 + random.nextInt(9);
            boolean bad = i >= SAMPLES - 10;
            text.append("http_requests_in_flight{job=\"api\"} " + random.nextInt(9) + " " + time + "\n");
            text.append("http_requests_total{job=\"api\"} " + requests + " " + time + "\n");
            text.append("http_errors:rate1m{job=\"api\"} " + ((bad ? 9 : 0) + random.nextDouble()) + " " + time + "\n");
            text.append("disk_seconds{disk=\"a\"} " + ((bad ? 5 : 1) + random.nextDouble()) + " " + time + "\n");
            text.append("disk_seconds{disk=\"b\"} " + (1 + random.nextDouble()) + " " + time + "\n");
        }
        HttpResponse<String> written = server.importText(text.toString());
        assertThat(written.statusCode()).as(written.body()).isLessThan(300);
    }

    private Path closedStore() throws IOException {
        Path data = directory.resolve("closed");
        try (Tsdb store = Tsdb.open(data, TsdbConfig.defaults());
                Appender appender = store.appender(Durability.WRITTEN)) {
            long series = appender.series(Labels.of("__name__", "node_load1"));
            for (int i = 0; i < SAMPLES; i++) {
                appender.append(series, i * STEP_MS, i % 7);
            }
            appender.commit();
        }
        return data;
    }

    @Test
    void back_tests_of_the_page_run() throws IOException {
        Path store = closedStore();
        try (ServerUnderTest server = ServerUnderTest.start(directory, "")) {
            fill(server);
            Matcher line = BACKTEST.matcher(page());
            int lines = 0;
            while (line.find()) {
                lines++;
                List<String> words = words(line.group(1), server.server().url(), store);
                ByteArrayOutputStream told = new ByteArrayOutputStream();
                PrintStream stream = new PrintStream(told, true, StandardCharsets.UTF_8);
                Programs none = (Programs) Proxy.newProxyInstance(
                        Programs.class.getClassLoader(), new Class<?>[] {Programs.class}, (proxy, method, values) -> 9);
                int code = new VarveCli(none, "Varve", 1L << 30, stream, stream).run(words.toArray(String[]::new));
                String text = told.toString(StandardCharsets.UTF_8);
                assertThat(code).as(text).isZero();
                assertThat(text).contains("total");
            }
            assertThat(lines).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void the_question_of_the_page_finds_the_disk() throws IOException {
        Matcher question = CORRELATE.matcher(page());
        assertThat(question.find()).isTrue();
        try (ServerUnderTest server = ServerUnderTest.start(directory, "")) {
            fill(server);
            String query = URLEncoder.encode(question.group(1), StandardCharsets.UTF_8);
            String range = "&start=" + (Long.parseLong(END) - 1_800) + "&end=" + END + "&step=60";
            JsonNode answer =
                    json(server.get("/api/v1/correlate?query=" + query + range + "&limit=" + question.group(2)));
            assertThat(answer.at("/data/0/metric").toString())
                    .isEqualTo("{\"__name__\":\"disk_seconds\",\"disk\":\"a\"}");
        }
    }
}
