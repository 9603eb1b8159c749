package io.varve.core.wal;

/**
 * Accepted samples in the order of acceptance. Payload: for each sample the difference of its reference to the one
 * before (zigzag varint, the first to 0), then the difference of its time to the one before (zigzag varint, the first
 * to 0) shifted left by one with the lowest bit telling the form of the value: 0 for 8 bytes of IEEE 754, 1 for a
 * zigzag varint of an integer. Not safe for use by several threads.
 */
public final class FloatsRecord {

    /** Most bytes that one sample can take. */
    public static final int MAX_SAMPLE_BYTES = 30;

    private static final long MAX_INTEGER = 1L << 34; // beyond, a varint saves little over 8 bytes

    private final RecordBuffer buffer = new RecordBuffer();
    private long lastRef;
    private long lastTime;

    /** Begins a record. */
    public void clear() {
        buffer.clear();
        lastRef = 0;
        lastTime = 0;
    }

    /** Adds a sample. The time has at most 62 significant bits, which every time that is accepted has. */
    public void add(long ref, long time, double value) {
        buffer.putVarint(RecordBuffer.zigzag(ref - lastRef));
        long timeDelta = RecordBuffer.zigzag(time - lastTime) << 1;
        lastRef = ref;
        lastTime = time;
        long integer = (long) value;
        boolean isInteger = Math.abs(integer) < MAX_INTEGER
                && Double.doubleToRawLongBits((double) integer) == Double.doubleToRawLongBits(value);
        if (isInteger) {
            buffer.putVarint(timeDelta | 1);
            buffer.putVarint(RecordBuffer.zigzag(integer));
        } else {
            buffer.putVarint(timeDelta);
            buffer.putLong(Double.doubleToRawLongBits(value));
        }
    }

    /** Bytes of the payload so far. */
    public int length() {
        return buffer.length();
    }

    /** Appends the record to a log. */
    public long appendTo(IngestLog log) {
        return log.append(RecordKind.FLOATS, buffer.bytes(), 0, buffer.length());
    }
}
