package io.varve.core.ingest;

import io.varve.core.head.Generation;
import io.varve.core.head.SeriesRegistry;
import io.varve.core.model.Labels;
import io.varve.core.storage.Verdict;
import io.varve.core.wal.FloatsRecord;
import io.varve.core.wal.IngestLog;
import io.varve.core.wal.SeriesRecord;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Objects;
import org.agrona.collections.LongHashSet;

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

    private final ShardCommons commons;

    /** Numbers of the batch's new series, -1 for those of which no sample was accepted yet. */
    private int[] newNumbers = new int[16];

    /** Series that this batch made, to be taken back if the log has no room. */
    private int[] created = new int[64];

    private int createdCount;

    /** Labels of the series that was created last. */
    private Labels createdLabels = Labels.EMPTY;

    private Verdict missing = Verdict.UNKNOWN_REF;
    private int[] numbers = new int[1024];
    private long[] times = new long[1024];
    private double[] values = new double[1024];
    private int accepted;

    /** Series and times, mixed, of accepted samples that are not the newest of their series. */
    private final LongHashSet late = new LongHashSet();

    /** Series whose labels this batch logs, to be forgotten if the log has no room. */
    private int[] labelled = new int[64];

    private int labelledCount;
    private final EnumMap<Verdict, int[]> refusals = new EnumMap<>(Verdict.class);

    BatchJudge(ShardLimits limits, SeriesRegistry registry, ShardCommons commons) {
        this.commons = commons;
        this.limits = limits;
        this.registry = registry;
        this.forms = new FormJudge(this, registry);
        for (Verdict verdict : Verdict.values()) {
            refusals.put(verdict, new int[1]);
        }
    }

    void judge(PendingCommit commit, Generation active, long nowNanos, byte[] message, int from, int to) {
        accepted = 0;
        if (!late.isEmpty()) {
            late.clear();
        }
        labelledCount = 0;
        createdCount = 0;
        refusals.values().forEach(count -> count[0] = 0);
        seriesRecord.clear();
        floatsRecord.clear();
        int floatsEnd = from - BatchLayout.HEADER_BYTES + commit.floatsEnd;
        ensure((floatsEnd - from) / BatchLayout.SAMPLE_BYTES);
        if (newNumbers.length < commit.newSeries.size()) {
            newNumbers = new int[commit.newSeries.size() * 2];
        }
        Arrays.fill(newNumbers, 0, commit.newSeries.size(), -1);
        long latest = Math.min(MAX_TIME, nowNanos / limits.nanosPerTick() + limits.aheadTicks());
        for (int at = from; at < floatsEnd; at += BatchLayout.SAMPLE_BYTES) {
            long ref = BatchLayout.getLong(message, at);
            long time = BatchLayout.getLong(message, at + 8);
            double value = Double.longBitsToDouble(BatchLayout.getLong(message, at + 16));
            int number = -1;
            Verdict verdict = judgeTime(time, latest);
            if (verdict == Verdict.ACCEPTED) {
                number = number(commit, active, ref);
                verdict = number < 0 ? missing : judge(active, number, time, value);
            }
            if (verdict == Verdict.ACCEPTED) {
                accept(active, number, time, value);
            } else if (verdict.isRefusal()) {
                countOf(verdict)[0]++;
            }
            commit.count(verdict);
        }
        forms.judge(commit, active, latest, message, floatsEnd, to);
    }

    /** Number of the series that a reference of the batch names, or -1: then {@link #missing} says why. */
    int number(PendingCommit commit, Generation active, long ref) {
        return ref < 0 ? newNumber(commit, active, (int) (-ref - 1)) : knownNumber(commit, active, ref);
    }

    /**
     * The same after the batch is judged: number of a series that came with its labels, or -1 if it was not asked for.
     */
    int newNumber(int place) {
        return newNumbers[place];
    }

    Verdict missing() {
        return missing;
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

    /** Judges a time by itself. */
    static Verdict judgeTime(long time, long latest) {
        if (time < 0) {
            return Verdict.BEFORE_EPOCH;
        }
        return time > latest ? Verdict.TOO_FAR_AHEAD : Verdict.ACCEPTED;
    }

    private Verdict judge(Generation active, int number, long time, double value) {
        Verdict verdict = judgeWindow(number, time);
        if (verdict != Verdict.ACCEPTED) {
            return verdict;
        }
        verdict = active.judge(number, time, value);
        if (time > registry.newestTime(number)) {
            return verdict;
        }
        long key = (number * 0x9e3779b97f4a7c15L ^ time) * 0xbf58476d1ce4e5b9L;
        if (verdict == Verdict.ACCEPTED) {
            late.add(key);
        } else if (verdict == Verdict.DUPLICATE && late.contains(key)) {
            return Verdict.ACCEPTED; // what it repeats is no longer the last: this batch has put another value between
        }
        return verdict;
    }

    /** Judges a time of a series against the newest that it has. */
    Verdict judgeWindow(int number, long time) {
        if (limits.windowTicks() > 0 && time < registry.newestTime(number) - limits.windowTicks()) {
            return Verdict.OUT_OF_WINDOW;
        }
        return Verdict.ACCEPTED;
    }

    /** Number of a series of the batch, which is made with its first sample that can be accepted. */
    private int newNumber(PendingCommit commit, Generation active, int place) {
        if (newNumbers[place] < 0) {
            newNumbers[place] = find(commit, active, commit.newSeries.get(place).labels());
        }
        return newNumbers[place];
    }

    /** Number of a series that was known when its sample was added to the batch. */
    private int knownNumber(PendingCommit commit, Generation active, long ref) {
        int number = registry.number(ref);
        if (number >= 0) {
            return number;
        }
        Labels labels = registry.labelsOfDead(ref); // it died on the way, and comes back
        missing = Verdict.UNKNOWN_REF;
        return labels == null ? -1 : find(commit, active, labels);
    }

    private int find(PendingCommit commit, Generation active, Labels labels) {
        int known = registry.lookUp(labels);
        if (known >= 0) {
            return known;
        }
        if (commons.isFull()) {
            missing = Verdict.SERIES_LIMIT;
            return -1;
        }
        if (registry.seriesBytes() > limits.seriesBytes()) {
            missing = Verdict.SERIES_MEMORY;
            return -1;
        }
        if (!commons.rate().take(commit.stamps[1])) {
            missing = Verdict.SERIES_RATE;
            return -1;
        }
        if (createdCount == created.length) {
            created = Arrays.copyOf(created, createdCount * 2);
        }
        int number = registry.add(labels);
        active.labelsNotLogged(number);
        created[createdCount++] = number;
        createdLabels = labels;
        return number;
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
            boolean isNewest = createdCount > 0 && created[createdCount - 1] == number;
            seriesRecord.add(registry.ref(number), isNewest ? createdLabels : registry.labels(number));
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

    /** The batch was not logged: its labels have to be logged with a later one, and its series were never there. */
    void forget(Generation active, SeriesReaper reaper) {
        for (int i = 0; i < labelledCount; i++) {
            active.labelsNotLogged(labelled[i]);
        }
        for (int i = 0; i < createdCount; i++) {
            reaper.unlinkNow(created[i]);
        }
        commons.rate().giveBack(createdCount);
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
