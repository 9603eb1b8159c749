package io.varve.codec.histogram;

import java.util.Arrays;

/**
 * For a decoder, the same order as {@link BucketOrder}, told by spans and not by single buckets: consecutive buckets of
 * a span have consecutive numbers, so that a page's columns are brought into its samples' order without a list of all
 * entries. Only where the buckets of all layouts lie near each other, as those of one series do.
 *
 * <p>Mutable and reused; one thread at a time.
 */
final class SpanOrder {

    /** Buckets are numbered by a table if those of each schema and sign lie within so many in all. */
    private static final int NEAR = 1 << 12;

    /** One for custom bounds and one for each schema, times two signs. */
    private static final int PARTS = 2 * (2 + HistogramLayouts.MAX_SCHEMA - HistogramLayouts.MIN_SCHEMA);

    private final int[] least = new int[PARTS];
    private final int[] most = new int[PARTS];
    private final int[] shifts = new int[PARTS];

    /** By place in the table: how many samples have a bucket, then its number. */
    private int[] table = new int[0];

    private int[] uses = new int[0];

    /** For each span the number of its first bucket. */
    private int[] spanIds = new int[0];

    private int buckets;

    /** For each bucket where its entries start. */
    private int[] starts = new int[1];

    /** For each bucket the place of its next entry. */
    private int[] next = new int[0];

    /** For each bucket its entry before that; 0 if there is none, or none since counters began anew. */
    private long[] last = new long[0];

    /** Entries, bucket by bucket: while columns are read those but the first of each bucket, closed up. */
    private long[] entries = new long[0];

    private int samples;

    /** How many distinct buckets there are, with the zero bucket, which is number 0. */
    int buckets() {
        return buckets;
    }

    /** Where the entries of a bucket start in {@link #rest}; of the number of buckets, where all end. */
    int restStart(int bucket) {
        return starts[bucket] - bucket;
    }

    /** Takes entries but the first of each bucket; has room for all. */
    long[] rest() {
        return entries;
    }

    /**
     * Numbers the buckets of those samples that stand on a side.
     *
     * @return false if they do not lie near each other: nothing else may be asked then
     */
    boolean number(HistogramColumns columns, byte[] sides, int side) {
        HistogramLayouts layouts = columns.layouts;
        countUses(columns, sides, side);
        Arrays.fill(least, Integer.MAX_VALUE);
        Arrays.fill(most, Integer.MIN_VALUE);
        for (int l = 0; l < layouts.size; l++) {
            if (uses[l] > 0) {
                widen(layouts, l, false);
                widen(layouts, l, true);
            }
        }
        long room = 0;
        for (int part = 0; part < PARTS; part++) {
            if (least[part] <= most[part]) {
                // Wraps, and so does what is added to it.
                shifts[part] = (int) room - least[part];
                room += (long) most[part] - least[part] + 1;
            }
            if (room > NEAR) {
                return false;
            }
        }
        countBuckets(layouts, (int) room);
        numberBuckets((int) room);
        numberSpans(layouts);
        return true;
    }

    private void countUses(HistogramColumns columns, byte[] sides, int side) {
        int known = columns.layouts.size;
        uses = uses.length < known ? new int[Math.max(known, 2 * uses.length)] : uses;
        Arrays.fill(uses, 0, known, 0);
        samples = 0;
        for (int i = 0; i < columns.size; i++) {
            if (sides[i] == side) {
                uses[columns.layoutOf[i]]++;
                samples++;
            }
        }
    }

    private static int part(HistogramLayouts layouts, int layout, boolean negative) {
        int schema = layouts.schemas[layout];
        int order = schema == HistogramLayouts.CUSTOM_SCHEMA ? 0 : 1 + schema - HistogramLayouts.MIN_SCHEMA;
        return 2 * order + (negative ? 1 : 0);
    }

    private static int from(HistogramLayouts layouts, int layout, boolean negative) {
        return layouts.spanStarts[layout] + (negative ? layouts.positiveSpans[layout] : 0);
    }

    private static int to(HistogramLayouts layouts, int layout, boolean negative) {
        return negative ? layouts.spanStarts[layout + 1] : from(layouts, layout, true);
    }

    private void widen(HistogramLayouts layouts, int layout, boolean negative) {
        int part = part(layouts, layout, negative);
        int index = 0;
        for (int span = from(layouts, layout, negative); span < to(layouts, layout, negative); span++) {
            index += layouts.offsets[span];
            int length = layouts.lengths[span];
            if (length > 0) {
                least[part] = Math.min(least[part], index);
                most[part] = Math.max(most[part], index + length - 1);
            }
            index += length;
        }
    }

    /** Counts the samples that have each bucket: a span begins to count at its first and ends behind its last. */
    private void countBuckets(HistogramLayouts layouts, int room) {
        table = table.length <= room ? new int[Math.max(room + 1, 2 * table.length)] : table;
        Arrays.fill(table, 0, room + 1, 0);
        for (int l = 0; l < layouts.size; l++) {
            for (int sign = 0; sign < 2 && uses[l] > 0; sign++) {
                int shift = shifts[part(layouts, l, sign == 1)];
                int index = 0;
                for (int span = from(layouts, l, sign == 1); span < to(layouts, l, sign == 1); span++) {
                    index += layouts.offsets[span];
                    int length = layouts.lengths[span];
                    if (length > 0) {
                        table[index + shift] += uses[l];
                        table[index + shift + length] -= uses[l];
                    }
                    index += length;
                }
            }
        }
    }

    private void numberBuckets(int room) {
        if (starts.length < room + 2) {
            starts = new int[room + 2];
            next = new int[room + 2];
            last = new long[room + 2];
        }
        starts[0] = 0;
        int at = samples;
        int size = 1;
        int count = 0;
        for (int i = 0; i < room; i++) {
            count += table[i];
            table[i] = size;
            if (count > 0) {
                starts[size++] = at;
                at += count;
            }
        }
        buckets = size;
        starts[size] = at;
        if (at > entries.length) {
            entries = new long[Math.max(at, Math.min(2 * entries.length, HistogramColumns.MAX_NUMBERS))];
        }
    }

    private void numberSpans(HistogramLayouts layouts) {
        int spans = layouts.spanStarts[layouts.size];
        spanIds = spanIds.length < spans ? new int[Math.max(spans, 2 * spanIds.length)] : spanIds;
        for (int l = 0; l < layouts.size; l++) {
            for (int sign = 0; sign < 2 && uses[l] > 0; sign++) {
                int shift = shifts[part(layouts, l, sign == 1)];
                int index = 0;
                for (int span = from(layouts, l, sign == 1); span < to(layouts, l, sign == 1); span++) {
                    index += layouts.offsets[span];
                    spanIds[span] = layouts.lengths[span] > 0 ? table[index + shift] : 0;
                    index += layouts.lengths[span];
                }
            }
        }
    }

    /**
     * Puts all entries where their samples' numbers are.
     *
     * @param marks of each sample, for where counters begin anew
     * @param firsts the first entry of each bucket
     */
    void restore(HistogramColumns columns, byte[] sides, int side, long[] marks, long[] firsts) {
        insert(firsts);
        System.arraycopy(starts, 0, next, 0, buckets);
        Arrays.fill(last, 0, buckets, 0);
        boolean absolute = areAllAnew(columns, sides, side, marks);
        HistogramLayouts layouts = columns.layouts;
        for (int i = 0; i < columns.size; i++) {
            if (!absolute && (marks[i] & HistogramFormat.FRESH) != 0) {
                Arrays.fill(last, 0, buckets, 0);
            }
            if (sides[i] != side) {
                continue;
            }
            int layout = columns.layoutOf[i];
            int place = columns.starts[i];
            columns.numbers[place++] = zero(absolute);
            for (int span = layouts.spanStarts[layout]; span < layouts.spanStarts[layout + 1]; span++) {
                int length = layouts.lengths[span];
                if (absolute) {
                    copy(spanIds[span], length, columns.numbers, place);
                } else {
                    add(spanIds[span], length, columns.numbers, place);
                }
                place += length;
            }
        }
    }

    /** Makes room for the first entry of each bucket. */
    private void insert(long[] firsts) {
        for (int b = buckets - 1; b >= 0; b--) {
            int start = starts[b];
            System.arraycopy(entries, start - b, entries, start + 1, starts[b + 1] - start - 1);
            entries[start] = firsts[b];
        }
    }

    private static boolean areAllAnew(HistogramColumns columns, byte[] sides, int side, long[] marks) {
        for (int i = 0; i < columns.size; i++) {
            if (sides[i] == side && (marks[i] & HistogramFormat.FRESH) == 0) {
                return false;
            }
        }
        return true;
    }

    private long zero(boolean absolute) {
        long number = entries[next[0]++] + (absolute ? 0 : last[0]);
        last[0] = number;
        return number;
    }

    /** Entries of some buckets that stand for themselves. */
    private void copy(int bucket, int length, long[] target, int place) {
        int[] places = next;
        long[] all = entries;
        for (int i = 0; i < length; i++) {
            target[place + i] = all[places[bucket + i]++];
        }
    }

    /** Entries of some buckets that stand for what they are more than the ones before. */
    private void add(int bucket, int length, long[] target, int place) {
        int[] places = next;
        long[] before = last;
        long[] all = entries;
        for (int i = 0; i < length; i++) {
            long number = before[bucket + i] + all[places[bucket + i]++];
            before[bucket + i] = number;
            target[place + i] = number;
        }
    }
}
