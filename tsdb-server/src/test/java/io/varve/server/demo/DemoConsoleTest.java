package io.varve.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.TsdbStatus;
import io.varve.core.model.Labels;
import io.varve.core.model.Resolution;
import io.varve.core.telemetry.Pipeline;
import io.varve.core.telemetry.Telemetry;
import io.varve.query.QueryException;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import io.varve.server.write.FixedTime;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DemoConsoleTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final FixedTime clock = new FixedTime(1_763_780_400_500_000_000L);
    private final Pipeline ingest = Telemetry.create(clock).pipeline("ingest", "entered", "left", "logged", "durable");
    private final List<QueryRequest> asked = new ArrayList<>();
    private TsdbStatus status = status(0, 0, 0, 0);
    private QueryResult.Value answer = new QueryResult.Vector(List.of());

    private static TsdbStatus status(long samples, long blockBytes, long blockSamples, long walBytes) {
        return new TsdbStatus(
                true, null, 7, 0, samples, blockBytes, blockSamples, walBytes, 0, 0, 1_763_780_399_000L, null);
    }

    private DemoConsole console(boolean terminal, String... absent) {
        return new DemoConsole(
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                terminal,
                new DemoConsole.Setting("http://127.0.0.1:9470", "data/demo", List.of(absent)),
                this::ask,
                () -> status,
                ingest,
                Resolution.MILLIS,
                clock);
    }

    private QueryResult ask(QueryRequest request) {
        asked.add(request);
        return new QueryResult(answer, List.of(), List.of(), 0);
    }

    private String output() {
        String text = printed.toString(StandardCharsets.UTF_8);
        printed.reset();
        return text;
    }

    @Test
    void onATerminalOneLineIsRedrawn() {
        DemoConsole console = console(true, "disk");
        console.welcome();
        assertThat(output()).contains("http://127.0.0.1:9470").contains("not told by this system: disk");
        console.tick();
        assertThat(output()).as("no answers yet").isEmpty();
        answer = new QueryResult.Vector(List.of(new QueryResult.Sample(Labels.EMPTY, 1, 12.345)));
        ingest.record(new long[] {-5_000_000, -4_000_000, -3_000_000, -2_500_000});
        status = status(2_000, 0, 0, 5_000);
        console.tick();
        assertThat(output())
                .contains("processors busy: 12.35 %")
                .contains(
                        "./varve query '100 * node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes' --url http")
                .contains("\r\u001b[Kingest p50 2.5 ms")
                .contains("2,000 samples of 7 series | 2.50 bytes per sample in the log, not sealed yet");
        assertThat(asked).allMatch(request -> request.start() == 1_763_780_400_500L);
        int before = asked.size();
        status = status(2_000, 2_400, 2_000, 0);
        console.tick();
        assertThat(output()).startsWith("\r\u001b[Kingest").endsWith("1.20 bytes per sample in blocks");
        assertThat(asked).as("the questions are asked once").hasSize(before);
    }

    @Test
    void elsewhereALineComesNowAndThen() {
        answer = new QueryResult.Vector(List.of(new QueryResult.Sample(Labels.EMPTY, 1, 1)));
        DemoConsole console = console(false);
        for (int i = 0; i < 20; i++) {
            console.tick();
        }
        assertThat(output().lines().filter(line -> line.startsWith("ingest "))).hasSize(2);
    }

    @Test
    void questionsWithoutAnAnswerAreShownInTheEnd() {
        DemoConsole console = new DemoConsole(
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                false,
                new DemoConsole.Setting("u", "d", List.of()),
                request -> {
                    throw new QueryException(QueryException.Kind.EXECUTION, "not today");
                },
                () -> status,
                ingest,
                Resolution.MILLIS,
                clock);
        for (int i = 0; i < 10; i++) {
            console.tick();
        }
        assertThat(output()).contains("processors busy: no answer: not today").contains("nothing stored yet");
    }

    @Test
    void theFarewellSaysWhatIsThereAndHowToAsk() {
        status = status(1_234_567, 1_500_000, 1_234_567, 0);
        DemoConsole console = console(false);
        console.farewell();
        assertThat(output())
                .contains("Stored 1,234,567 samples of 7 series in data/demo (1.22 bytes per sample in blocks).")
                .contains("./varve server --data data/demo")
                .contains("--time 1763780399");
        console.farewell();
        console.tick();
        assertThat(output()).isEmpty();
    }

    @Test
    void durationsAreReadable() {
        assertThat(DemoConsole.duration(Double.NaN)).isEqualTo("-");
        assertThat(DemoConsole.duration(4.2e-5)).isEqualTo("42 us");
        assertThat(DemoConsole.duration(0.0123)).isEqualTo("12.3 ms");
        assertThat(DemoConsole.duration(2.5)).isEqualTo("2.50 s");
    }
}
