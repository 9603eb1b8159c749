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

    /** Takes each sample of a record. */
    @FunctionalInterface
    public interface Sink {
        /** One sample. */
        void sample(long ref, long time, double value);
    }

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

    /**
     * Reads a record.
     *
     * @throws MalformedRecordException if it does not follow the format
     */
    public static void read(byte[] payload, int offset, int length, Sink sink) {
        RecordReader in = new RecordReader(payload, offset, length);
        long ref = 0;
        long time = 0;
        while (in.hasRemaining()) {
            ref += in.signedVarint();
            long coded = in.varint();
            long delta = coded >>> 1;
            time += delta >>> 1 ^ -(delta & 1);
            double value = (coded & 1) != 0 ? in.signedVarint() : Double.longBitsToDouble(in.fixedLong());
            sink.sample(ref, time, value);
        }
    }
}
