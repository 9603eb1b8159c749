package io.varve.server.scrape.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.expositionformats.generated.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Any bytes are read or refused; the same metrics in three formats are the same series. */
@SuppressWarnings("NonCanonicalType") // see MetricsProtobuf
class ExpositionProperties {

    private static final String ALPHABET = "ab_:{}\"\\=,# \n\t1.5e+-NaInf\u00e9EOFHLPTY";

    @Property(tries = 2_000)
    void anyBytesAreReadOrRefused(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(200); i > 0; i--) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(3); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        readOrRefused(new PrometheusText(), bytes);
        readOrRefused(new OpenMetricsText(), bytes);
        readOrRefused(new PrometheusProtobuf(true, true), bytes);
    }

    private static void readOrRefused(ExpositionParser parser, byte[] bytes) {
        try {
            assertThat(RecordingSink.parse(parser, bytes)).isNotNull();
        } catch (MalformedExpositionException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @Property(tries = 200)
    void allFormatsAgree(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        ByteArrayOutputStream proto = new ByteArrayOutputStream();
        for (int m = 0; m < 5; m++) {
            Metrics.MetricFamily.Builder family =
                    Metrics.MetricFamily.newBuilder().setName("m" + m).setType(Metrics.MetricType.UNTYPED);
            for (int s = 0; s < 3; s++) {
                String value = randomText(random);
                double sample = Double.longBitsToDouble(random.nextLong());
                sample = random.nextInt(3) == 0 ? random.nextInt(1_000) / 8.0 : sample;
                Metrics.Metric.Builder metric = family.addMetricBuilder();
                metric.addLabelBuilder().setName("s").setValue(Integer.toString(s));
                metric.addLabelBuilder().setName("a b").setValue(value);
                metric.getUntypedBuilder().setValue(sample);
                text.append("m" + m + "{s=\"" + s + "\",\"a b\"=\"")
                        .append(value.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\""))
                        .append("\"} ")
                        .append(sample)
                        .append('\n');
            }
            family.build().writeDelimitedTo(proto);
        }
        List<String> plain = samples(new PrometheusText(), text.toString().getBytes(StandardCharsets.UTF_8));
        assertThat(plain).hasSize(15);
        assertThat(samples(new OpenMetricsText(), (text + "# EOF\n").getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(plain);
        assertThat(samples(new PrometheusProtobuf(false, false), proto.toByteArray()))
                .isEqualTo(plain);
    }

    private static List<String> samples(ExpositionParser parser, byte[] bytes) {
        List<String> samples = new ArrayList<>(RecordingSink.parse(parser, bytes));
        samples.removeIf(line -> line.startsWith("metadata"));
        return samples;
    }

    private static String randomText(Random random) {
        String letters = "ab\\\"\n{}=, \u00e9\u4e16";
        StringBuilder text = new StringBuilder("x");
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
