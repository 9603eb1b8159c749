package io.varve.codec.histogram;

import io.varve.codec.PageCodec;
import io.varve.codec.bits.PageReader;
import io.varve.codec.number.OrderedBits;

/** Reads pages of histograms. Holds scratch memory: one thread at a time. */
final class HistogramPageDecoder {

    private final ColumnReader columns = new ColumnReader();
    private final LayoutTable table = new LayoutTable();
    private final SampleSides sides = new SampleSides();
    private final BucketOrder order = new BucketOrder();
    private final SpanOrder spans = new SpanOrder();

    private final long[] marks = new long[PageCodec.MAX_SAMPLES];
    private final long[] column = new long[PageCodec.MAX_SAMPLES];
    private final double[] doubles = new double[PageCodec.MAX_SAMPLES];
    private final int[] stale = new int[2];
    private long[] firsts = new long[0];
    private double[] firstDoubles = new double[0];

    /** Reads what follows the first byte into empty columns. */
    void decode(PageReader in, HistogramColumns target) {
        int n = in.readVarint("count", 1, PageCodec.MAX_SAMPLES);
        int flags = in.readByte();
        if ((flags & ~HistogramFormat.WHOLE) != 0) {
            throw in.malformed("rule: flags are known, flags=" + flags);
        }
        boolean whole = (flags & HistogramFormat.WHOLE) != 0;
        table.read(in, n, columns, target.layouts);
        readSamples(in, n, whole, target);
        if (sides.count(SampleSides.INTEGERS) > 0) {
            readIntegers(in, target);
            if (whole) {
                convertToFloats(target);
            }
        }
        if (sides.count(SampleSides.DOUBLES) > 0) {
            readDoubles(in, target);
        }
        int live = n - sides.count(SampleSides.NONE);
        columns.read(in, live, doubles, 0);
        for (int i = 0, next = 0; i < n; i++) {
            target.sums[i] = sides.of()[i] == SampleSides.NONE ? HistogramColumns.stale() : doubles[next++];
        }
    }

    /** Reads layouts and marks of samples, and where their numbers are to stand. */
    private void readSamples(PageReader in, int n, boolean whole, HistogramColumns target) {
        HistogramLayouts layouts = target.layouts;
        int known = layouts.size;
        target.ensureSamples(n);
        target.size = n;
        if (known > 1) {
            columns.read(in, n, column, "layout", 0, known - 1);
        }
        columns.read(in, n, marks, "mark", 0, HistogramFormat.MAX_MARK);
        sides.begin(n);
        stale[0] = HistogramLayouts.NO_ROOM;
        stale[1] = HistogramLayouts.NO_ROOM;
        int end = 0;
        for (int i = 0; i < n; i++) {
            target.hints[i] = (byte) (marks[i] & HistogramFormat.HINT);
            if ((marks[i] & HistogramFormat.STALE) != 0) {
                sides.put(i, SampleSides.NONE);
                target.layoutOf[i] = staleLayout((marks[i] & HistogramFormat.STALE_FLOATS) != 0, layouts);
            } else if (known == 0 || (marks[i] & HistogramFormat.STALE_FLOATS) != 0) {
                throw in.malformed("rule: what is no stale marker has a layout, mark=" + marks[i]);
            } else {
                target.layoutOf[i] = known > 1 ? (int) column[i] : 0;
                sides.put(i, SampleSides.sideOf(target, i, whole));
            }
            end += 1 + layouts.buckets[target.layoutOf[i]];
            if (end > HistogramColumns.MAX_NUMBERS) {
                throw in.malformed("rule: numbers <= " + HistogramColumns.MAX_NUMBERS + ", numbers=" + end);
            }
            target.starts[i + 1] = end;
        }
        target.ensureNumbers(end);
        for (int i = 0; i < n; i++) {
            if (sides.of()[i] == SampleSides.NONE) {
                target.numbers[target.starts[i]] = 0;
                target.counts[i] = 0;
            }
        }
    }

    private int staleLayout(boolean floats, HistogramLayouts layouts) {
        int kind = floats ? 1 : 0;
        if (stale[kind] == HistogramLayouts.NO_ROOM) {
            stale[kind] = layouts.addPlain(floats);
        }
        return stale[kind];
    }

    private void readIntegers(PageReader in, HistogramColumns target) {
        if (spans.number(target, sides.of(), SampleSides.INTEGERS)) {
            readBySpans(in, target);
        } else {
            readByBuckets(in, target);
        }
        long[] numbers = target.numbers;
        for (int i = 0; i < target.size; i++) {
            if (sides.of()[i] == SampleSides.INTEGERS) {
                long count = target.counts[i];
                for (int p = target.starts[i]; p < target.starts[i + 1]; p++) {
                    count += numbers[p];
                }
                target.counts[i] = count;
            }
        }
    }

    private void readBySpans(PageReader in, HistogramColumns target) {
        int buckets = spans.buckets();
        readFirsts(in, buckets, target);
        for (int from = 0; from < buckets; ) {
            int end = from + in.readVarint("buckets", 1, buckets - from);
            int first = spans.restStart(from);
            int count = requireColumn(in, spans.restStart(end) - first);
            columns.read(in, count, spans.rest(), first);
            from = end;
        }
        spans.restore(target, sides.of(), SampleSides.INTEGERS, marks, firsts);
    }

    private void readByBuckets(PageReader in, HistogramColumns target) {
        order.number(target, sides.of(), SampleSides.INTEGERS);
        order.order(target, sides.of(), SampleSides.INTEGERS, marks);
        readFirsts(in, order.buckets(), target);
        long[] numbers = target.numbers;
        for (int from = 0; from < order.buckets(); ) {
            int end = from + in.readVarint("buckets", 1, order.buckets() - from);
            int count = countOf(in, from, end);
            columns.read(in, count, column, 0);
            int next = 0;
            for (int b = from; b < end; b++) {
                int first = order.start(b);
                long number = firsts[b];
                numbers[order.place(first)] = number;
                for (int e = first + 1; e < order.start(b + 1); e++) {
                    number = order.isAnew(e) ? column[next] : number + column[next];
                    next++;
                    numbers[order.place(e)] = number;
                }
            }
            from = end;
        }
    }

    private void readFirsts(PageReader in, int buckets, HistogramColumns target) {
        readCounts(in, SampleSides.INTEGERS, target);
        if (buckets > firsts.length) {
            firsts = new long[buckets];
        }
        columns.read(in, buckets, firsts, 0);
    }

    private void convertToFloats(HistogramColumns target) {
        for (int i = 0; i < target.size; i++) {
            if (sides.of()[i] == SampleSides.INTEGERS && target.layouts.floats[target.layoutOf[i]]) {
                for (int p = target.starts[i]; p < target.starts[i + 1]; p++) {
                    target.numbers[p] = Double.doubleToRawLongBits((double) target.numbers[p]);
                }
                target.counts[i] = Double.doubleToRawLongBits((double) target.counts[i]);
            }
        }
    }

    private void readDoubles(PageReader in, HistogramColumns target) {
        order.number(target, sides.of(), SampleSides.DOUBLES);
        order.order(target, sides.of(), SampleSides.DOUBLES, marks);
        readCounts(in, SampleSides.DOUBLES, target);
        if (order.buckets() > firstDoubles.length) {
            firstDoubles = new double[order.buckets()];
        }
        columns.read(in, order.buckets(), firstDoubles, 0);
        long[] numbers = target.numbers;
        for (int from = 0; from < order.buckets(); ) {
            int end = from + in.readVarint("buckets", 1, order.buckets() - from);
            int count = countOf(in, from, end);
            columns.read(in, count, doubles, 0);
            int next = 0;
            for (int b = from; b < end; b++) {
                int first = order.start(b);
                numbers[order.place(first)] = Double.doubleToRawLongBits(firstDoubles[b]);
                for (int e = first + 1; e < order.start(b + 1); e++) {
                    numbers[order.place(e)] = Double.doubleToRawLongBits(doubles[next++]);
                }
            }
            from = end;
        }
        for (int i = 0; i < target.size; i++) {
            if (sides.of()[i] == SampleSides.DOUBLES) {
                long ordered = target.counts[i] + SampleSides.predictedCount(target, i);
                target.counts[i] = Double.doubleToRawLongBits(OrderedBits.toDouble(ordered));
            }
        }
    }

    /** Reads what the counts of a side differ by from their prediction. */
    private void readCounts(PageReader in, int side, HistogramColumns target) {
        columns.read(in, sides.count(side), column, 0);
        for (int i = 0, next = 0; i < target.size; i++) {
            if (sides.of()[i] == side) {
                target.counts[i] = column[next++];
            }
        }
    }

    /** How many numbers the column of some buckets has. */
    private int countOf(PageReader in, int from, int end) {
        return requireColumn(in, order.start(end) - end - (order.start(from) - from));
    }

    private static int requireColumn(PageReader in, int count) {
        if (count > HistogramFormat.LONGEST_COLUMN) {
            throw in.malformed("rule: buckets of a column have at most " + HistogramFormat.LONGEST_COLUMN
                    + " numbers, numbers=" + count);
        }
        return count;
    }
}
