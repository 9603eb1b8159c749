package io.varve.server.scrape.format;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;

/**
 * Takes what a target tells, in its order. A series is named by bytes that are the same in every scrape, its key: the
 * text in front of its value, or what {@link ProtoKey} makes of a message. {@link SeriesKeys} makes labels of a key.
 */
public interface ExpositionSink {

    /** The time of a sample that has none of its own. */
    long NO_TIME = Long.MIN_VALUE;

    /**
     * Where a series ends whose key is likely to come next, if the bytes begin with it and a blank follows; else -1. It
     * spares the parser to look for the end.
     */
    int expected(byte[] bytes, int from, int to);

    /** Names the series of what follows by its key, which is borrowed for the duration of the call. */
    void series(byte[] bytes, int from, int to);

    /**
     * A sample of the series.
     *
     * @param millis milliseconds since 1970, or {@link #NO_TIME}
     */
    void sample(double value, long millis);

    /** A native histogram of the series. */
    void histogram(Histogram histogram, long millis);

    /** Whether an exemplar of the last sample, by its bytes, is another than that of the scrape before. */
    boolean exemplarIsNew(byte[] bytes, int from, int to);

    /** An exemplar of the last sample. */
    void exemplar(Labels labels, double value, long millis);

    /** When the counting began that the last sample reports, milliseconds since 1970. */
    void start(long millis);

    /** Whether what a target says about a metric, by its bytes, is not known yet; {@link #metadata} tells it then. */
    boolean metadataIsNew(byte[] bytes, int from, int to);

    /**
     * What a target says about a metric; what it does not say now is empty.
     *
     * @param type as Prometheus' API names it
     */
    void metadata(String metric, String type, String help, String unit);
}
