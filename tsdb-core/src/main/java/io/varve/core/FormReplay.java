package io.varve.core;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.head.Generation;
import io.varve.core.index.ByteSource;
import io.varve.core.kind.ExemplarForm;
import io.varve.core.kind.FormBytes;
import io.varve.core.kind.HistogramForm;
import io.varve.core.kind.MetadataForm;
import io.varve.core.wal.FormsReader;
import io.varve.core.wal.MalformedRecordException;
import io.varve.core.wal.RecordKind;

/**
 * Reads the log's records of histograms, exemplars, metadata and start times, and applies them without judging. A
 * record is checked whole before anything of it is applied. One thread.
 */
final class FormReplay {

    private final FormsReader forms = new FormsReader();
    private final HistogramForm.Reader histograms = new HistogramForm.Reader();
    private long[] starts = new long[64];
    private long orphans;

    /**
     * Checks a record.
     *
     * @return number of samples
     * @throws MalformedRecordException if it does not follow the format
     */
    int check(RecordKind kind, byte[] payload, int offset, int length) {
        int count = forms.read(payload, offset, length);
        starts = starts.length < count ? new long[count] : starts;
        try {
            for (int i = 0; i < count; i++) {
                check(kind, i, payload);
            }
        } catch (MalformedPageException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()));
        }
        return count;
    }

    private void check(RecordKind kind, int sample, byte[] payload) {
        int form = forms.offset(sample);
        int length = forms.length(sample);
        switch (kind) {
            case HISTOGRAMS -> histograms.read(payload, form, length);
            case EXEMPLARS -> ExemplarForm.read(forms.time(sample), payload, form, length);
            case METADATA -> MetadataForm.read(payload, form, length);
            case START_TIMES -> {
                ByteSource in = FormBytes.source(payload, form, length);
                long before = in.varint();
                if (before <= 0 || forms.time(sample) - before >= forms.time(sample) || !in.isAtEnd()) {
                    throw new MalformedRecordException("start of a sample, ticks before it: " + before);
                }
                starts[sample] = forms.time(sample) - before;
            }
            default -> throw new AssertionError("BUG: no record of forms: " + kind);
        }
    }

    /**
     * Applies a record.
     *
     * @param numbers numbers of the series by their references in the log
     * @throws MalformedRecordException if it does not follow the format; nothing was applied then
     */
    void apply(RecordKind kind, byte[] payload, int offset, int length, SeriesNumbers numbers, Generation target) {
        int count = check(kind, payload, offset, length);
        for (int i = 0; i < count; i++) {
            int form = forms.offset(i);
            if (kind == RecordKind.METADATA) {
                MetadataForm.Named said = MetadataForm.read(payload, form, forms.length(i));
                target.kinds().applyMetadata(said.metric(), said.metadata());
                continue;
            }
            int number = numbers.get(forms.ref(i));
            long time = forms.time(i);
            if (number < 0) {
                orphans++;
            } else if (kind == RecordKind.HISTOGRAMS) {
                target.applyHistogram(number, time, payload, form, forms.length(i));
                target.registry().seen(number, time);
            } else if (kind == RecordKind.EXEMPLARS) {
                target.kinds().applyExemplar(number, time, payload, form, forms.length(i));
            } else {
                target.kinds().applyStart(number, starts[i], time);
            }
        }
    }

    /** Samples of series whose record is lost. */
    long orphans() {
        return orphans;
    }
}
