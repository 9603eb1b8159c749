package io.varve.query.histogram;

/** What an answer says of histograms that went into it. */
public enum Flaw {
    /** A window with floats and histograms. */
    MIXED_SAMPLES(true, "encountered a mix of histograms and floats"),
    /** Exponential buckets and custom ones. */
    MIXED_BUCKETS(true, "encountered a mix of histograms with exponential and custom buckets"),
    /** Custom buckets of several bounds. */
    DIFFERENT_BOUNDS(false, "mismatched custom buckets were reconciled to the bounds that all have"),
    /** A histogram that says that it was reset, and one that says that it was not. */
    CONTRADICTING_RESETS(true, "conflicting counter resets of histograms"),
    /** A gauge where counters are meant. */
    NOT_COUNTER(true, "this native histogram metric is not a counter"),
    /** A counter where gauges are meant. */
    NOT_GAUGE(true, "this native histogram metric is not a gauge"),
    /** Histograms of a window that a function of floats left out. */
    IGNORED(false, "ignored histograms in a range containing both floats and histograms"),
    /** Floats of a window that a function of histograms left out. */
    FLOATS_IGNORED(false, "ignored floats in a range of which histograms are meant"),
    /** NaN among the observations below which a quantile lies. */
    SKEWED(false, "input to histogram_quantile has NaN observations, result is skewed higher"),
    /** So many NaN that a quantile lies among them. */
    ALL_BELOW(false, "input to histogram_quantile has NaN observations, result is NaN"),
    /** NaN among the observations of which a fraction is taken. */
    EXCLUDED(false, "input to histogram_fraction has NaN observations, which are excluded from all fractions");

    private final boolean warning;
    private final String text;

    Flaw(boolean warning, String text) {
        this.warning = warning;
        this.text = text;
    }

    /** Whether it is a warning and not an info. */
    public boolean isWarning() {
        return warning;
    }

    /** In words. */
    public String text() {
        return text;
    }
}
