package io.varve.server.write.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import io.varve.core.model.Labels;
import io.varve.core.model.Metadata;
import io.varve.core.model.Resolution;
import io.varve.core.model.StaleMarker;
import io.varve.core.storage.Durability;
import io.varve.server.write.MetadataStore;
import io.varve.server.write.RecordingAppender;
import io.varve.server.write.WriteLimits;
import io.varve.server.write.WriteReport;
import io.varve.server.write.WriteSession;
import io.varve.server.write.remote.ProtoOracle.OracleLabel;
import io.varve.server.write.remote.ProtoOracle.OracleSample;
import io.varve.server.write.remote.ProtoOracle.OracleSeries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RemoteWriteDecoderTest {

    private final RecordingAppender engine = new RecordingAppender(Durability.SYNCED, 1_000);
    private final MetadataStore metadata = new MetadataStore(2);
    private final WriteLimits limits = new WriteLimits(1 << 20, 1 << 20, 3, 20, 30, 1_000, 1_000, 10);
    private final RemoteWriteDecoder decoder = new RemoteWriteDecoder(limits, metadata);

    private WriteReport decode(Resolution resolution, byte[] bytes) {
        WriteSession session = new WriteSession(durability -> engine, resolution);
        session.begin(Durability.SYNCED);
        decoder.decode(bytes, 0, bytes.length, session);
        return session.finish().toCompletableFuture().join();
    }

    private WriteReport decode(OracleSeries... series) {
        return decode(
                Resolution.MILLIS, ProtoOracle.request(Arrays.asList(series)).toByteArray());
    }

    private static OracleSeries series(long millis, double value, String... pairs) {
        List<OracleLabel> labels = new ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            labels.add(OracleLabel.of(pairs[i], pairs[i + 1]));
        }
        return new OracleSeries(labels, List.of(new OracleSample(Double.doubleToRawLongBits(value), millis)));
    }

    @Test
    void aKnownSeriesIsNotDecodedAgain() {
        OracleSeries up = series(1, 1.0, "__name__", "up", "job", "a");
        decode(up);
        decode(up);
        assertThat(engine.decoded()).isEqualTo(1);
        assertThat(engine.committed())
                .extracting(RecordingAppender.Sample::labels)
                .containsOnly(Labels.of("__name__", "up", "job", "a"));
    }

    @Test
    void aSeriesThatWasDroppedIsNamedByItsLabels() {
        OracleSeries up = series(1, 1.0, "__name__", "up", "job", "a");
        decode(up);
        engine.drop(0);
        assertThat(decode(up).accepted()).isEqualTo(1);
        assertThat(engine.committed())
                .extracting(RecordingAppender.Sample::labels)
                .containsExactly(Labels.of("__name__", "up", "job", "a"), Labels.of("__name__", "up", "job", "a"));
    }

    @Test
    void everyBitOfAValueArrives() {
        long[] bits = {
            StaleMarker.BITS, 0x7ff8dead0000beefL, 0xfff0000000000001L, Long.MIN_VALUE, 0x7ff0000000000000L, -1L
        };
        for (long one : bits) {
            decode(new OracleSeries(List.of(OracleLabel.of("__name__", "x")), List.of(new OracleSample(one, 5))));
        }
        assertThat(engine.committed().stream()
                        .mapToLong(RecordingAppender.Sample::bits)
                        .toArray())
                .isEqualTo(bits);
    }

    @Test
    void aSampleWithoutFieldsIsZeroAtTimeZero() {
        byte[] request = {10, 17, 10, 13, 10, 8, '_', '_', 'n', 'a', 'm', 'e', '_', '_', 18, 1, 'x', 18, 0};
        assertThat(decode(Resolution.MILLIS, request).accepted()).isEqualTo(1);
        assertThat(engine.committed()).containsExactly(new RecordingAppender.Sample(Labels.of("__name__", "x"), 0, 0));
    }

    @Test
    void timesAreConvertedToTicksAndOverflowIsRefusedAlone() {
        OracleSeries last = series(Long.MAX_VALUE, 1, "__name__", "a");
        OracleSeries fits = series(9_223_372_036_854L, 2, "__name__", "a");
        OracleSeries over = series(9_223_372_036_855L, 3, "__name__", "a");
        byte[] request = ProtoOracle.request(List.of(last, fits, over)).toByteArray();
        WriteReport report = decode(Resolution.NANOS, request);
        assertThat(report.reasons()).containsExactly(java.util.Map.entry("time_out_of_range", 2L));
        assertThat(engine.committed())
                .extracting(RecordingAppender.Sample::time)
                .containsExactly(9_223_372_036_854_000_000L);
        assertThat(decode(Resolution.MILLIS, request).accepted()).isEqualTo(3);
        assertThat(decode(series(Long.MIN_VALUE, 1, "__name__", "a")).text())
                .isEqualTo("refused 1 of 1 samples (before_epoch=1), the others are kept;"
                        + " first: timestamp before 1970-01-01T00:00Z: send milliseconds since 1970");
    }

    @Test
    void aBrokenSeriesCostsOnlyItself() {
        WriteReport report = decode(
                series(1, 1, "__name__", "a"),
                series(1, 2, "job", "x", "__name__", "b"),
                series(1, 3, "__name__", "c", "job", "x", "job", "y"),
                series(1, 4, "__name__", "d", "", "x"),
                series(1, 5, "job", "x"),
                series(1, 6, "__name__", ""),
                series(1, 7, "__name__", "e", "a", "1", "b", "2", "c", "3"),
                series(1, 8, "__name__", "e", "x".repeat(21), "1"),
                series(1, 9, "__name__", "e", "x", "y".repeat(31)),
                new OracleSeries(
                        List.of(
                                OracleLabel.of("__name__", "f"),
                                new OracleLabel(
                                        ByteString.copyFromUtf8("n"), ByteString.copyFrom(new byte[] {-64, -128}))),
                        List.of(new OracleSample(0, 1), new OracleSample(0, 2))),
                series(1, 10, "__name__", "z", "empty", ""));
        assertThat(engine.committed())
                .extracting(RecordingAppender.Sample::labels)
                .containsExactly(Labels.of("__name__", "a"), Labels.of("__name__", "z"));
        assertThat(report.text())
                .isEqualTo("refused 10 of 12 samples (labels_out_of_order=1, duplicate_label=1, empty_label_name=1,"
                        + " no_metric_name=2, too_many_labels=1, label_too_long=2, label_not_utf8=2), the others are"
                        + " kept; first: labels out of order: __name__ after job");
    }

    @Test
    void floatsHistogramsAndExemplarsOfOneSeries() {
        DynamicMessage.Builder mixed = ProtoOracle.series(series(7, 1, "__name__", "h"))
                .addRepeatedField(ProtoOracle.field(ProtoOracle.SERIES, "exemplars"), ByteString.EMPTY)
                .addRepeatedField(ProtoOracle.field(ProtoOracle.SERIES, "histograms"), ByteString.EMPTY);
        WriteReport report = decode(
                Resolution.MILLIS,
                DynamicMessage.newBuilder(ProtoOracle.REQUEST)
                        .addRepeatedField(ProtoOracle.field(ProtoOracle.REQUEST, "timeseries"), mixed.build())
                        .build()
                        .toByteArray());
        assertThat(report.accepted()).isEqualTo(3);
        assertThat(report.refused()).isZero();
        assertThat(engine.committed()).hasSize(1);
        assertThat(engine.histograms()).hasSize(1);
        assertThat(engine.exemplars()).hasSize(1);
    }

    @Test
    void metadataIsKeptUpToItsBound() {
        decode(Resolution.MILLIS, metadata(1, "a_total", "counts", "seconds"));
        decode(Resolution.MILLIS, metadata(99, "b", "", ""));
        decode(Resolution.MILLIS, metadata(2, "c", "no room", ""));
        decode(Resolution.MILLIS, metadata(4, "b", "later", ""));
        assertThat(metadata.snapshot())
                .containsExactly(
                        java.util.Map.entry("a_total", new MetadataStore.Metadata("counter", "counts", "seconds")),
                        java.util.Map.entry("b", new MetadataStore.Metadata("gaugehistogram", "later", "")));
        assertThat(engine.metadata())
                .containsOnly(
                        java.util.Map.entry("a_total", new Metadata(Metadata.Type.COUNTER, "counts", "seconds")),
                        java.util.Map.entry("b", new Metadata(Metadata.Type.GAUGE_HISTOGRAM, "later", "")),
                        java.util.Map.entry("c", new Metadata(Metadata.Type.GAUGE, "no room", "")));
    }

    private static byte[] metadata(int type, String name, String help, String unit) {
        return DynamicMessage.newBuilder(ProtoOracle.REQUEST)
                .addRepeatedField(
                        ProtoOracle.field(ProtoOracle.REQUEST, "metadata"),
                        DynamicMessage.newBuilder(ProtoOracle.METADATA)
                                .setField(ProtoOracle.field(ProtoOracle.METADATA, "type"), type)
                                .setField(
                                        ProtoOracle.field(ProtoOracle.METADATA, "metric_family_name"),
                                        ByteString.copyFromUtf8(name))
                                .setField(
                                        ProtoOracle.field(ProtoOracle.METADATA, "help"), ByteString.copyFromUtf8(help))
                                .setField(
                                        ProtoOracle.field(ProtoOracle.METADATA, "unit"), ByteString.copyFromUtf8(unit))
                                .build())
                .build()
                .toByteArray();
    }

    @Test
    void damageIsToldWithItsPlace() {
        assertThatThrownBy(() -> decode(Resolution.MILLIS, new byte[] {10, 5, 1}))
                .hasMessage("cannot decode write request: a field ends after its message: length=5 at offset 1");
        assertThatThrownBy(() -> decode(Resolution.MILLIS, new byte[] {11, 12}))
                .hasMessage("cannot decode write request: a wire type of 0, 1, 2 or 5: type=3 at offset 0");
        assertThatThrownBy(() -> decode(Resolution.MILLIS, new byte[] {2, 0}))
                .hasMessageContaining("a field number from 1 to 2^29-1: tag=2");
        byte[] negative = {10, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
        assertThatThrownBy(() -> decode(Resolution.MILLIS, negative))
                .hasMessageContaining("length=18446744073709551615");
        byte[] long11 = {16, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
        assertThatThrownBy(() -> decode(Resolution.MILLIS, long11)).hasMessageContaining("more than ten bytes");
    }
}
