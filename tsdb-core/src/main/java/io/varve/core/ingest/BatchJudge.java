package io.varve.core.ingest;

import io.varve.core.head.Generation;
import io.varve.core.head.SeriesRegistry;
import io.varve.core.ingest.PendingCommit.NewSeries;
import io.varve.core.storage.Verdict;
import io.varve.core.wal.FloatsRecord;
import io.varve.core.wal.IngestLog;
import io.varve.core.wal.SeriesRecord;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;

/**
 * Judges the samples of one batch and holds what was accepted until it is logged and applied. All memory is reused from
 * batch to batch; the agent alone uses it.
 */
final class BatchJudge {

    /** No time beyond this is accepted, so that differences of times and their coded forms fit into 64 bits. */
    private static final long MAX_TIME = 1L << 61;

    private final ShardLimits limits;
    private final SeriesRegistry registry;
    private final SeriesRecord seriesRecord = new SeriesRecord();
    private final FloatsRecord floatsRecord = new FloatsRecord();
    private final FormJudge forms;

    private int[] newNumbers = new int[16];
    private int[] numbers = new int[1024];
    private long[] times = new long[1024];
    private double[] values = new double[1024];
    private int accepted;

    /** Series whose labels this batch logs, to be forgotten if the log has no room. */
    private int[] labelled = new int[64];

    private int labelledCount;
    private final EnumMap<Verdict, int[]> refusals = new EnumMap<>(Verdict.class);

    BatchJudge(ShardLimits limits, SeriesRegistry registry) {
        this.limits = limits;
        this.registry = registry;
        this.forms = new FormJudge(this, registry);
        for (Verdict verdict : Verdict.values()) {
            refusals.put(verdict, new int[1]);
        }
    }

    void judge(PendingCommit commit, Generation active, long nowNanos, byte[] message, int from, int to) {
        accepted = 0;
        labelledCount = 0;
        refusals.values().forEach(count -> count[0] = 0);
        seriesRecord.clear();
        floatsRecord.clear();
        int floatsEnd = from - BatchLayout.HEADER_BYTES + commit.floatsEnd;
        ensure((floatsEnd - from) / BatchLayout.SAMPLE_BYTES);
        create(commit.newSeries);
        long latest = Math.min(MAX_TIME, nowNanos / limits.nanosPerTick() + limits.aheadTicks());
        for (int at = from; at < floatsEnd; at += BatchLayout.SAMPLE_BYTES) {
            long ref = BatchLayout.getLong(message, at);
            long time = BatchLayout.getLong(message, at + 8);
            double value = Double.longBitsToDouble(BatchLayout.getLong(message, at + 16));
            int number = number(ref);
            Verdict verdict = number < 0
                    ? ref < 0 ? Verdict.SERIES_LIMIT : Verdict.UNKNOWN_REF
                    : judge(active, number, time, value, latest);
            if (verdict == Verdict.ACCEPTED) {
                accept(active, number, time, value);
            } else if (verdict.isRefusal()) {
                countOf(verdict)[0]++;
            }
            commit.count(verdict);
        }
        forms.judge(commit, active, latest, message, floatsEnd, to);
    }

    /** Number of the series that a reference of the batch names, or -1. */
    int number(long ref) {
        return ref < 0 ? newNumbers[(int) (-ref - 1)] : registry.number(ref);
    }

    int maxSeries() {
        return limits.maxSeries();
    }

    void refused(Verdict verdict) {
        countOf(verdict)[0]++;
    }

    private void ensure(int samples) {
        if (numbers.length < samples) {
            int capacity = Math.max(samples, numbers.length * 2);
            numbers = new int[capacity];
            times = new long[capacity];
            values = new double[capacity];
        }
    }

    private void create(List<NewSeries> series) {
        if (newNumbers.length < series.size()) {
            newNumbers = new int[series.size() * 2];
        }
        for (int i = 0; i < series.size(); i++) {
            newNumbers[i] = registry.size() < limits.maxSeries()
                    ? registry.add(series.get(i).labels())
                    : registry.number(registry.find(series.get(i).labels()));
        }
    }

    private Verdict judge(Generation active, int number, long time, double value, long latest) {
        Verdict verdict = judgeTime(number, time, latest);
        return verdict == Verdict.ACCEPTED ? active.judge(number, time, value) : verdict;
    }

    /** Judges a time of a series by itself. */
    Verdict judgeTime(int number, long time, long latest) {
        if (time < 0) {
            return Verdict.BEFORE_EPOCH;
        }
        if (time > latest) {
            return Verdict.TOO_FAR_AHEAD;
        }
        if (limits.windowTicks() > 0 && time < registry.newestTime(number) - limits.windowTicks()) {
            return Verdict.OUT_OF_WINDOW;
        }
        return Verdict.ACCEPTED;
    }

    private void accept(Generation active, int number, long time, double value) {
        label(active, number);
        floatsRecord.add(registry.ref(number), time, value);
        numbers[accepted] = number;
        times[accepted] = time;
        values[accepted++] = value;
    }

    /** Logs the labels of a series unless the generation's part of the log has them. */
    void label(Generation active, int number) {
        if (active.needsLabels(number)) {
            seriesRecord.add(registry.ref(number), registry.labels(number));
            if (labelledCount == labelled.length) {
                labelled = Arrays.copyOf(labelled, labelledCount * 2);
            }
            labelled[labelledCount++] = number;
        }
    }

    /** Bytes of the records that {@link #logTo} will append. */
    int recordBytes() {
        return seriesRecord.length() + floatsRecord.length() + forms.recordBytes();
    }

    /** The most records that {@link #logTo} will append. */
    int records() {
        return 2 + forms.records();
    }

    void logTo(IngestLog log) {
        if (labelledCount > 0) {
            seriesRecord.appendTo(log);
        }
        if (accepted > 0) {
            floatsRecord.appendTo(log);
        }
        forms.logTo(log);
    }

    void applyTo(Generation active) {
        active.apply(numbers, times, values, accepted);
        for (int i = 0; i < accepted; i++) {
            registry.seen(numbers[i], times[i]);
        }
        forms.applyTo(active);
    }

    /** The batch was not logged: its labels have to be logged with a later one. */
    void forget(Generation active) {
        for (int i = 0; i < labelledCount; i++) {
            active.labelsNotLogged(labelled[i]);
        }
    }

    void report(ShardMetrics metrics) {
        refusals.forEach((verdict, count) -> {
            if (count[0] > 0) {
                metrics.refused(verdict, count[0]);
            }
        });
    }

    private int[] countOf(Verdict verdict) {
        return Objects.requireNonNull(refusals.get(verdict));
    }
}
