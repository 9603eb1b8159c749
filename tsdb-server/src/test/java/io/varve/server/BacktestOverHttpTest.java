package io.varve.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code varve backtest} over a whole server and over a store that is closed. */
@Timeout(120)
final class BacktestOverHttpTest {

    private static final int SAMPLES = 2_000;
    private static final long STEP_MS = 60_000;
    private static final String NOBODY = "http://127.0.0.1:1";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    /** Noise, and a shift of half an hour at sample 1,500 of the series that has one. */
    private static double value(boolean isShifted, int i) {
        return new Random(i).nextGaussian() + (isShifted && i >= 1_500 && i < 1_530 ? 30 : 0);
    }

    private static void fill(ServerUnderTest server) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String host : new String[] {"calm", "shifted"}) {
            for (int i = 0; i < SAMPLES; i++) {
                double value = value(host.equals("shifted"), i);
                text.append("load{host=\"" + host + "\"} " + value + " " + i * STEP_MS + "\n");
            }
        }
        HttpResponse<String> written = server.importText(text.toString());
        assertThat(written.statusCode()).as(written.body()).isLessThan(300);
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        Programs none = (Programs) Proxy.newProxyInstance(
                Programs.class.getClassLoader(), new Class<?>[] {Programs.class}, (proxy, method, values) -> 9);
        return new VarveCli(
                        none,
                        "Varve",
                        1L << 30,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(arguments);
    }

    private String told() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void a_server_is_asked_for_samples_and_for_an_expression() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "")) {
            fill(server);
            String url = server.server().url();
            String[] load = {
                "backtest", "load", "--url", url, "--start", "0", "--end", "120000", "--for", "2m", "--json"
            };
            assertThat(run(load)).as(told()).isZero();
            JsonNode raw = json();
            assertThat(raw.at("/total/samples").asInt()).isEqualTo(2 * SAMPLES);
            assertThat(raw.at("/series/0/series").asText()).isEqualTo("load{host=\"shifted\"}");
            assertThat(raw.at("/series/0/alerts").asInt()).isPositive();
            assertThat(raw.at("/series/0/highest").toString()).contains("1970-01-02T01:0"); // minute 1,500
            String[] sum = {"backtest", "sum(load)", "--url", url, "--start", "0", "--end", "119940", "--step", "1m"};
            assertThat(run(sum)).as(told()).isZero();
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .startsWith("sum(load), consensus from 1970-01-01T00:00:00Z")
                    .contains("\n{} ", "total", "1 series");
        }
    }

    @Test
    void mistakes_are_told_in_one_line() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "")) {
            fill(server);
            String url = server.server().url();
            String[][] refused = {
                {"sum(load)", "an expression that is more than a selector needs --step", "1"},
                {"load{", "cannot read load{: ", "1"},
                {"absent_metric", "no samples of absent_metric in that time", "1"},
            };
            for (String[] one : refused) {
                int code = run("backtest", one[0], "--url", url, "--start", "0", "--end", "120000");
                assertThat(told()).startsWith("varve: ").contains(one[1]).hasLineCount(1);
                assertThat(code).isEqualTo(Integer.parseInt(one[2]));
            }
        }
        String[][] unsound = {
            {"--end", "nonsense", "--end is no time: nonsense"},
            {"--end", "1e999999999", "--end is no time: 1e999999999"},
            {"--end", "-3", "--end must be after --start"},
            {"--detector", "oracle", "no such detector: oracle; there are consensus, onsets, forest"},
            {"--for", "soon", "--for: not a duration"},
            {"--step", "-1s", "--step: not a duration"},
            {"--threshold", "high", "--threshold is no number: high"},
            {"--threshold", "0", "--threshold must be above 0"},
            {"--data", "x", "either --data or --url"},
        };
        for (String[] one : unsound) {
            List<String> arguments = new ArrayList<>(List.of("backtest", "load", "--url", NOBODY, "--start", "0"));
            arguments.addAll(one[0].equals("--end") ? List.of() : List.of("--end", "9"));
            arguments.addAll(List.of(one[0], one[1]));
            int code = run(arguments.toArray(String[]::new));
            assertThat(told()).startsWith("varve: ").contains(one[2]).hasLineCount(1);
            assertThat(code).as(one[2]).isEqualTo(2);
        }
        assertThat(run("backtest", "load", "--end", "9")).isEqualTo(2);
        assertThat(told()).contains("a back-test needs --start and --end");
        assertThat(run("backtest", "load", "--url", NOBODY, "--start", "0", "--end", "9"))
                .isEqualTo(1);
        assertThat(told()).contains("cannot reach http://127.0.0.1:1");
    }

    @Test
    void a_store_that_nobody_has_open_is_read_from_its_directory() throws IOException {
        Path data = directory.resolve("store");
        try (Tsdb store = Tsdb.open(data, TsdbConfig.defaults());
                Appender appender = store.appender(Durability.WRITTEN)) {
            long series = appender.series(Labels.of("__name__", "load", "host", "shifted"));
            for (int i = 0; i < SAMPLES; i++) {
                appender.append(series, i * STEP_MS, value(true, i));
            }
            appender.commit();
        }
        String[] question = {"backtest", "load", "--start", "0", "--end", "120000", "--json", "--data"};
        String[] here = Arrays.copyOf(question, question.length + 1);
        here[question.length] = data.toString();
        assertThat(run(here)).as(told()).isZero();
        assertThat(json().at("/total/samples").asInt()).isEqualTo(SAMPLES);
        assertThat(json().at("/series/0/highest").toString()).contains("1970-01-02T01:0");
        here[question.length] = directory.resolve("nowhere").toString();
        assertThat(run(here)).isEqualTo(1);
        assertThat(told()).contains("there is no store");
        assertThat(Files.exists(directory.resolve("nowhere"))).isFalse();
    }
}
