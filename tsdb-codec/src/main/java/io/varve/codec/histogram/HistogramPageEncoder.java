package io.varve.codec.histogram;

import io.varve.codec.Effort;
import io.varve.codec.bits.PageWriter;
import io.varve.codec.number.OrderedBits;
import java.util.Arrays;

/** Writes pages of histograms. Holds scratch memory: one thread at a time. */
final class HistogramPageEncoder {

    private final ColumnWriter columns;
    private final LayoutTable table = new LayoutTable();
    private final SampleSides sides = new SampleSides();
    private final BucketOrder order = new BucketOrder();
    private final BucketGroups groups = new BucketGroups();
    private final FreshStarts fresh = new FreshStarts();

    private int[] chosen = new int[0];
    private int[] renamed = new int[0];
    private long[] marks = new long[0];
    private long[] column = new long[0];
    private long[] differences = new long[0];
    private double[] doubles = new double[0];
    private byte[] kept = new byte[0];

    HistogramPageEncoder(Effort effort) {
        columns = new ColumnWriter(effort);
    }

    /** The most bytes that a page takes. */
    static long maxBytes(HistogramColumns source) {
        long numbers = source.starts[source.size];
        // Each bucket of each layout may be a column of its own.
        long buckets = source.layouts.size;
        for (int l = 0; l < source.layouts.size; l++) {
            buckets += source.layouts.buckets[l];
        }
        return 64
                + LayoutTable.maxBytes(source.layouts)
                + ColumnWriter.maxBytes(16 + Math.min(buckets, numbers), numbers)
                + ColumnWriter.maxBytes(16, 4L * source.size);
    }

    /** Writes what follows the first byte. */
    void encode(HistogramColumns source, PageWriter out) {
        int n = source.size;
        ensure(source);
        sides.find(source);
        out.writeVarint(n);
        out.writeByte(sides.isWhole() ? HistogramFormat.WHOLE : 0);
        int layouts = chooseLayouts(source);
        table.write(source.layouts, chosen, layouts, columns, out);
        if (layouts > 1) {
            for (int i = 0; i < n; i++) {
                boolean stale = sides.of()[i] == SampleSides.NONE;
                column[i] = !stale ? renamed[source.layoutOf[i]] : i > 0 ? column[i - 1] : 0;
            }
            columns.write(column, 0, n, out);
        }
        for (int i = 0; i < n; i++) {
            marks[i] = source.hints[i];
            if (sides.of()[i] == SampleSides.NONE) {
                boolean floats = source.layouts.floats[source.layoutOf[i]];
                marks[i] |= HistogramFormat.STALE | (floats ? HistogramFormat.STALE_FLOATS : 0);
            }
        }
        writeMarksAndIntegers(source, out);
        writeDoubles(source, out);
        int live = 0;
        for (int i = 0; i < n; i++) {
            doubles[live] = source.sums[i];
            live += sides.of()[i] == SampleSides.NONE ? 0 : 1;
        }
        columns.write(doubles, 0, live, out);
    }

    private int chooseLayouts(HistogramColumns source) {
        Arrays.fill(renamed, 0, source.layouts.size, 0);
        for (int i = 0; i < source.size; i++) {
            if (sides.of()[i] != SampleSides.NONE) {
                renamed[source.layoutOf[i]] = 1;
            }
        }
        int size = 0;
        for (int l = 0; l < source.layouts.size; l++) {
            if (renamed[l] > 0) {
                renamed[l] = size;
                chosen[size++] = l;
            }
        }
        return size;
    }

    /** Counters that began anew are looked for; and if the numbers fit a gauge, all are tried without predecessors. */
    private void writeMarksAndIntegers(HistogramColumns source, PageWriter out) {
        int n = source.size;
        if (sides.count(SampleSides.INTEGERS) == 0) {
            columns.write(marks, 0, n, out);
            return;
        }
        order.number(source, sides.of(), SampleSides.INTEGERS);
        fresh.find(source, sides.integers(), sides.of(), SampleSides.INTEGERS, order, marks);
        int start = out.length();
        writeIntegers(source, out);
        if (!fresh.looksLikeGauge()) {
            return;
        }
        int length = out.length() - start;
        if (length > kept.length) {
            kept = new byte[length + length / 2];
        }
        int at = out.skip(0) - length;
        System.arraycopy(out.bytes(), at, kept, 0, length);
        out.rewind(start);
        for (int i = 0; i < n; i++) {
            marks[i] |= HistogramFormat.FRESH;
        }
        writeIntegers(source, out);
        if (out.length() - start >= length) {
            out.rewind(start);
            out.writeBytes(kept, 0, length);
        }
    }

    private void writeIntegers(HistogramColumns source, PageWriter out) {
        columns.write(marks, 0, source.size, out);
        order.order(source, sides.of(), SampleSides.INTEGERS, marks);
        long[] numbers = sides.integers();
        int live = 0;
        for (int i = 0; i < source.size; i++) {
            if (sides.of()[i] == SampleSides.INTEGERS) {
                long count = sides.integerCount(source, i);
                for (int p = source.starts[i]; p < source.starts[i + 1]; p++) {
                    count -= numbers[p];
                }
                column[live++] = count;
            }
        }
        columns.write(column, 0, live, out);
        for (int b = 0; b < order.buckets(); b++) {
            int first = order.start(b);
            long before = numbers[order.place(first)];
            column[b] = before;
            for (int e = first + 1; e < order.start(b + 1); e++) {
                long number = numbers[order.place(e)];
                differences[e - b - 1] = order.isAnew(e) ? number : number - before;
                before = number;
            }
        }
        columns.write(column, 0, order.buckets(), out);
        groups.groupIntegers(order, differences);
        for (int g = 0, from = 0; g < groups.size(); g++) {
            int end = groups.end(g);
            out.writeVarint(end - from);
            int at = order.start(from) - from;
            columns.write(differences, at, order.start(end) - end - at, out);
            from = end;
        }
    }

    private void writeDoubles(HistogramColumns source, PageWriter out) {
        if (sides.count(SampleSides.DOUBLES) == 0) {
            return;
        }
        order.number(source, sides.of(), SampleSides.DOUBLES);
        order.order(source, sides.of(), SampleSides.DOUBLES, marks);
        int live = 0;
        for (int i = 0; i < source.size; i++) {
            if (sides.of()[i] == SampleSides.DOUBLES) {
                double count = Double.longBitsToDouble(source.counts[i]);
                column[live++] = OrderedBits.of(count) - SampleSides.predictedCount(source, i);
            }
        }
        columns.write(column, 0, live, out);
        for (int b = 0; b < order.buckets(); b++) {
            doubles[b] = Double.longBitsToDouble(source.numbers[order.place(order.start(b))]);
        }
        columns.write(doubles, 0, order.buckets(), out);
        groups.groupDoubles(order);
        for (int g = 0, from = 0; g < groups.size(); g++) {
            int end = groups.end(g);
            out.writeVarint(end - from);
            int size = 0;
            for (int b = from; b < end; b++) {
                for (int e = order.start(b) + 1; e < order.start(b + 1); e++) {
                    doubles[size++] = Double.longBitsToDouble(source.numbers[order.place(e)]);
                }
            }
            columns.write(doubles, 0, size, out);
            from = end;
        }
    }

    private void ensure(HistogramColumns source) {
        if (source.layouts.size > renamed.length) {
            renamed = new int[source.layouts.schemas.length];
            chosen = new int[renamed.length];
        }
        if (source.size > marks.length) {
            marks = new long[source.layoutOf.length];
        }
        int numbers = source.starts[source.size];
        if (numbers > differences.length) {
            differences = new long[Math.min(source.numbers.length, HistogramColumns.MAX_NUMBERS)];
            column = new long[differences.length];
            doubles = new double[differences.length];
        }
    }
}
