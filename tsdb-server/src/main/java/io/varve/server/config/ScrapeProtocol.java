package io.varve.server.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Formats in which a target may be asked for its metrics. */
public enum ScrapeProtocol {
    /** Messages of protobuf, each behind its length; the one format that carries native histograms. */
    PROTOBUF(
            "PrometheusProto",
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"),
    OPEN_METRICS_1("OpenMetricsText1.0.0", "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8"),
    OPEN_METRICS_0("OpenMetricsText0.0.1", "application/openmetrics-text;version=0.0.1"),
    TEXT_1("PrometheusText1.0.0", "text/plain;version=1.0.0;escaping=allow-utf-8"),
    TEXT_0("PrometheusText0.0.4", "text/plain;version=0.0.4");

    /** What is asked for where nothing is written, the best first. */
    public static final List<ScrapeProtocol> DEFAULTS = List.of(OPEN_METRICS_1, OPEN_METRICS_0, TEXT_1, TEXT_0);

    private final String label;
    private final String accepted;

    ScrapeProtocol(String label, String accepted) {
        this.label = label;
        this.accepted = accepted;
    }

    /** Its name in a configuration. */
    public String label() {
        return label;
    }

    /** Its media type in a request. */
    public String mediaType() {
        return accepted;
    }

    /** The header {@code Accept} that asks for formats, the best first. */
    public static String accept(List<ScrapeProtocol> protocols) {
        StringBuilder header = new StringBuilder();
        int weight = protocols.size() + 1;
        for (ScrapeProtocol protocol : protocols) {
            header.append(protocol.accepted).append(";q=0.").append(weight--).append(',');
        }
        return header.append("*/*;q=0.1").toString();
    }

    static @Nullable ScrapeProtocol byLabel(String label) {
        for (ScrapeProtocol protocol : values()) {
            if (protocol.label.equals(label)) {
                return protocol;
            }
        }
        return null;
    }

    /** The names of all. */
    static List<String> labels() {
        List<String> labels = new ArrayList<>();
        for (ScrapeProtocol protocol : values()) {
            labels.add(protocol.label);
        }
        return labels;
    }
}
