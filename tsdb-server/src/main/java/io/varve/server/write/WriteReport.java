package io.varve.server.write;

import io.varve.core.model.SampleKind;
import io.varve.core.storage.Commit;
import io.varve.core.storage.Verdict;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of the samples of one request: how many were kept, how many refused for which reason, and the first
 * refusal in words. Written by the decoding thread, then by the thread that completes the last commit; read after
 * that.
 */
public final class WriteReport {

    private static final Map<Verdict, String> WHY = Map.of(
            Verdict.BEFORE_EPOCH, "timestamp before 1970-01-01T00:00Z: send milliseconds since 1970",
            Verdict.TOO_FAR_AHEAD,
                    "timestamp more than 24 h ahead of the server's clock: check the sender's clock and its unit",
            Verdict.OUT_OF_WINDOW, "sample older than the out-of-order window of its series",
            Verdict.SERIES_LIMIT,
                    "a new series over the limit: send fewer series or raise limits.series (of a tenant its quota"
                            + " series)",
            Verdict.SERIES_MEMORY,
                    "a new series where the known ones fill the head's memory: send fewer series or raise --memory",
            Verdict.TOO_LARGE, "a histogram that no batch can carry: give it fewer buckets or raise --memory",
            Verdict.SERIES_RATE,
                    "too many new series in a minute: send them later or raise limits.new_series_per_minute (of a"
                            + " tenant its quota of that name)");

    private final Map<String, Long> reasons = new LinkedHashMap<>();
    private long accepted;
    private long refused;
    private @Nullable String first;
    private boolean unknownRef;
    private long line;

    /** A report on nothing. */
    public WriteReport() {}

    /** Says which line of a text the next refusals are about, from 1; 0 for none. */
    public void line(long number) {
        line = number;
    }

    /** Counts what the door itself refused. */
    public void refuse(Refusal refusal, long count, String detail) {
        add(refusal.reason(), count, detail.startsWith(refusal.text()) ? detail : refusal.text() + ": " + detail);
    }

    /** Counts samples that the appender refused at once. */
    void refuse(Verdict verdict, int count) {
        unknownRef |= verdict == Verdict.UNKNOWN_REF;
        add(verdict.reason(), count, WHY.getOrDefault(verdict, "sample refused as " + verdict.reason()));
    }

    /** Adds what the engine says of a batch. */
    void add(Commit commit) {
        accepted += (long) commit.accepted(SampleKind.FLOAT)
                + commit.accepted(SampleKind.HISTOGRAM)
                + commit.accepted(SampleKind.EXEMPLAR);
        if (commit.refused() > 0) {
            Map<Verdict, Integer> counts = commit.refusals();
            refuse(commit.firstRefusal(), counts.getOrDefault(commit.firstRefusal(), 0));
            counts.forEach((verdict, count) -> {
                if (verdict != commit.firstRefusal()) {
                    refuse(verdict, count);
                }
            });
        }
    }

    private void add(String reason, long count, String detail) {
        refused += count;
        reasons.merge(reason, count, Long::sum);
        if (first == null) {
            first = line == 0 ? detail : "line " + line + ": " + detail;
        }
    }

    /** Samples, histograms and exemplars kept. */
    public long accepted() {
        return accepted;
    }

    /** Samples, histograms and exemplars refused. */
    public long refused() {
        return refused;
    }

    /** Whether a series was dropped between look-up and commit, so that sending again is the cure. */
    public boolean unknownRef() {
        return unknownRef;
    }

    /** Refusals by reason, in the order in which the reasons came up. */
    public Map<String, Long> reasons() {
        return Collections.unmodifiableMap(reasons);
    }

    /** The first refusal in words, or null if there was none. */
    public @Nullable String first() {
        return first;
    }

    /** One line for the sender: counts by reason and the first refusal. */
    public String text() {
        StringBuilder text = new StringBuilder()
                .append("refused ")
                .append(refused)
                .append(" of ")
                .append(accepted + refused)
                .append(" samples (");
        String separator = "";
        for (Map.Entry<String, Long> reason : reasons.entrySet()) {
            text.append(separator).append(reason.getKey()).append('=').append(reason.getValue());
            separator = ", ";
        }
        return text.append("), the others are kept; first: ").append(first).toString();
    }
}
