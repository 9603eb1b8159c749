package io.varve.codec.histogram;

import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import java.util.Arrays;

/**
 * The table of a page's layouts as columns: forms, zero thresholds, numbers of spans, offsets and lengths of spans, and
 * custom bounds. Holds scratch memory: one thread at a time.
 */
final class LayoutTable {

    private static final int FIRST_ROOM = 64;

    private long[] column = new long[FIRST_ROOM];
    private double[] doubles = new double[FIRST_ROOM];

    /** The most bytes that the layouts of a page take. */
    static long maxBytes(HistogramLayouts layouts) {
        long parts = 2L * layouts.spanStarts[layouts.size] + layouts.boundsSize;
        return 16 + ColumnWriter.maxBytes(8 + layouts.size, 5L * layouts.size + parts);
    }

    /**
     * Writes layouts.
     *
     * @param chosen their numbers
     * @param count how many
     */
    void write(HistogramLayouts layouts, int[] chosen, int count, ColumnWriter columns, PageWriter out) {
        out.writeVarint(count);
        int spans = 0;
        for (int i = 0; i < count; i++) {
            spans += layouts.spanCount(chosen[i]);
        }
        ensure(Math.max(spans, 2 * count));
        for (int i = 0; i < count; i++) {
            int l = chosen[i];
            column[i] = ((long) layouts.schemas[l] << HistogramFormat.SCHEMA_SHIFT)
                    | (layouts.floats[l] ? HistogramFormat.FLOATS : 0);
            doubles[i] = layouts.zeroThresholds[l];
        }
        columns.write(column, 0, count, out);
        columns.write(doubles, 0, count, out);
        for (int i = 0; i < count; i++) {
            column[2 * i] = layouts.positiveSpans[chosen[i]];
            column[2 * i + 1] = layouts.negativeSpans(chosen[i]);
        }
        columns.write(column, 0, 2 * count, out);
        writeSpans(layouts.offsets, layouts, chosen, count, columns, out);
        writeSpans(layouts.lengths, layouts, chosen, count, columns, out);
        writeBounds(layouts, chosen, count, columns, out);
    }

    private void writeSpans(
            int[] parts, HistogramLayouts layouts, int[] chosen, int count, ColumnWriter columns, PageWriter out) {
        int size = 0;
        for (int i = 0; i < count; i++) {
            for (int s = layouts.spanStarts[chosen[i]]; s < layouts.spanStarts[chosen[i] + 1]; s++) {
                column[size++] = parts[s];
            }
        }
        columns.write(column, 0, size, out);
    }

    private void writeBounds(HistogramLayouts layouts, int[] chosen, int count, ColumnWriter columns, PageWriter out) {
        int custom = 0;
        int size = 0;
        int before = -1;
        for (int i = 0; i < count; i++) {
            int l = chosen[i];
            if (layouts.schemas[l] != HistogramLayouts.CUSTOM_SCHEMA) {
                continue;
            }
            if (before >= 0 && layouts.index.equalBounds(before, l)) {
                column[custom++] = HistogramFormat.SAME_BOUNDS;
            } else {
                column[custom++] = layouts.boundCounts[l];
                ensure(size + layouts.boundCounts[l]);
                System.arraycopy(layouts.bounds, layouts.boundStarts[l], doubles, size, layouts.boundCounts[l]);
                size += layouts.boundCounts[l];
            }
            before = l;
        }
        columns.write(column, 0, custom, out);
        columns.write(doubles, 0, size, out);
    }

    /** Reads layouts into an empty table. */
    void read(PageReader in, int samples, ColumnReader columns, HistogramLayouts layouts) {
        int count = in.readVarint("layouts", 0, samples);
        ensure(2 * count);
        layouts.ensureLayouts(count);
        columns.read(in, count, column, 0);
        for (int i = 0; i < count; i++) {
            long schema = column[i] >> HistogramFormat.SCHEMA_SHIFT;
            if (!HistogramLayouts.isSchema(schema)) {
                throw in.malformed("rule: -4 <= schema <= 8 or schema = -53, schema=" + schema);
            }
            layouts.schemas[i] = (byte) schema;
            layouts.floats[i] = (column[i] & HistogramFormat.FLOATS) != 0;
        }
        columns.read(in, count, layouts.zeroThresholds, 0);
        columns.read(in, 2 * count, column, "spans", 0, HistogramLayouts.MAX_BUCKETS);
        long spans = 0;
        for (int i = 0; i < count; i++) {
            layouts.positiveSpans[i] = (int) column[2 * i];
            spans += column[2 * i] + column[2 * i + 1];
            if (spans > HistogramLayouts.MAX_PARTS) {
                throw in.malformed("rule: spans <= " + HistogramLayouts.MAX_PARTS + ", spans=" + spans);
            }
            layouts.spanStarts[i + 1] = (int) spans;
        }
        readSpans(in, count, (int) spans, columns, layouts);
        readBounds(in, count, columns, layouts);
        layouts.size = count;
    }

    private void readSpans(PageReader in, int count, int spans, ColumnReader columns, HistogramLayouts layouts) {
        ensure(spans);
        layouts.ensureSpans(spans);
        columns.read(in, spans, column, "offset", Integer.MIN_VALUE, Integer.MAX_VALUE);
        for (int i = 0; i < spans; i++) {
            layouts.offsets[i] = (int) column[i];
        }
        columns.read(in, spans, column, "length", 0, HistogramLayouts.MAX_BUCKETS);
        for (int l = 0; l < count; l++) {
            int from = layouts.spanStarts[l];
            int to = layouts.spanStarts[l + 1];
            long buckets = 0;
            for (int i = from; i < to; i++) {
                layouts.lengths[i] = (int) column[i];
                buckets += column[i];
            }
            int middle = from + layouts.positiveSpans[l];
            if (buckets > HistogramLayouts.MAX_BUCKETS
                    || to - from > HistogramLayouts.MAX_BUCKETS
                    || !layouts.ascends(from, middle - from)
                    || !layouts.ascends(middle, to - middle)) {
                throw in.malformed("rule: spans ascend and have at most " + HistogramLayouts.MAX_BUCKETS
                        + " buckets, spans=" + (to - from) + ", buckets=" + buckets);
            }
            layouts.buckets[l] = (int) buckets;
        }
    }

    private void readBounds(PageReader in, int count, ColumnReader columns, HistogramLayouts layouts) {
        int custom = 0;
        for (int l = 0; l < count; l++) {
            custom += layouts.schemas[l] == HistogramLayouts.CUSTOM_SCHEMA ? 1 : 0;
        }
        columns.read(in, custom, column, "bounds", HistogramFormat.SAME_BOUNDS, HistogramLayouts.MAX_BUCKETS);
        int size = 0;
        int before = -1;
        int next = 0;
        for (int l = 0; l < count; l++) {
            layouts.boundStarts[l] = size;
            layouts.boundCounts[l] = 0;
            if (layouts.schemas[l] != HistogramLayouts.CUSTOM_SCHEMA) {
                continue;
            }
            int found = (int) column[next++];
            if (found != HistogramFormat.SAME_BOUNDS) {
                layouts.boundCounts[l] = found;
                size += found;
            } else if (before >= 0) {
                layouts.boundStarts[l] = layouts.boundStarts[before];
                layouts.boundCounts[l] = layouts.boundCounts[before];
            } else {
                throw in.malformed("rule: the first layout with custom bounds has its own");
            }
            if (size > HistogramLayouts.MAX_PARTS) {
                throw in.malformed("rule: bounds <= " + HistogramLayouts.MAX_PARTS + ", bounds=" + size);
            }
            before = l;
        }
        layouts.ensureBounds(size);
        columns.read(in, size, layouts.bounds, 0);
        layouts.boundsSize = size;
    }

    private void ensure(int count) {
        if (count > column.length) {
            column = Arrays.copyOf(column, Math.max(count, column.length * 2)); // bounds grow it while it is filled
        }
        if (count > doubles.length) {
            doubles = Arrays.copyOf(doubles, Math.max(count, doubles.length * 2));
        }
    }
}
