package io.varve.server.scrape.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.expositionformats.generated.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Messages that protobuf-java writes are read as they were meant; damaged ones fail as a whole. */
@SuppressWarnings("NonCanonicalType") // see MetricsProtobuf
class PrometheusProtobufTest {

    private static Metrics.LabelPair label(String name, String value) {
        return Metrics.LabelPair.newBuilder().setName(name).setValue(value).build();
    }

    private static byte[] bytes(Metrics.MetricFamily... families) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Metrics.MetricFamily family : families) {
            family.writeDelimitedTo(out);
        }
        return out.toByteArray();
    }

    private static List<String> read(Metrics.MetricFamily... families) throws IOException {
        return RecordingSink.parse(new PrometheusProtobuf(true, false), bytes(families));
    }

    private static Metrics.Exemplar exemplar(String trace) {
        Metrics.Exemplar.Builder exemplar =
                Metrics.Exemplar.newBuilder().addLabel(label("trace", trace)).setValue(0.5);
        exemplar.getTimestampBuilder().setSeconds(10).setNanos(500_000_000);
        return exemplar.build();
    }

    @Test
    void countersGaugesAndUntyped() throws IOException {
        Metrics.MetricFamily.Builder counter = Metrics.MetricFamily.newBuilder()
                .setName("c_total")
                .setHelp("A counter.")
                .setUnit("seconds")
                .setType(Metrics.MetricType.COUNTER);
        Metrics.Metric.Builder metric =
                counter.addMetricBuilder().addLabel(label("x", "1")).addLabel(label("b", "2"));
        metric.getCounterBuilder().setValue(3).setExemplar(exemplar("t"));
        metric.getCounterBuilder().getCreatedTimestampBuilder().setSeconds(9);
        metric.setTimestampMs(1_700_000_000_000L);
        Metrics.MetricFamily.Builder gauge =
                Metrics.MetricFamily.newBuilder().setName("g").setType(Metrics.MetricType.GAUGE);
        gauge.addMetricBuilder().getGaugeBuilder().setValue(-1.5);
        Metrics.MetricFamily.Builder untyped =
                Metrics.MetricFamily.newBuilder().setName("odd name").setType(Metrics.MetricType.UNTYPED);
        untyped.addMetricBuilder().getUntypedBuilder().setValue(7);
        assertThat(read(counter.build(), gauge.build(), untyped.build()))
                .containsExactly(
                        "metadata c_total|counter|A counter.|seconds",
                        "c_total{b=\"2\",x=\"1\"} 3.0 @1700000000000",
                        "exemplar {trace=\"t\"} 0.5 @10500",
                        "start 9000",
                        "metadata g|gauge||",
                        "g -1.5",
                        "metadata odd name|unknown||",
                        "odd name 7.0");
    }

    @Test
    void summariesAndClassicHistograms() throws IOException {
        Metrics.MetricFamily.Builder summary =
                Metrics.MetricFamily.newBuilder().setName("s").setType(Metrics.MetricType.SUMMARY);
        Metrics.Summary.Builder s =
                summary.addMetricBuilder().addLabel(label("a", "b")).getSummaryBuilder();
        s.setSampleCount(5)
                .setSampleSum(2.5)
                .addQuantileBuilder()
                .setQuantile(0.5)
                .setValue(0.25);
        s.getCreatedTimestampBuilder().setSeconds(3);
        Metrics.MetricFamily.Builder classic =
                Metrics.MetricFamily.newBuilder().setName("h").setType(Metrics.MetricType.HISTOGRAM);
        Metrics.Histogram.Builder h = classic.addMetricBuilder().getHistogramBuilder();
        h.setSampleCount(4).setSampleSum(8);
        h.addBucketBuilder().setUpperBound(1).setCumulativeCount(3).setExemplar(exemplar("t"));
        assertThat(read(summary.build(), classic.build()))
                .containsExactly(
                        "metadata s|summary||",
                        "s{a=\"b\",quantile=\"0.5\"} 0.25",
                        "s_count{a=\"b\"} 5.0",
                        "start 3000",
                        "s_sum{a=\"b\"} 2.5",
                        "start 3000",
                        "metadata h|histogram||",
                        "h_bucket{le=\"1.0\"} 3.0",
                        "exemplar {trace=\"t\"} 0.5 @10500",
                        "h_bucket{le=\"+Inf\"} 4.0",
                        "h_count 4.0",
                        "h_sum 8.0");
    }

    private static Metrics.MetricFamily nativeHistogram(boolean floats, boolean gauge) {
        Metrics.MetricFamily.Builder family = Metrics.MetricFamily.newBuilder()
                .setName("n")
                .setType(gauge ? Metrics.MetricType.GAUGE_HISTOGRAM : Metrics.MetricType.HISTOGRAM);
        Metrics.Histogram.Builder h = family.addMetricBuilder().getHistogramBuilder();
        h.setSchema(2).setSampleSum(10).setZeroThreshold(0.001);
        h.addPositiveSpanBuilder().setOffset(-1).setLength(2);
        h.addNegativeSpanBuilder().setOffset(3).setLength(1);
        if (floats) {
            h.setSampleCountFloat(7.5)
                    .setZeroCountFloat(1.5)
                    .addPositiveCount(2)
                    .addPositiveCount(3)
                    .addNegativeCount(1);
        } else {
            h.setSampleCount(7)
                    .setZeroCount(1)
                    .addPositiveDelta(2)
                    .addPositiveDelta(1)
                    .addNegativeDelta(1);
        }
        h.addExemplars(exemplar("e"));
        h.addBucketBuilder().setUpperBound(2).setCumulativeCount(6);
        return family.build();
    }

    @Test
    void nativeHistogramsOfIntegersAndFloatsWithClassicOnesBesideThemIfAskedFor() throws IOException {
        assertThat(read(nativeHistogram(false, false)).get(1))
                .startsWith("n count=7.0 sum=10.0 hint=UNKNOWN zero=1.0 buckets=[2.0, 3.0, 1.0]");
        assertThat(read(nativeHistogram(false, false))).hasSize(3).contains("exemplar {trace=\"e\"} 0.5 @10500");
        assertThat(read(nativeHistogram(true, true)).get(1))
                .startsWith("n count=7.5 sum=10.0 hint=GAUGE zero=1.5 buckets=[2.0, 3.0, 1.0]");
        List<String> both =
                RecordingSink.parse(new PrometheusProtobuf(true, true), bytes(nativeHistogram(false, false)));
        assertThat(both).contains("n_bucket{le=\"2.0\"} 6.0", "n_bucket{le=\"+Inf\"} 7.0", "n_count 7.0", "n_sum 10.0");
        List<String> classic =
                RecordingSink.parse(new PrometheusProtobuf(false, false), bytes(nativeHistogram(false, false)));
        assertThat(classic).doesNotContain(both.get(1)).contains("n_bucket{le=\"2.0\"} 6.0", "n_count 7.0");
    }

    @Test
    void aNativeHistogramWithoutObservationsIsOneByItsEmptySpan() throws IOException {
        Metrics.MetricFamily.Builder family =
                Metrics.MetricFamily.newBuilder().setName("n").setType(Metrics.MetricType.HISTOGRAM);
        family.addMetricBuilder().getHistogramBuilder().setSchema(3).addPositiveSpanBuilder();
        assertThat(read(family.build())).hasSize(2);
        assertThat(read(family.build()).get(1)).startsWith("n count=0.0 sum=0.0 hint=UNKNOWN zero=0.0 buckets=[]");
    }

    @Test
    void fieldsOfLaterVersionsArePassedOver() throws IOException {
        Metrics.MetricFamily.Builder gauge =
                Metrics.MetricFamily.newBuilder().setName("g").setType(Metrics.MetricType.GAUGE);
        gauge.addMetricBuilder().getGaugeBuilder().setValue(1);
        byte[] later = {(byte) 0x98, 6, 5, (byte) 0x9d, 6, 1, 2, 3, 4, (byte) 0x9a, 6, 1, 'x'}; // field 99, three types
        byte[] family = gauge.build().toByteArray();
        byte[] all = new byte[1 + family.length + later.length];
        all[0] = (byte) (family.length + later.length);
        System.arraycopy(family, 0, all, 1, family.length);
        System.arraycopy(later, 0, all, 1 + family.length, later.length);
        assertThat(RecordingSink.parse(new PrometheusProtobuf(true, false), all))
                .containsExactly("metadata g|gauge||", "g 1.0");
    }

    @Test
    void whatIsDamagedFailsAsAWhole() throws IOException {
        byte[] good = bytes(nativeHistogram(false, false), nativeHistogram(true, false));
        PrometheusProtobuf parser = new PrometheusProtobuf(true, true);
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < good.length; i++) {
            for (int cut = 0; cut < 2; cut++) {
                byte[] bad = cut == 0 ? java.util.Arrays.copyOf(good, i) : good.clone();
                if (cut == 1) {
                    bad[i] ^= (byte) (1 << random.nextInt(8));
                }
                try {
                    RecordingSink.parse(parser, bad);
                } catch (MalformedExpositionException e) {
                    refused++; // the one way to fail
                }
            }
        }
        assertThat(refused).isGreaterThan(good.length / 2);
        assertThatThrownBy(() -> RecordingSink.parse(parser, new byte[] {2, 8, 0}))
                .hasMessage("a family without a name, or of no type: type=0");
        Metrics.MetricFamily empty = Metrics.MetricFamily.newBuilder()
                .setName("e")
                .addMetric(Metrics.Metric.getDefaultInstance())
                .build();
        assertThatThrownBy(() -> read(empty)).hasMessageContaining("a metric without a value");
    }
}
