package io.varve.core.ingest;

import io.varve.core.head.Generation;
import io.varve.core.head.HeadKinds;
import io.varve.core.head.SeriesRegistry;
import io.varve.core.index.ByteSink;
import io.varve.core.kind.HistogramForm;
import io.varve.core.kind.MetadataForm;
import io.varve.core.model.SampleKind;
import io.varve.core.storage.Verdict;
import io.varve.core.wal.FormsRecord;
import io.varve.core.wal.IngestLog;
import io.varve.core.wal.RecordKind;
import java.util.Arrays;

/**
 * Judges what a batch holds beside floats, and keeps what was accepted until it is logged and applied: histograms,
 * exemplars, start times, metadata. Forms stay where the message has them; they were checked when they were made. The
 * agent alone.
 */
final class FormJudge {

    private static final SampleKind[] KINDS = {
        SampleKind.HISTOGRAM, SampleKind.EXEMPLAR, SampleKind.METADATA, SampleKind.START_TIME
    };

    private final BatchJudge judge;
    private final SeriesRegistry registry;
    private final FormsRecord histograms = new FormsRecord(RecordKind.HISTOGRAMS);
    private final FormsRecord exemplars = new FormsRecord(RecordKind.EXEMPLARS);
    private final FormsRecord metadata = new FormsRecord(RecordKind.METADATA);
    private final FormsRecord starts = new FormsRecord(RecordKind.START_TIMES);
    private final ByteSink start = new ByteSink();

    private byte[] message = {};
    private int[] numbers = new int[16];
    private int[] places = new int[16];
    private int accepted;

    FormJudge(BatchJudge judge, SeriesRegistry registry) {
        this.judge = judge;
        this.registry = registry;
    }

    private FormsRecord record(SampleKind kind) {
        return switch (kind) {
            case HISTOGRAM -> histograms;
            case EXEMPLAR -> exemplars;
            case METADATA -> metadata;
            case START_TIME -> starts;
            case FLOAT -> throw new AssertionError("BUG: a float among the forms");
        };
    }

    /** @param latest no later time is accepted */
    void judge(PendingCommit commit, Generation active, long latest, byte[] bytes, int from, int to) {
        if (accepted > 0) {
            accepted = 0;
            for (SampleKind kind : KINDS) {
                record(kind).clear();
            }
        }
        message = bytes;
        int at = from;
        while (at < to) {
            SampleKind kind = BatchLayout.formKind(bytes, at);
            int number = 0;
            Verdict verdict;
            if (kind == SampleKind.METADATA) {
                verdict = judgeMetadata(active, at);
            } else {
                verdict = BatchJudge.judgeTime(BatchLayout.getLong(bytes, at + 16), latest);
                if (verdict == Verdict.ACCEPTED) {
                    number = judge.number(commit, active, BatchLayout.getLong(bytes, at + 8));
                    verdict = number < 0 ? judge.missing() : judgeOfSeries(active, kind, number, at);
                }
            }
            if (verdict == Verdict.ACCEPTED) {
                accept(active, kind, number, at);
            } else if (verdict.isRefusal()) {
                judge.refused(verdict);
            }
            commit.count(kind, verdict);
            at += BatchLayout.FORM_HEADER_BYTES + BatchLayout.formLength(bytes, at);
        }
    }

    private Verdict judgeMetadata(Generation active, int at) {
        MetadataForm.Named said =
                MetadataForm.read(message, at + BatchLayout.FORM_HEADER_BYTES, BatchLayout.formLength(message, at));
        HeadKinds kinds = active.kinds();
        boolean full = kinds.metadata().size() >= judge.maxSeries()
                && !kinds.metadata().containsKey(said.metric());
        return full ? Verdict.SERIES_LIMIT : kinds.judgeMetadata(said.metric(), said.metadata());
    }

    private Verdict judgeOfSeries(Generation active, SampleKind kind, int number, int at) {
        long time = BatchLayout.getLong(message, at + 16);
        Verdict verdict = judge.judgeWindow(number, time);
        if (verdict != Verdict.ACCEPTED) {
            return verdict;
        }
        int form = at + BatchLayout.FORM_HEADER_BYTES;
        int length = BatchLayout.formLength(message, at);
        return switch (kind) {
            case HISTOGRAM -> {
                Verdict found = active.judgeHistogram(number, time, message, form, length);
                boolean repeats = found == Verdict.DUPLICATE && !HistogramForm.isStale(message, form);
                yield repeats && hasHistogram(number, time) ? Verdict.ACCEPTED : found;
            }
            case EXEMPLAR -> active.kinds().judgeExemplar(number, time, message, form, length);
            default -> {
                long begin = BatchLayout.getLong(message, form);
                yield begin < 0 ? Verdict.BEFORE_EPOCH : active.kinds().judgeStart(number, begin, time);
            }
        };
    }

    /** Whether this batch has another histogram at a time: then what is repeated is no longer the last. */
    private boolean hasHistogram(int number, long time) {
        for (int i = 0; i < accepted; i++) {
            if (numbers[i] == number
                    && BatchLayout.formKind(message, places[i]) == SampleKind.HISTOGRAM
                    && BatchLayout.getLong(message, places[i] + 16) == time) {
                return true;
            }
        }
        return false;
    }

    private void accept(Generation active, SampleKind kind, int number, int at) {
        int form = at + BatchLayout.FORM_HEADER_BYTES;
        int length = BatchLayout.formLength(message, at);
        if (kind == SampleKind.METADATA) {
            metadata.add(0, 0, message, form, length);
        } else {
            judge.label(active, number);
            long time = BatchLayout.getLong(message, at + 16);
            if (kind == SampleKind.START_TIME) {
                start.clear();
                start.varint(time - BatchLayout.getLong(message, form));
                starts.add(registry.ref(number), time, start.array(), 0, start.size());
            } else {
                record(kind).add(registry.ref(number), time, message, form, length);
            }
        }
        if (accepted == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * accepted);
            places = Arrays.copyOf(places, 2 * accepted);
        }
        numbers[accepted] = number;
        places[accepted++] = at;
    }

    int recordBytes() {
        return accepted == 0 ? 0 : histograms.length() + exemplars.length() + metadata.length() + starts.length();
    }

    /** The most records that {@link #logTo} will append. */
    int records() {
        return accepted == 0 ? 0 : KINDS.length;
    }

    void logTo(IngestLog log) {
        if (accepted > 0) {
            for (SampleKind kind : KINDS) {
                record(kind).appendTo(log);
            }
        }
    }

    void applyTo(Generation active) {
        HeadKinds kinds = active.kinds();
        for (int i = 0; i < accepted; i++) {
            int at = places[i];
            int form = at + BatchLayout.FORM_HEADER_BYTES;
            int length = BatchLayout.formLength(message, at);
            long time = BatchLayout.getLong(message, at + 16);
            switch (BatchLayout.formKind(message, at)) {
                case HISTOGRAM -> {
                    active.applyHistogram(numbers[i], time, message, form, length);
                    registry.seen(numbers[i], time);
                }
                case EXEMPLAR -> {
                    kinds.applyExemplar(numbers[i], time, message, form, length);
                    registry.wake(numbers[i]);
                }
                case START_TIME -> {
                    kinds.applyStart(numbers[i], BatchLayout.getLong(message, form), time);
                    registry.wake(numbers[i]);
                }
                case METADATA -> {
                    MetadataForm.Named said = MetadataForm.read(message, form, length);
                    kinds.applyMetadata(said.metric(), said.metadata());
                }
                case FLOAT -> throw new AssertionError("BUG: a float among the forms");
            }
        }
    }
}
