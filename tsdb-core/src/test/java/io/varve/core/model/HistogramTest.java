package io.varve.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What is no histogram, exemplar or metadata is refused, with what was found. */
class HistogramTest {

    private static final int[] NONE = {};
    private static final HistogramLayout TWO =
            HistogramLayout.exponential(0, false, 0.001, new int[] {0, 1}, new int[] {0, 1});
    private static final HistogramLayout TWO_FLOATS =
            HistogramLayout.exponential(0, true, 0.001, new int[] {0, 1}, new int[] {0, 1});

    private static void refused(String reason, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(reason);
    }

    @Test
    void layoutsKeepTheRules() {
        refused("schema=9", () -> HistogramLayout.exponential(9, false, 0, NONE, NONE));
        refused("schema=-5", () -> HistogramLayout.exponential(-5, false, 0, NONE, NONE));
        refused("zeroThreshold=NaN", () -> HistogramLayout.exponential(0, false, Double.NaN, NONE, NONE));
        refused("zeroThreshold=-1", () -> HistogramLayout.exponential(0, false, -1, NONE, NONE));
        refused("span=1, offset=-1", () -> HistogramLayout.exponential(0, false, 0, new int[] {0, 2, -1, 2}, NONE));
        refused("length=-2", () -> HistogramLayout.exponential(0, false, 0, NONE, new int[] {0, -2}));
        refused("numbers=3", () -> HistogramLayout.exponential(0, false, 0, new int[3], NONE));
        refused(
                "buckets=8193",
                () -> HistogramLayout.exponential(0, false, 0, new int[] {0, 8_000}, new int[] {0, 193}));
        refused(
                "end=2147483648",
                () -> HistogramLayout.exponential(0, false, 0, new int[] {Integer.MAX_VALUE, 1}, NONE));
        refused("spans=8193", () -> HistogramLayout.exponential(0, false, 0, new int[2 * 8_193], NONE));
        assertThat(HistogramLayout.exponential(-4, true, 0, new int[] {-9, 2, 3, 1}, new int[] {7, 4})
                        .buckets())
                .isEqualTo(7);
    }

    @Test
    void customBoundsKeepTheRules() {
        refused("bound=1.0, place=1", () -> HistogramLayout.custom(false, NONE, 1, 1));
        refused("bound=NaN", () -> HistogramLayout.custom(false, NONE, Double.NaN));
        refused("bound=Infinity", () -> HistogramLayout.custom(false, NONE, 1, Double.POSITIVE_INFINITY));
        refused("last=2", () -> HistogramLayout.custom(false, new int[] {0, 3}, 1));
        refused("bounds=1, last=-1", () -> HistogramLayout.custom(false, new int[] {-1, 1}, 1));
        refused("bounds=8193", () -> HistogramLayout.custom(false, NONE, new double[8_193]));
        HistogramLayout layout = HistogramLayout.custom(false, new int[] {0, 2}, -1);
        assertThat(layout.buckets()).isEqualTo(2);
        refused("no zero bucket", () -> Histogram.integer(layout, ResetHint.UNKNOWN, 1, 3, 0, 1, 1));
    }

    @Test
    void countsOfIntegersAddUp() {
        ResetHint hint = ResetHint.UNKNOWN;
        refused("buckets=6, count=7", () -> Histogram.integer(TWO, hint, 1, 7, 0.5, 2, 3));
        refused("buckets=6, count=5", () -> Histogram.integer(TWO, hint, 1, 5, Double.NaN, 2, 3));
        refused("bucket 1=-3", () -> Histogram.integer(TWO, hint, 1, 0, 0.5, 2, -3));
        refused("zero bucket=-1", () -> Histogram.integer(TWO, hint, -1, 0, 0.5, 0, 1));
        refused(
                "2^63 - 1: bucket=1",
                () -> Histogram.integer(TWO, hint, 1, Long.MAX_VALUE, 0.5, Long.MAX_VALUE - 1, 1));
        refused("buckets=1", () -> Histogram.integer(TWO, hint, 0, 1, 0.5, 1));
        refused("float=false", () -> Histogram.integer(TWO_FLOATS, hint, 0, 1, 0.5, 1, 0));
        Histogram withNan = Histogram.integer(TWO, hint, 1, 7, Double.NaN, 2, 3);
        assertThat(withNan.count()).isEqualTo(7);
        assertThat(withNan.bucket(1)).isEqualTo(3);
    }

    @Test
    void countsOfFloatsAreFiniteAndAddUpButForRounding() {
        ResetHint hint = ResetHint.NOT_RESET;
        refused("count=5.0", () -> Histogram.floating(TWO_FLOATS, hint, 1, 5, 0.5, 2, 3));
        refused("bucket 0=NaN", () -> Histogram.floating(TWO_FLOATS, hint, 1, 5, 0.5, Double.NaN, 3));
        refused("count=Infinity", () -> Histogram.floating(TWO_FLOATS, hint, 1, Double.POSITIVE_INFINITY, 0.5, 2, 3));
        refused("bucket 1=-3.0", () -> Histogram.floating(TWO_FLOATS, hint, 1, 0, 0.5, 2, -3));
        assertThat(Histogram.floating(TWO_FLOATS, ResetHint.GAUGE, 1, 0, 0.5, 2, -3)
                        .bucket(1))
                .isEqualTo(-3);
        assertThat(Histogram.floating(TWO_FLOATS, hint, 0.1, 0.6, 0.5, 0.2, 0.3).zeroCount())
                .isEqualTo(0.1);
    }

    @Test
    void aStaleSumMakesTheStaleMarker() {
        Histogram stale = Histogram.integer(TWO, ResetHint.GAUGE, 1, 6, StaleMarker.VALUE, 2, 3);
        assertThat(stale).isEqualTo(Histogram.stale(false)).isNotEqualTo(Histogram.stale(true));
        assertThat(stale.isStale()).isTrue();
        assertThat(Histogram.floating(TWO_FLOATS, ResetHint.GAUGE, 1, 6, StaleMarker.VALUE, 2, 3))
                .isEqualTo(Histogram.stale(true));
    }

    @Test
    void equalityIsThatOfAllBits() {
        Histogram a = Histogram.integer(TWO, ResetHint.UNKNOWN, 1, 6, 0.0, 2, 3);
        assertThat(a).isEqualTo(Histogram.integer(TWO, ResetHint.UNKNOWN, 1, 6, 0.0, 2, 3));
        assertThat(a).hasSameHashCodeAs(Histogram.integer(TWO, ResetHint.UNKNOWN, 1, 6, 0.0, 2, 3));
        assertThat(a).isNotEqualTo(Histogram.integer(TWO, ResetHint.UNKNOWN, 1, 6, -0.0, 2, 3));
        assertThat(a).isNotEqualTo(Histogram.integer(TWO, ResetHint.RESET, 1, 6, 0.0, 2, 3));
        assertThat(a).isNotEqualTo(Histogram.integer(TWO, ResetHint.UNKNOWN, 1, 6, 0.0, 3, 2));
        HistogramLayout wider = HistogramLayout.exponential(0, false, 0.002, new int[] {0, 1}, new int[] {0, 1});
        assertThat(a).isNotEqualTo(Histogram.integer(wider, ResetHint.UNKNOWN, 1, 6, 0.0, 2, 3));
    }

    @Test
    void exemplarsAndMetadataAreBounded() {
        String text = "x".repeat(504);
        assertThat(new Exemplar(Labels.of("trace_id", text), 1, 2).labels().size())
                .isEqualTo(1);
        refused("found=513", () -> new Exemplar(Labels.of("trace_id_", text), 1, 2));
        String wide = "\ud83d\ude00".repeat(247); // 988 bytes
        assertThat(new Exemplar(Labels.of("trace_id", wide), 1, 2).labels().size())
                .isEqualTo(1);
        refused("found=1001", () -> new Exemplar(Labels.of("trace_id_", wide), 1, 2));
        refused("help=4097", () -> new Metadata(Metadata.Type.GAUGE, "x".repeat(4_097), ""));
        refused("unit=257", () -> new Metadata(Metadata.Type.GAUGE, "", "x".repeat(257)));
        refused("length=0", () -> Metadata.requireName(""));
        refused("start=5, time=5", () -> new StartTime(5, 5));
    }

    @Test
    void idsAreStable() {
        for (Metadata.Type type : Metadata.Type.values()) {
            assertThat(Metadata.Type.byId(type.id())).isEqualTo(type);
            assertThat(Metadata.Type.byLabel(type.label())).isEqualTo(type);
        }
        assertThat(Metadata.Type.byId(99)).isEqualTo(Metadata.Type.UNKNOWN);
        for (SampleKind kind : SampleKind.values()) {
            assertThat(SampleKind.byId(kind.id())).isEqualTo(kind);
        }
        refused("id=5", () -> SampleKind.byId(5));
    }
}
