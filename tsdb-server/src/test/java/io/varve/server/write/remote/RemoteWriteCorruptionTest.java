package io.varve.server.write.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.ResetHint;
import io.varve.core.model.Resolution;
import io.varve.core.storage.Durability;
import io.varve.server.write.MetadataStore;
import io.varve.server.write.RecordingAppender;
import io.varve.server.write.WriteLimits;
import io.varve.server.write.WriteSession;
import io.varve.server.write.remote.ProtoOracle.OracleLabel;
import io.varve.server.write.remote.ProtoOracle.OracleSample;
import io.varve.server.write.remote.ProtoOracle.OracleSeries;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xerial.snappy.Snappy;

/** Every cut and every flipped bit of a request: a typed refusal or an answer, never anything else. */
@Timeout(60)
final class RemoteWriteCorruptionTest {

    private final RemoteWriteDecoder decoder = new RemoteWriteDecoder(WriteLimits.defaults(), new MetadataStore(100));

    private static byte[] request() {
        List<OracleSeries> series = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            series.add(new OracleSeries(
                    List.of(
                            OracleLabel.of("__name__", "http_requests_total"),
                            OracleLabel.of("instance", "host" + i),
                            OracleLabel.of("job", "x".repeat(200))),
                    List.of(
                            new OracleSample(Double.doubleToRawLongBits(i), 1_763_780_400_000L),
                            new OracleSample(Double.doubleToRawLongBits(i + 0.5), 1_763_780_401_000L))));
        }
        return ProtoOracle.request(series).toByteArray();
    }

    @Test
    void everyCutOfTheMessageIsRefusedOrEndsBetweenSeries() {
        byte[] bytes = request();
        int whole = 0;
        for (int length = 0; length < bytes.length; length++) {
            whole += survives(Arrays.copyOf(bytes, length), false) ? 1 : 0;
        }
        assertThat(whole).as("cuts between two series").isEqualTo(3);
    }

    @Test
    void everyFlippedBitOfTheMessageIsSurvived() {
        byte[] bytes = request();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            survives(damaged, false);
        }
    }

    /** Two histograms of each kind with exemplars, of two series. */
    private static byte[] histograms() {
        Histogram integers = Histogram.integer(
                HistogramLayout.exponential(3, false, 1e-3, new int[] {-2, 2, 1, 1}, new int[] {4, 1}),
                ResetHint.NOT_RESET,
                7,
                21,
                -1.5,
                1,
                2,
                3,
                8);
        Histogram custom = Histogram.floating(
                HistogramLayout.custom(true, new int[] {0, 2}, 1, 2), ResetHint.GAUGE, 0, 3.5, 4, 1, 2.5);
        Exemplar exemplar = new Exemplar(Labels.of("trace_id", "0123456789abcdef"), 1_763_780_400_000L, 0.25);
        byte[] first = HistogramOracle.request(
                List.of("__name__", "h"), 1_763_780_400_000L, List.of(integers, custom), List.of(exemplar));
        byte[] second = HistogramOracle.request(
                List.of("__name__", "i"),
                1_763_780_400_000L,
                List.of(custom, Histogram.stale(false), integers),
                List.of(exemplar, exemplar));
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Test
    void everyCutAndEveryFlippedBitOfHistogramsAndExemplars() {
        byte[] bytes = histograms();
        assertThat(survives(bytes, false)).isTrue();
        int whole = 0;
        for (int length = 0; length < bytes.length; length++) {
            whole += survives(Arrays.copyOf(bytes, length), false) ? 1 : 0;
        }
        assertThat(whole).as("cuts between two series").isEqualTo(2);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            survives(damaged, false);
        }
    }

    @Test
    void everyCutOfTheBlockIsRefused() throws IOException {
        byte[] block = Snappy.compress(request());
        for (int length = 0; length < block.length; length++) {
            assertThat(survives(Arrays.copyOf(block, length), true))
                    .as("length %s", length)
                    .isFalse();
        }
        assertThat(survives(block, true)).isTrue();
    }

    @Test
    void everyFlippedBitOfTheBlockIsSurvived() throws IOException {
        byte[] block = Snappy.compress(request());
        for (int bit = 0; bit < block.length * 8; bit++) {
            byte[] damaged = block.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            survives(damaged, true);
        }
    }

    /** Whether it decodes; anything but the typed exception fails the test. */
    private boolean survives(byte[] bytes, boolean compressed) {
        WriteSession session = new WriteSession(d -> new RecordingAppender(d, 3), Resolution.NANOS);
        session.begin(Durability.WRITTEN);
        try {
            if (compressed) {
                decoder.decodeSnappy(bytes, 0, bytes.length, session);
            } else {
                decoder.decode(bytes, 0, bytes.length, session);
            }
            session.finish().toCompletableFuture().join();
            return true;
        } catch (MalformedWriteException e) {
            session.abandon();
            return false;
        }
    }

    @Test
    void bombsAreRefusedBeforeAnythingIsAllocated() {
        byte[] fourGigabytes = {-1, -1, -1, -1, 15, 0, 'a'};
        assertThatThrownBy(() -> survivesOrThrows(fourGigabytes))
                .isInstanceOfSatisfying(MalformedWriteException.class, e -> assertThat(e.kind())
                        .isEqualTo(MalformedWriteException.Kind.TOO_LARGE))
                .hasMessageContaining("claimed=4294967295");
        byte[] thirtyMegabytes = {-128, -128, -128, 15, 0, 'a'};
        assertThatThrownBy(() -> survivesOrThrows(thirtyMegabytes))
                .hasMessageContaining("a snappy block of 6 bytes cannot expand to 31457280");
        byte[] endless = {-1, -1, -1, -1, -1, -1, 1};
        assertThatThrownBy(() -> survivesOrThrows(endless)).hasMessageContaining("cut off");
        assertThatThrownBy(() -> survivesOrThrows(new byte[0])).hasMessageContaining("cut off");
        assertThatThrownBy(
                        () -> survivesOrThrows("not snappy at all".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isInstanceOf(MalformedWriteException.class);
    }

    private void survivesOrThrows(byte[] block) {
        WriteSession session = new WriteSession(d -> new RecordingAppender(d, 3), Resolution.MILLIS);
        session.begin(Durability.MEMORY);
        decoder.decodeSnappy(block, 0, block.length, session);
    }

    @Test
    void theDensestBlockIsTaken() throws IOException {
        byte[] zeros = new byte[4 << 20];
        byte[] block = Snappy.compress(zeros);
        SnappyBlock snappy = new SnappyBlock(8 << 20, 1 << 10);
        snappy.decompress(block, 0, block.length);
        assertThat(snappy.length()).isEqualTo(zeros.length);
        snappy.trim();
        assertThat(snappy.bytes()).hasSizeLessThan(1 << 20);
        snappy.decompress(new byte[] {0}, 0, 1);
        assertThat(snappy.length()).isZero();
    }
}
