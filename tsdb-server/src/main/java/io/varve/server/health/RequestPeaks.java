package io.varve.server.health;

import io.varve.core.model.TimeSource;
import java.util.EnumMap;
import java.util.Map;

/**
 * The largest that single requests have asked for lately, of everything that a request has a limit of. What was refused
 * counts as well, with what was seen of it. Any thread; no locks.
 */
public final class RequestPeaks {

    /** What a request has a limit of. */
    public enum Kind {
        /** Bytes of a body as sent. */
        BODY_BYTES,
        /** Bytes that a write request expanded to. */
        DECOMPRESSED_BYTES,
        /** Bytes that an import expanded to. */
        IMPORT_BYTES,
        /** Bytes of a line of an import. */
        LINE_BYTES,
        /** Labels of a series. */
        LABELS_PER_SERIES,
        /** Bytes of a label's name. */
        LABEL_NAME_BYTES,
        /** Bytes of a label's value. */
        LABEL_VALUE_BYTES,
        /** Buckets of a native histogram. */
        HISTOGRAM_BUCKETS,
        /** Native histograms of a write request. */
        HISTOGRAMS_PER_REQUEST,
        /** Samples that a query decoded. */
        QUERY_SAMPLES,
        /** Evaluation times of a query. */
        QUERY_POINTS,
        /** Bytes of memory that a query took. */
        QUERY_BYTES,
        /** Nanoseconds that a query ran. */
        QUERY_NANOS
    }

    private final Map<Kind, RecentPeak> peaks = new EnumMap<>(Kind.class);

    /** Nothing seen yet. */
    public RequestPeaks(TimeSource clock) {
        for (Kind kind : Kind.values()) {
            peaks.put(kind, new RecentPeak(clock));
        }
    }

    /** Takes note of what a request asked for. */
    public void record(Kind kind, long value) {
        peak(kind).record(value);
    }

    /** The largest within the last one to two minutes. */
    public long get(Kind kind) {
        return peak(kind).get();
    }

    private RecentPeak peak(Kind kind) {
        RecentPeak peak = peaks.get(kind);
        if (peak == null) {
            throw new AssertionError("BUG: no peak of " + kind);
        }
        return peak;
    }
}
