package io.varve.core.block;

import io.varve.codec.Effort;
import io.varve.codec.PageCodec;
import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSink;
import io.varve.core.index.ByteSource;
import io.varve.core.storage.RollupHistograms;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.ToLongFunction;

/**
 * Up to {@link #MAX_ROWS} buckets of a series as bytes: a mask of columns, then each column that is there as a page of
 * the codec, then, apart, their sketches and their histograms. A column that follows from others
 * is left out. docs/format/block.md; one
 * thread.
 */
final class RollupPage {

    /** Buckets of a full page. */
    static final int MAX_ROWS = 1_024;

    /** The most bytes of a page without sketches and histograms. */
    static final int MAX_BYTES = 20 * (PageCodec.maxEncodedBytes(MAX_ROWS) + 5);

    /** The most bytes of the sketches of a page. */
    static final int MAX_SKETCH_BYTES = 64 << 20;

    /** Numbers of histograms that a page of several buckets ends behind. */
    private static final int MAX_HISTOGRAM_NUMBERS = 1 << 20;

    /** The most bytes of the histograms of a page. */
    static final int MAX_HISTOGRAM_BYTES = 64 << 20;

    private static final int NANS = 1;
    private static final int STALES = 1 << 1;
    private static final int RESETS = 1 << 2;
    private static final int MINS = 1 << 3;
    private static final int MAXS = 1 << 4;
    private static final int PARTIAL = 1 << 5;
    private static final int HISTOGRAMS = 1 << 6;
    private static final int UNSUMMED = 1 << 7;
    private static final int KNOWN = (1 << 8) - 1;

    private final PageCodec codec;
    private final byte[] page = new byte[PageCodec.maxEncodedBytes(MAX_ROWS)];
    private final long[] longs = new long[MAX_ROWS];
    private final double[] doubles = new double[MAX_ROWS];

    private final SketchPages sketches;
    private final RollupHistogramPages histograms;

    RollupPage(Effort effort) {
        codec = new PageCodec(effort);
        sketches = new SketchPages(effort);
        histograms = new RollupHistogramPages(effort);
    }

    /** How many buckets, from one on, are a page. */
    static int rows(RollupBuckets source, int from) {
        int most = Math.min(MAX_ROWS, source.size() - from);
        int rows = 0;
        long numbers = 0;
        while (rows < most && numbers <= MAX_HISTOGRAM_NUMBERS) {
            numbers += RollupHistogramPages.numbers(source.histograms(from + rows));
            rows++;
        }
        return rows;
    }

    /** Writes columns of some buckets. */
    void write(RollupBuckets source, int from, int rows, ByteSink out) {
        int end = from + rows;
        boolean nans = anyNot(source.nans, from, end);
        boolean stales = anyNot(source.stales, from, end);
        boolean resets = anyNot(source.resets, from, end);
        boolean mins = !same(source.mins, source.firsts, from, end);
        boolean maxs = !same(source.maxs, source.lasts, from, end);
        boolean partial = false;
        boolean others = false;
        boolean unsummed = false;
        for (int i = from; i < end; i++) {
            partial |= source.partial[i];
            RollupHistograms of = source.histograms(i);
            others |= of != null;
            unsummed |= of != null && !of.summed();
        }
        out.varint((nans ? NANS : 0)
                | (stales ? STALES : 0)
                | (resets ? RESETS : 0)
                | (mins ? MINS : 0)
                | (maxs ? MAXS : 0)
                | (partial ? PARTIAL : 0)
                | (others ? HISTOGRAMS : 0)
                | (unsummed ? UNSUMMED : 0));
        writeLongs(source.numbers, from, rows, out);
        long width = source.width();
        for (int i = 0; i < rows; i++) {
            longs[i] = source.firstTimes[from + i] - (source.ends[from + i] - width);
        }
        writeLongs(longs, 0, rows, out);
        for (int i = 0; i < rows; i++) {
            longs[i] = source.ends[from + i] - source.lastTimes[from + i];
        }
        writeLongs(longs, 0, rows, out);
        writeDoubles(source.firsts, from, rows, out);
        writeDoubles(source.lasts, from, rows, out);
        writeDoubles(source.sums, from, rows, out);
        if (nans) {
            writeLongs(source.nans, from, rows, out);
        }
        if (stales) {
            writeLongs(source.stales, from, rows, out);
        }
        if (resets) {
            writeLongs(source.resets, from, rows, out);
            writeDoubles(source.corrections, from, rows, out);
        }
        if (mins) {
            writeDoubles(source.mins, from, rows, out);
        }
        if (maxs) {
            writeDoubles(source.maxs, from, rows, out);
        }
        if (partial) {
            for (int i = 0; i < rows; i++) {
                longs[i] = source.partial[from + i] ? 1 : 0;
            }
            writeLongs(longs, 0, rows, out);
        }
        if (others) {
            writeOfHistograms(source, from, rows, out, unsummed);
        }
    }

    private void writeOfHistograms(RollupBuckets source, int from, int rows, ByteSink out, boolean unsummed) {
        long width = source.width();
        writeOfHistograms(source, from, rows, out, RollupHistograms::count);
        writeOfHistograms(source, from, rows, out, RollupHistograms::stales);
        writeOfHistograms(source, from, rows, out, RollupHistograms::resets);
        for (int i = 0; i < rows; i++) {
            RollupHistograms of = source.histograms(from + i);
            longs[i] = of == null ? width : of.firstTime() - (source.ends[from + i] - width);
        }
        writeLongs(longs, 0, rows, out);
        for (int i = 0; i < rows; i++) {
            RollupHistograms of = source.histograms(from + i);
            longs[i] = of == null ? 0 : source.ends[from + i] - of.lastTime();
        }
        writeLongs(longs, 0, rows, out);
        if (unsummed) {
            writeOfHistograms(source, from, rows, out, of -> of.summed() ? 0 : 1);
        }
    }

    private void writeOfHistograms(
            RollupBuckets source, int from, int rows, ByteSink out, ToLongFunction<RollupHistograms> column) {
        for (int i = 0; i < rows; i++) {
            RollupHistograms of = source.histograms(from + i);
            longs[i] = of == null ? 0 : column.applyAsLong(of);
        }
        writeLongs(longs, 0, rows, out);
    }

    private static boolean anyNot(long[] column, int from, int end) {
        for (int i = from; i < end; i++) {
            if (column[i] != 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(double[] a, double[] b, int from, int end) {
        for (int i = from; i < end; i++) {
            if (Double.doubleToRawLongBits(a[i]) != Double.doubleToRawLongBits(b[i])) {
                return false;
            }
        }
        return true;
    }

    private void writeLongs(long[] column, int from, int rows, ByteSink out) {
        int length = codec.encodeTimes(column, from, rows, page, 0);
        out.varint(length);
        out.put(page, 0, length);
    }

    private void writeDoubles(double[] column, int from, int rows, ByteSink out) {
        int length = codec.encodeValues(column, from, rows, page, 0);
        out.varint(length);
        out.put(page, 0, length);
    }

    /** Writes the sketches of some buckets. */
    void writeSketches(RollupBuckets source, int from, int rows, ByteSink out) {
        sketches.write(source, from, rows, out);
    }

    /** Writes the histograms of some buckets, which were read whole; nothing if there are none. */
    void writeHistograms(RollupBuckets source, int from, int rows, ByteSink out) {
        histograms.write(source, from, rows, out);
    }

    /**
     * Reads a page whose checksum was right, and adds its buckets.
     *
     * @param ends ends of the buckets, from an index on
     * @throws MalformedPageException if it is no such page
     */
    void read(byte[] bytes, int length, long[] ends, int endsFrom, int rows, RollupBuckets target) {
        ByteSource in = source(bytes, length);
        int mask = in.varint(KNOWN);
        int from = target.size();
        target.ensureRoom(rows);
        for (int i = 0; i < rows; i++) {
            target.addRow(ends[endsFrom + i]);
        }
        readLongs(in, target.numbers, from, rows);
        readLongs(in, longs, 0, rows);
        long width = target.width();
        for (int i = 0; i < rows; i++) {
            target.firstTimes[from + i] = target.ends[from + i] - width + longs[i];
        }
        readLongs(in, longs, 0, rows);
        for (int i = 0; i < rows; i++) {
            target.lastTimes[from + i] = target.ends[from + i] - longs[i];
        }
        readDoubles(in, target.firsts, from, rows);
        readDoubles(in, target.lasts, from, rows);
        readDoubles(in, target.sums, from, rows);
        readOptional(in, (mask & NANS) != 0, target.nans, from, rows);
        readOptional(in, (mask & STALES) != 0, target.stales, from, rows);
        readOptional(in, (mask & RESETS) != 0, target.resets, from, rows);
        Arrays.fill(target.corrections, from, from + rows, 0);
        if ((mask & RESETS) != 0) {
            readDoubles(in, target.corrections, from, rows);
        }
        System.arraycopy(target.firsts, from, target.mins, from, rows);
        if ((mask & MINS) != 0) {
            readDoubles(in, target.mins, from, rows);
        }
        System.arraycopy(target.lasts, from, target.maxs, from, rows);
        if ((mask & MAXS) != 0) {
            readDoubles(in, target.maxs, from, rows);
        }
        readOptional(in, (mask & PARTIAL) != 0, longs, 0, rows);
        for (int i = 0; i < rows; i++) {
            target.partial[from + i] = longs[i] != 0;
        }
        if ((mask & HISTOGRAMS) != 0) {
            readOfHistograms(in, (mask & UNSUMMED) != 0, target, from, rows);
        } else if ((mask & UNSUMMED) != 0) {
            throw new MalformedPageException(in.position(), "sums of histograms that are not there: mask=" + mask);
        }
        requireEnd(in);
    }

    private void readOfHistograms(ByteSource in, boolean unsummed, RollupBuckets target, int from, int rows) {
        long[][] columns = new long[6][rows];
        for (int i = 0; i < 5; i++) {
            readLongs(in, columns[i], 0, rows);
        }
        readOptional(in, unsummed, columns[5], 0, rows);
        for (int i = 0; i < rows; i++) {
            long count = columns[0][i];
            long stales = columns[1][i];
            long resets = columns[2][i];
            if (count < 0 || stales < 0 || resets < 0 || resets > 0 && resets >= count) {
                throw new MalformedPageException(
                        in.position(), "counts of histograms: count=" + count + ", resets=" + resets);
            }
            if (count > 0 || stales > 0) {
                long end = target.ends[from + i];
                long first = end - target.width() + columns[3][i];
                long last = end - columns[4][i];
                boolean summed = columns[5][i] == 0;
                target.setHistograms(
                        from + i,
                        new RollupHistograms(count, stales, resets, first, last, summed, null, null, null, null));
            }
        }
    }

    private void readOptional(ByteSource in, boolean there, long[] target, int from, int rows) {
        if (there) {
            readLongs(in, target, from, rows);
        } else {
            Arrays.fill(target, from, from + rows, 0);
        }
    }

    private void readLongs(ByteSource in, long[] target, int from, int rows) {
        int length = column(in);
        require(rows, codec.decodeTimes(page, 0, length, longs, 0), in);
        System.arraycopy(longs, 0, target, from, rows);
    }

    private void readDoubles(ByteSource in, double[] target, int from, int rows) {
        int length = column(in);
        require(rows, codec.decodeValues(page, 0, length, doubles, 0), in);
        System.arraycopy(doubles, 0, target, from, rows);
    }

    private int column(ByteSource in) {
        int length = in.varint(page.length);
        in.get(page, 0, length);
        return length;
    }

    private static void require(int rows, int found, ByteSource in) {
        if (found != rows) {
            throw new MalformedPageException(in.position(), rows + " buckets: found=" + found);
        }
    }

    /** Reads sketches, of which the first is that of a bucket of the target. */
    void readSketches(byte[] bytes, int length, int rows, RollupBuckets target, int targetFrom) {
        ByteSource in = source(bytes, length);
        sketches.read(in, rows, target, targetFrom);
        requireEnd(in);
    }

    /** Adds sketches of a page to where a sum wants them. */
    void addSketches(byte[] bytes, int length, int rows, SketchSums sums) {
        ByteSource in = source(bytes, length);
        sketches.addTo(in, rows, sums);
        requireEnd(in);
    }

    /** Reads histograms, of which the first are those of a bucket of the target. */
    void readHistograms(byte[] bytes, int length, int rows, RollupBuckets target, int targetFrom) {
        ByteSource in = source(bytes, length);
        histograms.read(in, rows, target, targetFrom);
        requireEnd(in);
    }

    private static ByteSource source(byte[] bytes, int length) {
        return new ByteSource(ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.LITTLE_ENDIAN), 0);
    }

    private static void requireEnd(ByteSource in) {
        if (!in.isAtEnd()) {
            throw new MalformedPageException(in.position(), "the end of a page: left=" + in.remaining());
        }
    }
}
