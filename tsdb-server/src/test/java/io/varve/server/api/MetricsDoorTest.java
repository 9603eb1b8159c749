package io.varve.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prometheus.metrics.expositionformats.generated.Metrics;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.telemetry.Distribution;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.NativeHistograms;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.TelemetryConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("NonCanonicalType") // of the generated classes, whose canonical name has a version in it
final class MetricsDoorTest {

    private static final String OPEN_METRICS = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5";
    private static final String PROTOBUF =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
                    + "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,*/*;q=0.1";
    private static final long SECOND = 1_000_000_000L;
    private static final long TIME = 1_700_000_000L * SECOND + 123_000_000L;

    private static final List<Exemplar> EXEMPLARS = List.of(
            new Exemplar(Labels.of("trace_id", "t1", "span_id", "s1"), TIME, 0.003),
            new Exemplar(Labels.of("trace_id", "t2"), TIME + SECOND, 0.004),
            new Exemplar(Labels.of("request_id", "r3"), TIME + 2 * SECOND, 0.25));

    private final Telemetry telemetry =
            Telemetry.create(TelemetryConfig.defaults().ticking(false));
    private final Distribution latency =
            telemetry.latency(Metric.named("put_duration_seconds").help("Puts."), "node");
    private final Map<String, List<Exemplar>> exemplars = new TreeMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private MetricsServer server;

    @BeforeEach
    void start() throws IOException {
        telemetry.counter("puts.total", "status").labels("ok").add(3);
        for (int i = 0; i <= 1_000; i++) {
            latency.labels("b").record(i * 1_000L);
        }
        latency.labels("a").record(250_000_000L);
        server = new MetricsServer(telemetry, exemplars);
    }

    @AfterEach
    void stop() {
        server.close();
        telemetry.close();
    }

    private HttpResponse<byte[]> get(String accept) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/metrics"))
                        .header("Accept", accept)
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private String text(String accept, String expectedType) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = get(accept);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith(expectedType);
        assertThat(response.headers().allValues("Vary")).contains("Accept");
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private Map<String, Metrics.MetricFamily> families() throws IOException, InterruptedException {
        HttpResponse<byte[]> response = get(PROTOBUF);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue("application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; "
                        + "encoding=delimited");
        Map<String, Metrics.MetricFamily> families = new TreeMap<>();
        ByteArrayInputStream in = new ByteArrayInputStream(response.body());
        while (in.available() > 0) {
            Metrics.MetricFamily family = Metrics.MetricFamily.parseDelimitedFrom(in);
            families.put(family.getName(), family);
        }
        return families;
    }

    private Metrics.MetricFamily family(String name) throws IOException, InterruptedException {
        Metrics.MetricFamily family = families().get(name);
        assertThat(family).as(name).isNotNull();
        return family;
    }

    private Metrics.Histogram histogram(String node) throws IOException, InterruptedException {
        Metrics.MetricFamily family = family("put_duration_seconds");
        assertThat(family.getType()).isEqualTo(Metrics.MetricType.HISTOGRAM);
        return family.getMetricList().stream()
                .filter(metric -> metric.getLabel(0).getValue().equals(node))
                .findFirst()
                .orElseThrow()
                .getHistogram();
    }

    @Test
    void text_shows_quantiles_and_no_exemplars() throws Exception {
        exemplars.put("put_duration_seconds", EXEMPLARS);
        String body = text("*/*", "text/plain; version=0.0.4");
        assertThat(body)
                .contains("# TYPE put_duration_seconds summary\n")
                .contains("put_duration_seconds_count{node=\"b\"} 1001\n")
                .contains("puts_total{status=\"ok\"} 3.0\n")
                .doesNotContain("trace_id");
    }

    @Test
    void open_metrics_shows_no_exemplars_of_quantiles_since_readers_refuse_all_then() throws Exception {
        exemplars.put("put_duration_seconds", EXEMPLARS);
        String body = text(OPEN_METRICS, "application/openmetrics-text; version=1.0.0");
        assertThat(body)
                .contains("# TYPE put_duration_seconds summary\n")
                .contains("put_duration_seconds{node=\"b\",quantile=\"0.99\"}")
                .doesNotContain("trace_id")
                .endsWith("# EOF\n");
    }

    @Test
    void protobuf_shows_native_histograms_in_seconds() throws Exception {
        Metrics.Histogram shown = histogram("b");
        Histogram expected = NativeHistograms.of(latency.labels("b").total(), 1e-9);
        assertThat(shown.getSampleCount()).isEqualTo(1_001);
        assertThat(shown.getSampleSum()).isCloseTo(0.5005, within(1e-12));
        assertThat(shown.getSchema()).isEqualTo(5);
        assertThat(shown.getZeroCount()).isEqualTo(1);
        assertThat(shown.getZeroThreshold()).isEqualTo(NativeHistograms.ZERO_THRESHOLD);
        assertThat(counts(shown)).isEqualTo(counts(expected)).isNotEmpty();
        assertThat(shown.getBucketCount()).isZero();
        assertThat(family("puts_total").getMetric(0).getCounter().getValue()).isEqualTo(3);
    }

    @Test
    void protobuf_shows_all_exemplars_and_the_last_where_older_readers_look() throws Exception {
        exemplars.put("put_duration_seconds", EXEMPLARS);
        for (String node : List.of("a", "b")) {
            Metrics.Histogram shown = histogram(node);
            assertThat(shown.getExemplarsList())
                    .extracting(exemplar -> exemplar.getLabelList().stream()
                            .map(label -> label.getName() + "=" + label.getValue())
                            .toList())
                    .containsExactly(
                            List.of("span_id=s1", "trace_id=t1"), List.of("trace_id=t2"), List.of("request_id=r3"));
            assertThat(shown.getExemplars(0).getValue()).isEqualTo(0.003);
            assertThat(shown.getExemplars(0).getTimestamp().getSeconds()).isEqualTo(1_700_000_000L);
            assertThat(shown.getExemplars(0).getTimestamp().getNanos()).isEqualTo(123_000_000);
            assertThat(shown.getBucketCount()).isEqualTo(1);
            assertThat(shown.getBucket(0).getUpperBound()).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(shown.getBucket(0).getExemplar().getLabel(0).getValue()).isEqualTo("r3");
        }
        assertThat(counts(histogram("b")))
                .isEqualTo(counts(NativeHistograms.of(latency.labels("b").total(), 1e-9)));
    }

    @Test
    void what_was_made_and_never_recorded_into_is_a_native_histogram_too() throws Exception {
        latency.labels("c");
        Metrics.Histogram shown = histogram("c");
        assertThat(shown.getSampleCount()).isZero();
        assertThat(shown.getZeroThreshold()).isPositive();
    }

    @Test
    void exemplars_of_any_labels_break_no_form() throws Exception {
        exemplars.put(
                "put_duration_seconds",
                List.of(
                        new Exemplar(Labels.of("a.b", "1", "a_b", "2", "9", "3", "__x", "4"), TIME, 0.001),
                        new Exemplar(Labels.of("ünï", "\"\n\\", "q", "x".repeat(120)), TIME, Double.NaN),
                        new Exemplar(Labels.EMPTY, -5, Double.POSITIVE_INFINITY)));
        assertThat(labels(histogram("a").getExemplars(0))).containsExactly("_9=3", "_x=4", "a_b=1");
        assertThat(labels(histogram("a").getExemplars(1))).contains("_n_=\"\n\\");
        assertThat(histogram("a").getExemplarsCount()).isEqualTo(3);
        assertThat(text("text/plain", "text/plain")).contains("put_duration_seconds_count");
    }

    @Test
    void what_leads_to_the_message_is_kept_where_labels_are_too_long() throws Exception {
        Labels labels = Labels.of("9", "y".repeat(68), "request_id", "r".repeat(30), "trace_id", "t".repeat(11));
        exemplars.put("put_duration_seconds", List.of(new Exemplar(labels, TIME, 0.001))); // 128, shown as "_9": 129
        assertThat(labels(histogram("a").getExemplars(0)))
                .containsExactly("request_id=" + "r".repeat(30), "trace_id=ttttttttttt");
        Labels longer = labels.with("a", "b").with("request_id", "r".repeat(200));
        assertThat(ExemplarLabels.shown(longer).stream().map(label -> label.getName()))
                .containsExactly("_9", "a", "trace_id");
    }

    private static List<String> labels(Metrics.Exemplar exemplar) {
        return exemplar.getLabelList().stream()
                .map(label -> label.getName() + "=" + label.getValue())
                .toList();
    }

    private static Map<Integer, Long> counts(Metrics.Histogram histogram) {
        List<Integer> indexes = new ArrayList<>();
        int index = 0;
        for (Metrics.BucketSpan span : histogram.getPositiveSpanList()) {
            index += span.getOffset();
            for (int i = 0; i < span.getLength(); i++) {
                indexes.add(index++);
            }
        }
        Map<Integer, Long> counts = new TreeMap<>();
        long count = 0;
        for (int i = 0; i < histogram.getPositiveDeltaCount(); i++) {
            count += histogram.getPositiveDelta(i);
            if (count > 0) {
                counts.put(indexes.get(i), count);
            }
        }
        return counts;
    }

    private static Map<Integer, Long> counts(Histogram histogram) {
        Map<Integer, Long> counts = new TreeMap<>();
        int index = 0;
        int place = 0;
        for (int span = 0; span < histogram.layout().positiveSpans(); span++) {
            index += histogram.layout().spanOffset(span);
            for (int i = 0; i < histogram.layout().spanLength(span); i++) {
                counts.put(index++, histogram.bucketBits(place++));
            }
        }
        return counts;
    }
}
