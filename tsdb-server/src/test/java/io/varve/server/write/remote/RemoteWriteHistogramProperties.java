package io.varve.server.write.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.ResetHint;
import io.varve.core.model.Resolution;
import io.varve.core.storage.Durability;
import io.varve.server.write.MetadataStore;
import io.varve.server.write.RecordingAppender;
import io.varve.server.write.RecordingAppender.Counted;
import io.varve.server.write.WriteLimits;
import io.varve.server.write.WriteReport;
import io.varve.server.write.WriteSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Histograms and exemplars of any shape, as protobuf-java writes them; and what becomes of them when damaged. */
final class RemoteWriteHistogramProperties {

    private static final List<String> LABELS = List.of("__name__", "h", "job", "x");

    @Provide
    Arbitrary<Histogram> histograms() {
        return Arbitraries.longs().map(seed -> histogram(new Random(seed)));
    }

    private static Histogram histogram(Random random) {
        if (random.nextInt(12) == 0) {
            return Histogram.stale(random.nextBoolean());
        }
        boolean floats = random.nextBoolean();
        boolean custom = random.nextInt(3) == 0;
        HistogramLayout layout = custom ? custom(random, floats) : exponential(random, floats);
        ResetHint hint = ResetHint.byId(random.nextInt(4));
        double sum = random.nextInt(5) == 0 ? Double.NaN : random.nextGaussian() * 1e6;
        int buckets = layout.buckets();
        if (floats) {
            double[] counts = random.doubles(buckets, 0, 1e9).toArray();
            double zero = custom ? 0 : random.nextDouble();
            double count = zero;
            for (double one : counts) {
                count += one;
            }
            return Histogram.floating(layout, hint, zero, count, sum, counts);
        }
        long[] counts = random.longs(buckets, 0, 1L << random.nextInt(1, 50)).toArray();
        long zero = custom ? 0 : random.nextInt(100);
        long count = zero + (Double.isNaN(sum) ? random.nextInt(5) : 0);
        for (long one : counts) {
            count += one;
        }
        return Histogram.integer(layout, hint, zero, count, sum, counts);
    }

    private static HistogramLayout exponential(Random random, boolean floats) {
        int schema = random.nextInt(HistogramLayout.MIN_SCHEMA, HistogramLayout.MAX_SCHEMA + 1);
        double width = random.nextBoolean() ? 0 : random.nextDouble();
        return HistogramLayout.exponential(schema, floats, width, spans(random, -1_000), spans(random, -1_000));
    }

    private static HistogramLayout custom(Random random, boolean floats) {
        int[] spans = spans(random, 0);
        int end = 0;
        for (int number : spans) {
            end += number;
        }
        double[] bounds = new double[end + random.nextInt(3)];
        double bound = -10;
        for (int i = 0; i < bounds.length; i++) {
            bound += 0.1 + random.nextDouble();
            bounds[i] = bound;
        }
        return HistogramLayout.custom(floats, spans, bounds);
    }

    private static int[] spans(Random random, int first) {
        int[] spans = new int[2 * random.nextInt(5)];
        for (int i = 0; i < spans.length; i += 2) {
            spans[i] =
                    i == 0 ? random.nextInt(first, first + 2_000) % 50 + Math.max(first, -50) / 2 : random.nextInt(4);
            spans[i] = first == 0 ? Math.abs(spans[i]) : spans[i];
            spans[i + 1] = random.nextInt(6);
        }
        return spans;
    }

    @Provide
    Arbitrary<Exemplar> exemplars() {
        Arbitrary<String> text =
                Arbitraries.strings().ofMinLength(1).ofMaxLength(20).filter(s -> isText(s));
        return Arbitraries.maps(text, text).ofMaxSize(3).flatMap(map -> {
            List<String> pairs = new ArrayList<>();
            map.forEach((name, value) -> pairs.addAll(List.of(name, value)));
            Labels labels = Labels.of(pairs.toArray(new String[0]));
            return Arbitraries.longs().between(0, 1L << 45).flatMap(time -> Arbitraries.doubles()
                    .map(value -> new Exemplar(labels, time, value)));
        });
    }

    /** Strings of jqwik may have halves of characters, which UTF-8 has not. */
    private static boolean isText(String text) {
        return java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    @Property(tries = 500)
    void whatProtobufJavaWritesIsKeptBitForBit(
            @ForAll("histograms") Histogram one,
            @ForAll("histograms") Histogram two,
            @ForAll("exemplars") Exemplar by) {
        RecordingAppender engine = new RecordingAppender(Durability.MEMORY, 2);
        WriteReport report = decode(HistogramOracle.request(LABELS, 100, List.of(one, two), List.of(by)), engine);
        assertThat(report.text()).startsWith("refused 0 of 3 samples");
        Labels labels = Labels.of("__name__", "h", "job", "x");
        assertThat(engine.histograms()).containsExactly(new Counted(labels, 100, one), new Counted(labels, 101, two));
        assertThat(engine.exemplars()).containsExactly(by);
    }

    /** Damage is told of, or read as protobuf-java reads it; what is accepted is a histogram by all rules. */
    @Property(tries = 500)
    void damageIsNoticedOrIsAnotherHistogram(
            @ForAll("histograms") Histogram one, @ForAll int place, @ForAll byte flip) {
        byte[] message = HistogramOracle.message(one, 7);
        message[Math.floorMod(place, message.length)] ^= flip;
        RecordingAppender engine = new RecordingAppender(Durability.MEMORY, 10);
        boolean readable;
        try {
            readable =
                    DynamicMessage.parseFrom(HistogramOracle.HISTOGRAM, message).isInitialized();
        } catch (InvalidProtocolBufferException e) {
            readable = false;
        }
        try {
            WriteReport report = decode(HistogramOracle.request(LABELS, List.of(message), List.of()), engine);
            assertThat(report.accepted() + report.refused()).isEqualTo(1);
            assertThat(engine.histograms()).hasSize((int) report.accepted());
        } catch (MalformedWriteException e) {
            assertThat(e).hasMessageStartingWith("cannot decode write request: ");
            // protobuf-java cuts tags off at 32 bits, and skips groups
            boolean stricter =
                    e.toString().contains("a field number") || e.toString().contains("a wire type");
            assertThat(readable && !stricter)
                    .as("protobuf-java reads it too: %s", e.toString())
                    .isFalse();
        }
    }

    private static WriteReport decode(byte[] bytes, RecordingAppender engine) {
        WriteSession session = new WriteSession(durability -> engine, Resolution.MILLIS);
        session.begin(engine.durability());
        new RemoteWriteDecoder(WriteLimits.defaults(), new MetadataStore(10)).decode(bytes, 0, bytes.length, session);
        return session.finish().toCompletableFuture().join();
    }
}
