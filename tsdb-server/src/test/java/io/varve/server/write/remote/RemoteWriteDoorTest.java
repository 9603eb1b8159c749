package io.varve.server.write.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Resolution;
import io.varve.core.storage.Commit;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Verdict;
import io.varve.core.telemetry.Telemetry;
import io.varve.server.http.ConcurrencyGate;
import io.varve.server.http.HttpAnswer;
import io.varve.server.write.FixedTime;
import io.varve.server.write.IdleStates;
import io.varve.server.write.MetadataStore;
import io.varve.server.write.RecordedExchange;
import io.varve.server.write.RecordingAppender;
import io.varve.server.write.WriteDoor;
import io.varve.server.write.WriteLimits;
import io.varve.server.write.WriteMetrics;
import io.varve.server.write.WriteSession;
import io.varve.server.write.remote.ProtoOracle.OracleLabel;
import io.varve.server.write.remote.ProtoOracle.OracleSample;
import io.varve.server.write.remote.ProtoOracle.OracleSeries;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;

final class RemoteWriteDoorTest {

    private final List<RecordingAppender> engines = new ArrayList<>();
    private final WriteLimits limits = WriteLimits.defaults();
    private final ConcurrencyGate gate = new ConcurrencyGate("writes", 1, 0);
    private final WriteDoor<RemoteWriteFormat.State> door = new WriteDoor<>(
            new RemoteWriteFormat(),
            new IdleStates<>(
                    1,
                    () -> RemoteWriteFormat.State.create(
                            new WriteSession(this::open, Resolution.MILLIS), limits, new MetadataStore(10)),
                    state -> state.session().close()),
            gate,
            Durability.SYNCED,
            new WriteMetrics(Telemetry.create(new FixedTime(0)), "remote_write"));

    private RecordingAppender open(Durability durability) {
        RecordingAppender engine = new RecordingAppender(durability, 2);
        engines.add(engine);
        return engine;
    }

    private RecordingAppender engine() {
        return engines.get(engines.size() - 1);
    }

    private static RecordedExchange request(byte[] block) {
        return new RecordedExchange(block)
                .with("Content-Type", "application/x-protobuf")
                .with("Content-Encoding", "snappy");
    }

    private static byte[] block(int series, String firstLabel) throws IOException {
        List<OracleSeries> all = new ArrayList<>();
        for (int i = 0; i < series; i++) {
            all.add(new OracleSeries(
                    List.of(OracleLabel.of(i == 1 ? firstLabel : "__name__", "up"), OracleLabel.of("job", "a" + i)),
                    List.of(new OracleSample(0, 1 + i))));
        }
        return Snappy.compress(ProtoOracle.request(all).toByteArray());
    }

    private HttpAnswer send(RecordedExchange exchange) throws IOException {
        HttpAnswer answer = Objects.requireNonNull(exchange.through(door));
        assertThat(gate.inside()).isZero();
        return answer;
    }

    @Test
    void aGoodRequestIsAnswered204WithItsDurability() throws IOException {
        HttpAnswer answer = send(request(block(5, "__name__")));
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Varve-Durability")).isEqualTo("synced");
        assertThat(engine().committed()).hasSize(5);
        assertThat(engine().commits()).as("batches of two").isEqualTo(3);
        answer = send(request(block(1, "")).with("Varve-Durability", "Memory"));
        assertThat(answer.header("Varve-Durability")).isEqualTo("memory");
        assertThat(engine().durability()).isEqualTo(Durability.MEMORY);
        assertThat(send(request(block(1, ""))
                                .with("Content-Type", "application/x-protobuf;proto=prometheus.WriteRequest"))
                        .status())
                .isEqualTo(204);
        assertThat(engines).as("appenders are kept").hasSize(2);
    }

    @Test
    void wrongHeadersAreRefusedBeforeTheBodyIsRead() throws IOException {
        byte[] block = block(1, "");
        HttpAnswer answer = send(request(block).with("Varve-Durability", "forever"));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.bodyText()).contains("Varve-Durability is memory, written or synced: value=forever");
        assertThat(send(request(block).with("Content-Encoding", "gzip")).status())
                .isEqualTo(415);
        assertThat(send(new RecordedExchange(block)).status()).isEqualTo(415);
        assertThat(send(request(block)
                                .with("Content-Type", "application/x-protobuf; proto=io.prometheus.write.v2.Request"))
                        .status())
                .isEqualTo(415);
        assertThat(engines).isEmpty();
    }

    @Test
    void brokenBytesCostTheRequestAndLeaveNothingBehind() throws IOException {
        byte[] bomb = {-1, -1, -1, -1, 15, 0, 'a'};
        assertThat(send(request(bomb)).status()).isEqualTo(413);
        byte[] whole = Snappy.uncompress(block(2, "__name__"));
        byte[] cut = Snappy.compress(java.util.Arrays.copyOf(whole, whole.length - 1));
        HttpAnswer answer = send(request(cut));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.bodyText()).contains("cannot decode write request: a field ends after its message");
        assertThat(engine().closed()).as("what was decoded is dropped").isTrue();
        assertThat(engine().committed()).isEmpty();
        assertThat(send(request(block(2, "__name__"))).status()).isEqualTo(204);
        assertThat(engine().committed()).hasSize(2);
    }

    @Test
    void aBrokenSeriesIsToldWhileItsNeighboursAreKept() throws IOException {
        HttpAnswer answer = send(request(block(3, "zzz")));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Varve-Durability")).isEqualTo("synced");
        assertThat(answer.bodyText())
                .isEqualTo("{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"refused 1 of 3 samples"
                        + " (labels_out_of_order=1), the others are kept; first: labels out of order: job after"
                        + " zzz\"}");
        assertThat(engine().committed()).hasSize(2);
    }

    @Test
    void whatTheEngineRefusesIsTold() throws IOException {
        send(request(block(1, "")));
        engine().script(CompletableFuture.completedStage(new Commit(1, 2, Verdict.OUT_OF_WINDOW, Durability.SYNCED)));
        HttpAnswer answer = send(request(block(1, "")));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.bodyText()).contains("refused 2 of 3 samples (out_of_window=2)");
        engine().script(CompletableFuture.completedStage(new Commit(1, 1, Verdict.UNKNOWN_REF, Durability.SYNCED)));
        answer = send(request(block(1, "")));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void overloadAndReadOnlyAskToTryAgain() throws IOException {
        send(request(block(1, "")));
        expect(CommitException.Reason.OVERLOADED, 503, "1", "overloaded: ring full");
        expect(CommitException.Reason.READ_ONLY, 503, "10", "read only: ring full");
        expect(CommitException.Reason.CLOSED, 503, "5", "the server is stopping");
        engine().script(CompletableFuture.failedStage(new IllegalStateException("broken")));
        assertThat(send(request(block(1, ""))).status()).isEqualTo(500);
    }

    private void expect(CommitException.Reason reason, int status, String retryAfter, String text) throws IOException {
        CommitException failure = new CommitException(reason, "ring full", null);
        for (int series : new int[] {1, 5}) {
            engine().script(CompletableFuture.failedStage(new CompletionException(failure)));
            HttpAnswer answer = send(request(block(series, "__name__")));
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("Retry-After")).isEqualTo(retryAfter);
            assertThat(answer.bodyText()).contains(text);
        }
    }

    @Test
    void theAnswerWaitsForTheCommitAndTheGateForTheAnswer() throws IOException {
        send(request(block(1, "")));
        CompletableFuture<Commit> pending = new CompletableFuture<>();
        engine().script(pending);
        RecordedExchange first = request(block(1, ""));
        assertThat(first.through(door)).isNull();
        assertThat(gate.inside()).isEqualTo(1);
        HttpAnswer refused = Objects.requireNonNull(request(block(1, "")).through(door));
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.bodyText()).contains("too many writes at once: limit=1");
        pending.complete(new Commit(1, 0, Verdict.ACCEPTED, Durability.SYNCED));
        assertThat(Objects.requireNonNull(first.answer()).status()).isEqualTo(204);
        assertThat(gate.inside()).isZero();
        door.close();
        assertThat(engine().closed()).isTrue();
    }
}
