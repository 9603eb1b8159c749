package io.varve.server.write.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.ResetHint;
import io.varve.core.model.Resolution;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Durability;
import io.varve.server.health.RequestPeaks;
import io.varve.server.health.RequestPeaks.Kind;
import io.varve.server.write.MetadataStore;
import io.varve.server.write.RecordingAppender;
import io.varve.server.write.RecordingAppender.Counted;
import io.varve.server.write.WriteLimits;
import io.varve.server.write.WriteReport;
import io.varve.server.write.WriteSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Histograms and exemplars of remote write 1.0: what is kept, what is refused and with which words. */
@Timeout(60)
final class RemoteWriteHistogramTest {

    private static final List<String> LABELS = List.of("__name__", "h");
    private static final int[] NONE = {};

    private final RecordingAppender engine = new RecordingAppender(Durability.SYNCED, 1_000);
    private final RequestPeaks peaks = new RequestPeaks(TimeSource.system());
    private final WriteLimits limits =
            new WriteLimits(1 << 20, 1 << 20, 30, 100, 100, 100, 20, 1_000, 1_000, 10, peaks);
    private final RemoteWriteDecoder decoder = new RemoteWriteDecoder(limits, new MetadataStore(2));

    private WriteReport decode(Resolution resolution, byte[] bytes) {
        WriteSession session = new WriteSession(durability -> engine, resolution);
        session.begin(Durability.SYNCED);
        decoder.decode(bytes, 0, bytes.length, session);
        return session.finish().toCompletableFuture().join();
    }

    private WriteReport histograms(byte[]... messages) {
        return decode(Resolution.MILLIS, HistogramOracle.request(LABELS, Arrays.asList(messages), List.of()));
    }

    private WriteReport exemplars(byte[]... messages) {
        return decode(Resolution.MILLIS, HistogramOracle.request(LABELS, List.of(), Arrays.asList(messages)));
    }

    /** What is refused of a message that stands between two good ones. */
    private String refusal(byte[] message) {
        byte[] good = HistogramOracle.raw("count_int", 0L, "timestamp", 5L);
        int before = engine.histograms().size();
        WriteReport report = histograms(good, message, good);
        assertThat(report.accepted()).as("neighbours").isEqualTo(2);
        assertThat(report.refused()).isEqualTo(1);
        assertThat(engine.histograms()).hasSize(before + 2);
        return String.valueOf(report.first());
    }

    @Test
    void integersFloatsAndCustomBucketsArrive() {
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
        Histogram floats = Histogram.floating(
                HistogramLayout.exponential(-4, true, 0, NONE, new int[] {-1, 2}), ResetHint.GAUGE, 0, 2.5, 4, 1, 1.5);
        Histogram custom = Histogram.integer(
                HistogramLayout.custom(false, new int[] {0, 3}, -1, 0.5), ResetHint.UNKNOWN, 0, 6, 9, 1, 2, 3);
        Histogram customFloats = Histogram.floating(
                HistogramLayout.custom(true, new int[] {1, 1}, 5, 10), ResetHint.RESET, 0, 0.25, 1, 0.25);
        assertThat(histograms(
                                HistogramOracle.message(integers, 1),
                                HistogramOracle.message(floats, 2),
                                HistogramOracle.message(custom, 3),
                                HistogramOracle.message(customFloats, 4))
                        .refused())
                .isZero();
        Labels series = Labels.of("__name__", "h");
        assertThat(engine.histograms())
                .containsExactly(
                        new Counted(series, 1, integers),
                        new Counted(series, 2, floats),
                        new Counted(series, 3, custom),
                        new Counted(series, 4, customFloats));
        assertThat(engine.decoded()).as("labels read").isEqualTo(1);
        assertThat(peaks.get(Kind.HISTOGRAM_BUCKETS)).isEqualTo(4);
        assertThat(peaks.get(Kind.HISTOGRAMS_PER_REQUEST)).isEqualTo(4);
    }

    @Test
    void staleMarkersOfBothKinds() {
        histograms(
                HistogramOracle.raw("count_int", 0L, "sum", StaleMarker.BITS, "timestamp", 1L),
                HistogramOracle.raw("count_float", 0.0, "sum", StaleMarker.BITS, "timestamp", 2L));
        assertThat(engine.histograms())
                .extracting(Counted::histogram)
                .containsExactly(Histogram.stale(false), Histogram.stale(true));
    }

    @Test
    void aMessageWithoutFieldsIsAnEmptyHistogramAtTimeZero() {
        assertThat(histograms(new byte[0]).accepted()).isEqualTo(1);
        assertThat(engine.histograms().get(0).histogram())
                .isEqualTo(Histogram.integer(
                        HistogramLayout.exponential(0, false, 0, NONE, NONE), ResetHint.UNKNOWN, 0, 0, 0));
    }

    @Test
    void otherNaNsAreSumsLikeAnyOther() {
        long bits = 0x7ff8_0000_0000_0001L;
        histograms(HistogramOracle.raw("count_int", 3L, "sum", bits));
        Histogram found = engine.histograms().get(0).histogram();
        assertThat(Double.doubleToRawLongBits(found.sum())).isEqualTo(bits);
        assertThat(found.count()).isEqualTo(3);
    }

    @Test
    void schemasThatTheStoreDoesNotHave() {
        assertThat(refusal(HistogramOracle.raw("schema", 9)))
                .isEqualTo("not a native histogram: a histogram's schema is -4 to 8, or -53: schema=9");
        assertThat(refusal(HistogramOracle.raw("schema", -5))).contains("schema=-5");
        assertThat(refusal(HistogramOracle.raw("schema", Integer.MIN_VALUE))).contains("schema=-2147483648");
    }

    @Test
    void spansAndCountsThatDoNotAgree() {
        assertThat(refusal(HistogramOracle.raw(
                        "count_int", 1L, "positive_spans", List.of(0, 2), "positive_deltas", List.of(1L))))
                .isEqualTo("not a native histogram: spans tell of each bucket once: positive spans tell of 2 buckets,"
                        + " found=1");
        assertThat(refusal(HistogramOracle.raw("count_int", 1L, "negative_deltas", List.of(1L))))
                .contains("negative spans tell of 0 buckets, found=1");
        assertThat(refusal(HistogramOracle.raw("positive_spans", List.of(0, -1)))) // 2^32 - 1 buckets
                .contains("positive spans tell of 4294967295 buckets, found=0");
        assertThat(refusal(HistogramOracle.raw(
                        "count_int", 2L, "positive_spans", List.of(3, 1, -2, 1), "positive_deltas", List.of(1L, 0L))))
                .contains("spans do not overlap: span=1, offset=-2");
        assertThat(refusal(HistogramOracle.raw(
                        "count_int",
                        2L,
                        "positive_spans",
                        List.of(Integer.MAX_VALUE, 1),
                        "positive_deltas",
                        List.of(2L))))
                .contains("a bucket's index is an int");
        assertThat(refusal(HistogramOracle.raw(
                        "count_int", 3L, "positive_spans", List.of(0, 1), "positive_deltas", List.of(2L))))
                .contains("buckets add up to the count, or to less if the sum is NaN: buckets=2, count=3");
        assertThat(refusal(HistogramOracle.raw(
                        "count_float", 1.0, "positive_spans", List.of(0, 1), "positive_counts", List.of(1.1))))
                .contains("buckets add up to at most the count");
    }

    @Test
    void countsThatNoHistogramHas() {
        assertThat(refusal(HistogramOracle.raw(
                        "count_int", 1L, "positive_spans", List.of(0, 2), "positive_deltas", List.of(1L, -2L))))
                .contains("a bucket counts from 0 to 2^63 - 1: positive bucket 1 is 1 and -2");
        assertThat(refusal(HistogramOracle.raw(
                        "count_int",
                        1L,
                        "negative_spans",
                        List.of(0, 2),
                        "negative_deltas",
                        List.of(Long.MAX_VALUE, 1L))))
                .contains("negative bucket 1");
        assertThat(refusal(HistogramOracle.raw(
                        "count_int",
                        Long.MAX_VALUE,
                        "positive_spans",
                        List.of(0, 2),
                        "positive_deltas",
                        List.of(Long.MAX_VALUE, 0L))))
                .contains("buckets add up to at most 2^63 - 1");
        assertThat(refusal(HistogramOracle.raw("count_int", -1L))).contains("counts from 0 on: count=-1");
        assertThat(refusal(HistogramOracle.raw("count_int", 1L, "zero_count_int", -1L)))
                .contains("zero bucket=-1");
        assertThat(refusal(HistogramOracle.raw("count_float", Double.NaN))).contains("count=NaN");
        assertThat(refusal(HistogramOracle.raw("count_float", 1.0, "zero_count_float", Double.POSITIVE_INFINITY)))
                .contains("zero bucket=Infinity");
        assertThat(refusal(HistogramOracle.raw(
                        "count_float", 1.0, "positive_spans", List.of(0, 1), "positive_counts", List.of(-0.5))))
                .contains("bucket 0=-0.5");
        assertThat(refusal(HistogramOracle.raw("zero_threshold", Double.NaN))).contains("zeroThreshold=NaN");
        assertThat(refusal(HistogramOracle.raw("zero_threshold", -1.0))).contains("zeroThreshold=-1.0");
    }

    @Test
    void integersAndFloatsTogether() {
        String rule = "all counts of a histogram are integers, or all are floats";
        assertThat(refusal(HistogramOracle.raw(
                        "count_int", 1L, "positive_spans", List.of(0, 1), "positive_counts", List.of(1.0))))
                .contains(rule);
        assertThat(refusal(HistogramOracle.raw(
                        "count_float", 1.0, "negative_spans", List.of(0, 1), "negative_deltas", List.of(1L))))
                .contains(rule);
        assertThat(refusal(HistogramOracle.raw("count_float", 1.0, "zero_count_int", 1L)))
                .contains(rule);
    }

    @Test
    void customBounds() {
        assertThat(refusal(HistogramOracle.raw("schema", -53, "custom_values", List.of(1.0, 1.0))))
                .contains("custom bounds ascend and are finite: bound=1.0, place=1");
        assertThat(refusal(HistogramOracle.raw("schema", -53, "custom_values", List.of(2.0, 1.0))))
                .contains("place=1");
        assertThat(refusal(HistogramOracle.raw("schema", -53, "custom_values", List.of(Double.NaN))))
                .contains("bound=NaN");
        assertThat(refusal(HistogramOracle.raw("schema", -53, "custom_values", List.of(Double.POSITIVE_INFINITY))))
                .contains("bound=Infinity");
        assertThat(refusal(HistogramOracle.raw(
                        "count_int",
                        1L,
                        "schema",
                        -53,
                        "custom_values",
                        List.of(1.0),
                        "positive_spans",
                        List.of(2, 1),
                        "positive_deltas",
                        List.of(1L))))
                .contains("a custom bucket has a bound, or is the one behind the last");
        assertThat(refusal(HistogramOracle.raw("schema", -53, "negative_spans", List.of(0, 0))))
                .contains("neither negative buckets nor a zero bucket");
        assertThat(refusal(HistogramOracle.raw("schema", -53, "zero_threshold", 1.0)))
                .contains("zero_threshold=1.0");
        assertThat(refusal(HistogramOracle.raw("schema", -53, "count_int", 1L, "zero_count_int", 1L)))
                .contains("has no zero bucket");
        assertThat(refusal(HistogramOracle.raw("schema", 0, "custom_values", List.of(1.0))))
                .contains("only schema -53 has bounds of its own");
        assertThat(refusal(HistogramOracle.raw("schema", -53, "custom_values", ascending(9_000))))
                .contains("at most 8192 bounds: bounds=9000");
    }

    private static List<Double> ascending(int count) {
        List<Double> bounds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            bounds.add((double) i);
        }
        return bounds;
    }

    @Test
    void moreBucketsOrSpansThanAllowed() {
        List<Long> many = Collections.nCopies(101, 0L);
        assertThat(refusal(HistogramOracle.raw("positive_spans", List.of(0, 101), "positive_deltas", many)))
                .isEqualTo("native histogram with more buckets than the limit: buckets=101, limit=100");
        List<Double> floats = Collections.nCopies(60, 0.0);
        assertThat(refusal(HistogramOracle.raw(
                        "count_float",
                        0.0,
                        "positive_spans",
                        List.of(0, 60),
                        "positive_counts",
                        floats,
                        "negative_spans",
                        List.of(0, 60),
                        "negative_counts",
                        floats)))
                .contains("buckets=120, limit=100");
        assertThat(refusal(HistogramOracle.raw(
                        "positive_spans",
                        List.of(0, 1_000_000),
                        "positive_deltas",
                        Collections.nCopies(1_000_000, 0L))))
                .contains("buckets=1000000");
        assertThat(refusal(HistogramOracle.raw("positive_spans", Collections.nCopies(20_000, 0))))
                .contains("at most 8192 spans: positive spans=10000");
        assertThat(peaks.get(Kind.HISTOGRAM_BUCKETS)).isEqualTo(1_000_000);
    }

    @Test
    void moreHistogramsInARequestThanAllowed() {
        byte[] empty = HistogramOracle.raw("count_int", 0L);
        WriteReport report = histograms(Collections.nCopies(25, empty).toArray(new byte[0][]));
        assertThat(report.accepted()).isEqualTo(20);
        assertThat(report.reasons()).containsExactly(Map.entry("histograms_per_request", 5L));
        assertThat(report.first()).isEqualTo("more native histograms in a request than the limit: limit=20");
        assertThat(histograms(empty).accepted()).as("the next request").isEqualTo(1);
    }

    @Test
    void repeatedFieldsAreReadAsProtobufSays() {
        byte[] message = HistogramOracle.written(out -> {
            out.writeUInt64(1, 77);
            out.writeDouble(2, 0.5);
            out.writeUInt64(1, 6); // the last of the two kinds of count is the one
            out.writeSInt32(4, 3);
            out.writeSInt32(4, 2);
            out.writeByteArray(11, HistogramOracle.written(span -> {
                span.writeSInt32(1, 1);
                span.writeUInt32(2, 3);
            }));
            out.writeSInt64(12, 1); // not packed
            out.writeByteArray(12, new byte[] {2, 2}); // packed: 1, 1
            out.writeInt32(14, 99); // a hint of a later version
            out.writeInt64(15, 9);
            out.writeUInt64(500, 1);
        });
        assertThat(histograms(message).refused()).isZero();
        assertThat(engine.histograms())
                .extracting(Counted::histogram)
                .containsExactly(Histogram.integer(
                        HistogramLayout.exponential(2, false, 0, new int[] {1, 3}, NONE),
                        ResetHint.UNKNOWN,
                        0,
                        6,
                        0,
                        1,
                        2,
                        3));
    }

    @Test
    void damagedBytesCostTheRequest() {
        assertThatThrownBy(() -> histograms(HistogramOracle.written(out -> out.writeByteArray(13, new byte[7]))))
                .isInstanceOf(MalformedWriteException.class)
                .hasMessageContaining("doubles of eight bytes each: length=7");
        assertThatThrownBy(() -> histograms(HistogramOracle.written(out -> {
                    out.writeByteArray(12, new byte[] {1, -128});
                    out.writeUInt64(1, 5);
                })))
                .hasMessageContaining("a number is cut off");
        assertThatThrownBy(() -> histograms(new byte[] {90, 2, 8, -1})).isInstanceOf(MalformedWriteException.class);
        assertThatThrownBy(() -> histograms(new byte[] {90, 127}))
                .hasMessageContaining("a field ends after its message: length=127");
        assertThatThrownBy(() -> exemplars(new byte[] {10, 4, 10, 9, 'a', 'b'}))
                .isInstanceOf(MalformedWriteException.class);
    }

    @Test
    void exemplarsArriveWithTheirTimes() {
        Exemplar one = new Exemplar(Labels.of("trace_id", "a", "span_id", "é"), 7, 0.25);
        byte[] bytes = HistogramOracle.request(LABELS, List.of(), List.of(HistogramOracle.message(one)));
        assertThat(decode(Resolution.NANOS, bytes).accepted()).isEqualTo(1);
        assertThat(engine.exemplars()).containsExactly(new Exemplar(one.labels(), 7_000_000, 0.25));
    }

    @Test
    void exemplarsThatAreNoneAreRefusedAlone() {
        byte[] good = HistogramOracle.message(new Exemplar(Labels.EMPTY, 1, 1));
        byte[] tooLong = HistogramOracle.written(out -> label(out, "trace_id", "x".repeat(2_000)));
        byte[] manyPoints = HistogramOracle.written(out -> label(out, "a", "x".repeat(600)));
        byte[] twice = HistogramOracle.written(out -> {
            label(out, "a", "1");
            label(out, "a", "2");
        });
        byte[] noName = HistogramOracle.written(out -> label(out, "", "1"));
        byte[] noText = HistogramOracle.written(out -> out.writeByteArray(1, new byte[] {18, 2, -64, -128}));
        byte[] flood = HistogramOracle.written(out -> {
            for (int i = 0; i < 10_000; i++) {
                out.writeByteArray(1, new byte[0]);
            }
        });
        WriteReport report = exemplars(good, tooLong, manyPoints, twice, noName, noText, flood, good);
        assertThat(report.accepted()).isEqualTo(2);
        assertThat(report.reasons()).containsExactly(Map.entry("exemplar", 6L));
        assertThat(report.first())
                .isEqualTo("not an exemplar: labels of an exemplar take at most 1000 bytes in UTF-8, with two for the"
                        + " length of each text: found=2012");
    }

    private static void label(com.google.protobuf.CodedOutputStream out, String name, String value)
            throws java.io.IOException {
        out.writeByteArray(1, HistogramOracle.written(label -> {
            label.writeString(1, name);
            label.writeString(2, value);
        }));
    }

    @Test
    void timesThatDoNotFitAndSeriesThatBreakARule() {
        byte[] late = HistogramOracle.request(
                LABELS,
                List.of(HistogramOracle.raw("timestamp", Long.MAX_VALUE), HistogramOracle.raw("timestamp", 5L)),
                List.of(HistogramOracle.message(new Exemplar(Labels.EMPTY, Long.MAX_VALUE / 3, 1))));
        WriteReport report = decode(Resolution.NANOS, late);
        assertThat(report.accepted()).isEqualTo(1);
        assertThat(report.reasons()).containsExactly(Map.entry("time_out_of_range", 2L));
        byte[] nameless = HistogramOracle.request(
                List.of("job", "x"),
                List.of(HistogramOracle.raw("timestamp", 5L)),
                List.of(HistogramOracle.message(new Exemplar(Labels.EMPTY, 1, 1))));
        assertThat(decode(Resolution.MILLIS, nameless).reasons()).containsExactly(Map.entry("no_metric_name", 2L));
    }

    @Test
    void aFullBatchIsCommittedOnTheWay() {
        RecordingAppender small = new RecordingAppender(Durability.SYNCED, 2);
        WriteSession session = new WriteSession(durability -> small, Resolution.MILLIS);
        session.begin(Durability.SYNCED);
        byte[] empty = HistogramOracle.raw("count_int", 0L);
        byte[] example = HistogramOracle.message(new Exemplar(Labels.EMPTY, 1, 1));
        byte[] bytes = HistogramOracle.request(LABELS, List.of(empty, empty, empty), List.of(example, example));
        decoder.decode(bytes, 0, bytes.length, session);
        assertThat(session.finish().toCompletableFuture().join().accepted()).isEqualTo(5);
        assertThat(small.commits()).isEqualTo(3);
        assertThat(small.histograms()).hasSize(3);
        assertThat(small.exemplars()).hasSize(2);
    }
}
