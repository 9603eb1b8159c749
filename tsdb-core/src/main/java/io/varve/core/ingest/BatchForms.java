package io.varve.core.ingest;

import io.varve.core.index.ByteSink;
import io.varve.core.kind.ExemplarForm;
import io.varve.core.kind.HistogramForm;
import io.varve.core.kind.MetadataForm;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.Metadata;
import io.varve.core.model.SampleKind;

/**
 * Samples of a batch of kinds other than floats, as {@link BatchLayout} has them. An appender's own; memory is reused
 * from batch to batch.
 */
final class BatchForms {

    private static final byte[] HEADER = new byte[BatchLayout.FORM_HEADER_BYTES];

    private final ByteSink bytes = new ByteSink();
    private int count;

    /** Adds a histogram; returns where it begins. */
    int add(long ref, long time, Histogram histogram) {
        int start = begin();
        HistogramForm.write(histogram, bytes);
        return end(start, SampleKind.HISTOGRAM, ref, time);
    }

    /** Adds an exemplar; returns where it begins. */
    int add(long ref, Exemplar exemplar) {
        int start = begin();
        ExemplarForm.write(exemplar, bytes);
        return end(start, SampleKind.EXEMPLAR, ref, exemplar.time());
    }

    /** Adds a start time; returns where it begins. */
    int add(long ref, long time, long startTime) {
        int start = begin();
        bytes.u64(startTime);
        return end(start, SampleKind.START_TIME, ref, time);
    }

    /** Adds metadata; returns where they begin. */
    int add(String metric, Metadata metadata) {
        int start = begin();
        MetadataForm.write(metric, metadata, bytes);
        return end(start, SampleKind.METADATA, 0, 0);
    }

    private int begin() {
        int start = bytes.size();
        bytes.put(HEADER, 0, HEADER.length);
        return start;
    }

    private int end(int start, SampleKind kind, long ref, long time) {
        byte[] all = bytes.array();
        int length = bytes.size() - start - BatchLayout.FORM_HEADER_BYTES;
        BatchLayout.putLong(all, start, (long) kind.id() << Integer.SIZE | length);
        BatchLayout.putLong(all, start + 8, ref);
        BatchLayout.putLong(all, start + 16, time);
        count++;
        return start;
    }

    /** Takes away the sample that was added last, which begins there, or all of them. */
    void cut(int start) {
        bytes.cut(start);
        count = start == 0 ? 0 : count - 1;
    }

    int length() {
        return bytes.size();
    }

    int count() {
        return count;
    }

    void copyTo(byte[] target, int offset) {
        System.arraycopy(bytes.array(), 0, target, offset, bytes.size());
    }
}
