package io.varve.server.write.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.varve.core.model.Labels;
import io.varve.core.model.Resolution;
import io.varve.core.storage.Durability;
import io.varve.server.write.MetadataStore;
import io.varve.server.write.RecordingAppender;
import io.varve.server.write.RecordingAppender.Sample;
import io.varve.server.write.WriteLimits;
import io.varve.server.write.WriteReport;
import io.varve.server.write.WriteSession;
import io.varve.server.write.remote.ProtoOracle.OracleLabel;
import io.varve.server.write.remote.ProtoOracle.OracleSample;
import io.varve.server.write.remote.ProtoOracle.OracleSeries;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The decoder against protobuf-java, on requests of any shape and on damaged ones. */
final class RemoteWriteProperties {

    private static final long[] BITS = {
        0L, Long.MIN_VALUE, 1L, -1L, 0x7ff0000000000002L, 0x7ff8000000000001L, 0x7ff0000000000000L, 0xfff0000000000000L
    };

    @Provide
    Arbitrary<List<OracleSeries>> requests() {
        Arbitrary<String> text =
                Arbitraries.strings().withCharRange('a', 'e').withChars("é中").ofMaxLength(4);
        Arbitrary<List<OracleLabel>> labels = Arbitraries.maps(text.filter(s -> !s.isEmpty()), text)
                .ofMaxSize(4)
                .map(map -> {
                    TreeMap<String, String> sorted = new TreeMap<>(Labels::compareCodePoints);
                    sorted.putAll(map);
                    sorted.put("__name__", "m" + map.size());
                    List<OracleLabel> list = new ArrayList<>();
                    sorted.forEach((name, value) -> list.add(OracleLabel.of(name, value)));
                    return list;
                });
        Arbitrary<Long> bits = Arbitraries.oneOf(
                Arbitraries.longs(), Arbitraries.of(0, 1, 2, 3, 4, 5, 6, 7).map(i -> BITS[i]));
        Arbitrary<List<OracleSample>> samples = Combinators.combine(bits, Arbitraries.longs())
                .as(OracleSample::new)
                .list()
                .ofMaxSize(5);
        return Combinators.combine(labels, samples).as(OracleSeries::new).list().ofMaxSize(6);
    }

    @Property(tries = 300)
    void decodesWhatProtobufJavaEncodes(@ForAll("requests") List<OracleSeries> request, @ForAll int seed) {
        byte[] bytes = ProtoOracle.request(request).toByteArray();
        check(bytes, request, 1 + Math.floorMod(seed, 4));
        check(shuffled(request, new Random(seed)), request, 3);
    }

    /** The same request with fields of a series in another order and unknown fields between them. */
    private static byte[] shuffled(List<OracleSeries> request, Random random) {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(7, UnknownFieldSet.Field.newBuilder().addVarint(-1).build())
                .addField(900, UnknownFieldSet.Field.newBuilder().addFixed32(5).build())
                .addField(31, UnknownFieldSet.Field.newBuilder().addFixed64(6).build())
                .addField(
                        100_000,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("future"))
                                .build())
                .build();
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            CodedOutputStream coded = CodedOutputStream.newInstance(out);
            for (OracleSeries series : request) {
                coded.writeByteArray(1, interleaved(series, unknown, random));
                coded.writeRawBytes(unknown.toByteArray());
            }
            coded.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] interleaved(OracleSeries series, UnknownFieldSet unknown, Random random) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CodedOutputStream coded = CodedOutputStream.newInstance(out);
        int label = 0;
        int sample = 0;
        while (label < series.labels().size() || sample < series.samples().size()) {
            boolean takeLabel = sample == series.samples().size()
                    || (label < series.labels().size() && random.nextBoolean());
            DynamicMessage.Builder one = takeLabel
                    ? ProtoOracle.series(
                            new OracleSeries(List.of(series.labels().get(label++)), List.of()))
                    : ProtoOracle.series(
                            new OracleSeries(List.of(), List.of(series.samples().get(sample++))));
            if (random.nextInt(4) == 0) {
                one.setUnknownFields(unknown);
            }
            coded.writeRawBytes(one.build().toByteArray());
        }
        coded.flush();
        return out.toByteArray();
    }

    @Property(tries = 200)
    void damageIsNoticedOrReadAsProtobufJavaReadsIt(
            @ForAll("requests") List<OracleSeries> request, @ForAll int place, @ForAll byte flip) {
        byte[] bytes = ProtoOracle.request(request).toByteArray();
        if (bytes.length == 0) {
            return;
        }
        bytes[Math.floorMod(place, bytes.length)] ^= flip;
        WriteReport report;
        try {
            report = decode(bytes, new RecordingAppender(Durability.MEMORY, 100));
        } catch (MalformedWriteException e) {
            assertThat(e).hasMessageStartingWith("cannot decode write request: ");
            return;
        }
        try {
            assertThat(report.accepted() + report.refused()).isEqualTo(ProtoOracle.countParts(bytes));
        } catch (InvalidProtocolBufferException e) {
            // The oracle reads every part of a message; the decoder leaves labels without samples unread. A part has
            // a tag and a length, so there cannot be more of them than this.
            assertThat(report.accepted() + report.refused()).isLessThanOrEqualTo(bytes.length / 2);
        }
    }

    private static void check(byte[] bytes, List<OracleSeries> request, int capacity) {
        RecordingAppender engine = new RecordingAppender(Durability.SYNCED, capacity);
        WriteReport report = decode(bytes, engine);
        List<Sample> expected = new ArrayList<>();
        int early = 0;
        for (OracleSeries series : request) {
            List<String> pairs = new ArrayList<>();
            for (OracleLabel label : series.labels()) {
                pairs.add(label.name().toStringUtf8());
                pairs.add(label.value().toStringUtf8());
            }
            Labels labels = Labels.of(pairs.toArray(new String[0]));
            for (OracleSample sample : series.samples()) {
                if (sample.millis() < 0) {
                    early++;
                } else {
                    expected.add(new Sample(labels, sample.millis(), sample.bits()));
                }
            }
        }
        assertThat(engine.committed()).isEqualTo(expected);
        assertThat(report.accepted()).isEqualTo(expected.size());
        assertThat(report.refused()).isEqualTo(early);
    }

    private static WriteReport decode(byte[] bytes, RecordingAppender engine) {
        WriteSession session = new WriteSession(durability -> engine, Resolution.MILLIS);
        session.begin(engine.durability());
        new RemoteWriteDecoder(WriteLimits.defaults(), new MetadataStore(10)).decode(bytes, 0, bytes.length, session);
        return session.finish().toCompletableFuture().join();
    }
}
