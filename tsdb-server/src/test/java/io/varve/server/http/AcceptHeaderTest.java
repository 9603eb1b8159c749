package io.varve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.server.http.AcceptHeader.Offer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AcceptHeaderTest {

    private static final List<Offer> OFFERS = List.of(
            new Offer("text", "plain", Map.of("version", "0.0.4")),
            new Offer("application", "openmetrics-text", Map.of("version", "1.0.0")),
            new Offer(
                    "application",
                    "vnd.google.protobuf",
                    Map.of("proto", "io.prometheus.client.MetricFamily", "encoding", "delimited")));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // what Prometheus 2.42 sends, without and with native histograms
                "1|application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                "2|application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,"
                        + "application/openmetrics-text;version=1.0.0;q=0.8,"
                        + "application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                // what Prometheus 3 sends, without and with native histograms
                "1|application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
                        + "application/openmetrics-text;version=0.0.1;q=0.4,"
                        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,"
                        + "/;q=0.1,*/*;q=0.1",
                "2|application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
                        + "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
                        + "application/openmetrics-text;version=0.0.1;q=0.4,"
                        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,"
                        + "*/*;q=0.1",
                // browsers and command lines
                "0|text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8",
                "0|*/*",
                "0|text/plain",
                // protobuf of another kind is not offered
                "0|application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text,*/*;q=0.1",
                "0|application/vnd.google.protobuf;proto=another.Family;encoding=delimited",
                // quality decides, not order; at the same quality order does
                "0|application/openmetrics-text;q=0.2,text/plain;q=0.7",
                "1|application/openmetrics-text,text/plain",
                "0|text/plain,application/openmetrics-text",
                // the most specific range counts, and 0 means never
                "1|application/*;q=0.9,application/vnd.google.protobuf;q=0.1,text/*;q=0.5",
                "1|*/*,text/plain;q=0,application/vnd.google.protobuf;q=0",
                "0|application/openmetrics-text;q=0",
                // quotes, spaces, capitals
                "1|Application/OpenMetrics-Text ; Version=\"1.0.0\" ; Q=0.9 , text/plain;q=0.3",
                "1|text/plain;note=\"a,b;q=1\";q=0.1,application/openmetrics-text;q=0.2",
                // what cannot be read is passed over
                "0|;;;,,,=,/,a/,/b,text",
                "0|application/openmetrics-text;q=2,text/plain;q=0.1",
                "0|application/openmetrics-text;q=NaN",
                "1|application/openmetrics-text;q=0.5,text/plain;q=\"",
                "0|\"",
            })
    void the_best_form_is_chosen(int expected, String header) {
        assertThat(AcceptHeader.of(header).best(OFFERS)).isEqualTo(expected);
    }

    @Test
    void without_a_header_the_first_is_given() {
        assertThat(AcceptHeader.of(null).best(OFFERS)).isZero();
        assertThat(AcceptHeader.of("").best(OFFERS)).isZero();
    }

    @Test
    void a_long_header_is_read_up_to_its_bound() {
        String many = "a/b,".repeat(100_000);
        assertThat(AcceptHeader.of("application/openmetrics-text," + many).best(OFFERS))
                .isEqualTo(1);
        assertThat(AcceptHeader.of(many + "application/openmetrics-text").best(OFFERS))
                .isZero();
    }
}
