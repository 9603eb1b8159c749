package io.varve.core.wal;

/**
 * Accepted samples of a kind other than floats, in the order of acceptance. Payload: for each the difference of its
 * reference to the one before (zigzag varint, the first to 0), the difference of its time likewise, the length of its
 * form (varint) and its form, which the log does not look into. Not safe for use by several threads.
 */
public final class FormsRecord {

    private final RecordKind kind;
    private final RecordBuffer buffer = new RecordBuffer();
    private long lastRef;
    private long lastTime;

    /** A record of a kind. */
    public FormsRecord(RecordKind kind) {
        this.kind = kind;
    }

    /** Begins a record. */
    public void clear() {
        buffer.clear();
        lastRef = 0;
        lastTime = 0;
    }

    /** Adds a sample; metadata have neither reference nor time, so 0 for both. */
    public void add(long ref, long time, byte[] bytes, int offset, int length) {
        buffer.putVarint(RecordBuffer.zigzag(ref - lastRef));
        buffer.putVarint(RecordBuffer.zigzag(time - lastTime));
        lastRef = ref;
        lastTime = time;
        buffer.putVarint(length);
        buffer.putBytes(bytes, offset, length);
    }

    /** Bytes of the payload so far. */
    public int length() {
        return buffer.length();
    }

    /** Appends the record to a log, unless it is empty. */
    public void appendTo(IngestLog log) {
        if (buffer.length() > 0) {
            log.append(kind, buffer.bytes(), 0, buffer.length());
        }
    }
}
