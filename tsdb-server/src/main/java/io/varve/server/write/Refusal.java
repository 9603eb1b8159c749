package io.varve.server.write;

/** Why a door refuses a sample before the engine sees it; the engine's own reasons are its verdicts. */
public enum Refusal {
    LABELS_OUT_OF_ORDER("labels_out_of_order", "labels out of order"),
    DUPLICATE_LABEL("duplicate_label", "duplicate label name"),
    EMPTY_LABEL_NAME("empty_label_name", "label name is empty"),
    LABEL_NAME("label_name", "label name not valid in this format"),
    NOT_UTF8("label_not_utf8", "label is not valid UTF-8"),
    NO_METRIC_NAME("no_metric_name", "label __name__ is missing"),
    TOO_MANY_LABELS("too_many_labels", "label count over the limit"),
    LABEL_TOO_LONG("label_too_long", "label longer than the limit"),
    TIME_RANGE("time_out_of_range", "timestamp does not fit the store's resolution"),
    HISTOGRAM("native_histogram", "not a native histogram"),
    TOO_MANY_BUCKETS("histogram_buckets", "native histogram with more buckets than the limit"),
    TOO_MANY_HISTOGRAMS("histograms_per_request", "more native histograms in a request than the limit"),
    EXEMPLAR("exemplar", "not an exemplar"),
    SYNTAX("syntax", "not a line of the text format"),
    LINE_TOO_LONG("line_too_long", "line longer than the limit");

    private final String reason;
    private final String text;

    Refusal(String reason, String text) {
        this.reason = reason;
        this.text = text;
    }

    /** The reason as metrics and answers count it, in snake_case. */
    public String reason() {
        return reason;
    }

    /** The reason in words. */
    public String text() {
        return text;
    }
}
