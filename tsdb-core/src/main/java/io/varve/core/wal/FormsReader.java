package io.varve.core.wal;

import java.util.Arrays;

/** Reads {@link FormsRecord}s: where each form stands, reused from record to record. One thread. */
public final class FormsReader {

    private long[] refs = new long[64];
    private long[] times = new long[64];
    private int[] offsets = new int[64];
    private int[] lengths = new int[64];

    /**
     * Reads a record.
     *
     * @return number of samples
     * @throws MalformedRecordException if it does not follow the format
     */
    public int read(byte[] payload, int offset, int length) {
        RecordReader in = new RecordReader(payload, offset, length);
        long ref = 0;
        long time = 0;
        int count = 0;
        while (in.hasRemaining()) {
            if (count == refs.length) {
                grow();
            }
            ref += signed(in.varint());
            time += signed(in.varint());
            refs[count] = ref;
            times[count] = time;
            lengths[count] = in.count();
            offsets[count] = in.skip(lengths[count]);
            count++;
        }
        return count;
    }

    private void grow() {
        refs = Arrays.copyOf(refs, refs.length * 2);
        times = Arrays.copyOf(times, times.length * 2);
        offsets = Arrays.copyOf(offsets, offsets.length * 2);
        lengths = Arrays.copyOf(lengths, lengths.length * 2);
    }

    private static long signed(long zigzag) {
        return zigzag >>> 1 ^ -(zigzag & 1);
    }

    /** Reference of a sample read last. */
    public long ref(int sample) {
        return refs[sample];
    }

    /** Time of a sample read last, in ticks. */
    public long time(int sample) {
        return times[sample];
    }

    /** Where the form of a sample read last begins in the payload's array. */
    public int offset(int sample) {
        return offsets[sample];
    }

    /** Bytes of the form of a sample read last. */
    public int length(int sample) {
        return lengths[sample];
    }
}
