package io.varve.core.wal;

import java.util.Arrays;

/**
 * Reads floats records into columns, which are reused from record to record. The loop keeps its place in a local: start
 * time is mostly spent here. Not safe for use by several threads.
 */
public final class FloatsReader {

    private long[] refs = new long[1024];
    private long[] times = new long[1024];
    private double[] values = new double[1024];
    private int at;

    /**
     * Reads a record into the columns.
     *
     * @return number of samples
     * @throws MalformedRecordException if it does not follow the format
     */
    public int read(byte[] payload, int offset, int length) {
        int end = offset + length;
        long ref = 0;
        long time = 0;
        int count = 0;
        at = offset;
        while (at < end) {
            if (count == refs.length) {
                grow();
            }
            ref += signed(varint(payload, end));
            long coded = varint(payload, end);
            time += signed(coded >>> 1);
            refs[count] = ref;
            times[count] = time;
            values[count++] = (coded & 1) != 0
                    ? (double) signed(varint(payload, end))
                    : Double.longBitsToDouble(fixedLong(payload, end));
        }
        return count;
    }

    private void grow() {
        refs = Arrays.copyOf(refs, refs.length * 2);
        times = Arrays.copyOf(times, times.length * 2);
        values = Arrays.copyOf(values, values.length * 2);
    }

    private static long signed(long zigzag) {
        return zigzag >>> 1 ^ -(zigzag & 1);
    }

    private long varint(byte[] payload, int end) {
        int place = at;
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (place == end) {
                throw new MalformedRecordException("record cut off in an integer");
            }
            byte b = payload[place++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                at = place;
                return value;
            }
        }
        throw new MalformedRecordException("integer longer than ten bytes");
    }

    private long fixedLong(byte[] payload, int end) {
        int place = at;
        if (end - place < 8) {
            throw new MalformedRecordException("record cut off in a value");
        }
        at = place + 8;
        return SegmentLayout.getLong(payload, place);
    }

    /** References of the samples read last. */
    public long[] refs() {
        return refs;
    }

    /** Times of the samples read last, in ticks. */
    public long[] times() {
        return times;
    }

    /** Values of the samples read last. */
    public double[] values() {
        return values;
    }
}
