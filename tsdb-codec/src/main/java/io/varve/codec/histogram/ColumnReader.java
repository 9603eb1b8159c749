package io.varve.codec.histogram;

import io.varve.codec.ValueDecoder;
import io.varve.codec.bits.PageReader;
import io.varve.codec.column.ColumnDecoder;

/** Reads what {@link ColumnWriter} wrote. Holds scratch memory: one thread at a time. */
final class ColumnReader {

    private static final int LONGEST = HistogramFormat.LONGEST_COLUMN;

    private final ColumnDecoder integers = new ColumnDecoder(LONGEST);
    private final ValueDecoder doubles = new ValueDecoder(LONGEST, integers);

    /** Reads integers into an array that has room for them. */
    void read(PageReader in, int count, long[] target, int offset) {
        for (int done = 0; done < count; done += LONGEST) {
            integers.decode(in, Math.min(LONGEST, count - done), target, offset + done);
        }
    }

    /** Reads doubles into an array that has room for them. */
    void read(PageReader in, int count, double[] target, int offset) {
        for (int done = 0; done < count; done += LONGEST) {
            int end = in.narrow(in.readVarint("column", 1, in.remaining()));
            doubles.decode(in, Math.min(LONGEST, count - done), target, offset + done);
            in.widen(end);
        }
    }

    /** Reads integers that must lie in a range. */
    void read(PageReader in, int count, long[] target, String name, long low, long high) {
        read(in, count, target, 0);
        for (int i = 0; i < count; i++) {
            if (target[i] < low || target[i] > high) {
                throw in.malformed("rule: " + low + " <= " + name + " <= " + high + ", " + name + "=" + target[i]);
            }
        }
    }
}
