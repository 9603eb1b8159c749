package io.varve.codec.histogram;

import io.varve.codec.Effort;
import io.varve.codec.ValueEncoder;
import io.varve.codec.bits.PageWriter;
import io.varve.codec.column.ColumnEncoder;

/** Writes runs of integers and doubles as columns of a bounded length. Holds scratch memory: one thread at a time. */
final class ColumnWriter {

    private static final int LONGEST = HistogramFormat.LONGEST_COLUMN;

    /** Room for a column's head and length, whatever is in it. */
    private static final int HEAD = 96;

    private final boolean packedOnly;
    private final ColumnEncoder integers = new ColumnEncoder(LONGEST);
    private final ValueEncoder doubles;
    private final PageWriter part = new PageWriter();
    private final byte[] partBytes = new byte[HEAD + Long.BYTES * 2 * LONGEST];

    ColumnWriter(Effort effort) {
        packedOnly = effort == Effort.FAST;
        doubles = new ValueEncoder(LONGEST, effort, integers);
    }

    /** The most bytes that so many numbers take in so many runs. */
    static long maxBytes(long runs, long numbers) {
        return (runs + numbers / LONGEST) * HEAD + numbers * 10;
    }

    /** Writes integers: nothing if there are none, else a column, or several if there are more than one may have. */
    void write(long[] source, int offset, int count, PageWriter out) {
        for (int done = 0; done < count; done += LONGEST) {
            integers.encode(source, offset + done, Math.min(LONGEST, count - done), packedOnly, out);
        }
    }

    /** Writes doubles as {@link #write(long[], int, int, PageWriter)} does; each column behind its length in bytes. */
    void write(double[] source, int offset, int count, PageWriter out) {
        for (int done = 0; done < count; done += LONGEST) {
            part.reset(partBytes, 0);
            doubles.encode(source, offset + done, Math.min(LONGEST, count - done), part);
            out.writeVarint(part.length());
            out.writeBytes(partBytes, 0, part.length());
        }
    }
}
