package io.varve.core.wal;

import io.varve.core.model.Labels;

/**
 * New series with their references. Payload: for each series its reference (varint), the number of labels (varint), and
 * name and value of each label as length (varint) and UTF-8 bytes. Not safe for use by several threads.
 */
public final class SeriesRecord {

    private final RecordBuffer buffer = new RecordBuffer();

    /** Takes each series of a record. */
    @FunctionalInterface
    public interface Sink {
        /** One series. */
        void series(long ref, Labels labels);
    }

    /** Begins a record. */
    public void clear() {
        buffer.clear();
    }

    /** Adds a series. */
    public void add(long ref, Labels labels) {
        buffer.putVarint(ref);
        buffer.putVarint(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            buffer.putText(labels.name(i));
            buffer.putText(labels.value(i));
        }
    }

    /** Bytes of the payload so far. */
    public int length() {
        return buffer.length();
    }

    /** Appends the record to a log. */
    public long appendTo(IngestLog log) {
        return log.append(RecordKind.SERIES, buffer.bytes(), 0, buffer.length());
    }

    /**
     * Reads a record.
     *
     * @throws MalformedRecordException if it does not follow the format
     */
    public static void read(byte[] payload, int offset, int length, Sink sink) {
        RecordReader in = new RecordReader(payload, offset, length);
        while (in.hasRemaining()) {
            long ref = in.varint();
            int labels = in.count();
            if (labels > in.remaining() / 2) {
                throw new MalformedRecordException("labels=" + labels + " in " + in.remaining() + " bytes");
            }
            String[] pairs = new String[labels * 2];
            for (int i = 0; i < pairs.length; i++) {
                pairs[i] = in.text();
            }
            sink.series(ref, labels(pairs));
        }
    }

    /** @throws MalformedRecordException if they are no labels */
    static Labels labels(String[] pairs) {
        try {
            return Labels.of(pairs);
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()));
        }
    }
}
