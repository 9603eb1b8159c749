package io.varve.codec.histogram;

import java.util.Arrays;

/**
 * The transposed order of a page's numbers: bucket by bucket, and within a bucket sample by sample. The buckets of all
 * layouts of some samples, told apart by schema, sign and absolute index, are numbered in ascending order; the zero
 * bucket, one whatever the schema, is number 0.
 *
 * <p>Mutable and reused; one thread at a time.
 */
final class BucketOrder {

    /** Mark of an entry that is the first of its bucket since the counters began anew. */
    private static final int ANEW = 0x80000000;

    private static final int FIRST_ROOM = 64;
    /** Buckets are numbered by a table if those of each schema and sign lie within so many in all. */
    private static final int NEAR = 4_096;

    private static final int NEAR_PARTS = 8;

    private static final int SCHEMA_SHIFT = 33;
    private static final int SIGN_SHIFT = 32;

    private int[] uses = new int[FIRST_ROOM];
    private int usedLayouts;

    /** For each layout where its buckets start in {@link #keys} and {@link #ids}. */
    private int[] keyStarts = new int[FIRST_ROOM + 1];

    private long[] keys = new long[FIRST_ROOM];
    private long[] distinct = new long[FIRST_ROOM];
    private int[] ids = new int[FIRST_ROOM];
    private final int[] near = new int[NEAR];

    /** Least and greatest key of each schema and sign, and what leads from a key to its place in the table. */
    private final long[] nearLeast = new long[NEAR_PARTS];

    private final long[] nearMost = new long[NEAR_PARTS];
    private final long[] nearOffsets = new long[NEAR_PARTS];
    private int nearParts;
    private int buckets;

    /** For each bucket where its entries start. */
    private int[] entryStarts = new int[FIRST_ROOM + 1];

    private int[] next = new int[FIRST_ROOM];
    private int[] epochs = new int[FIRST_ROOM];
    private int[] entries = new int[FIRST_ROOM];

    /** How many distinct buckets there are, with the zero bucket. */
    int buckets() {
        return buckets;
    }

    /** Where a bucket's entries start; of the number of buckets, where all end. */
    int start(int bucket) {
        return entryStarts[bucket];
    }

    /** The place of an entry in the columns' numbers. */
    int place(int entry) {
        return entries[entry] & ~ANEW;
    }

    /** Whether an entry has no predecessor since the counters began anew. */
    boolean isAnew(int entry) {
        return entries[entry] < 0;
    }

    /** The number of a bucket of a layout that was given to {@link #number}; bucket 0 is the zero bucket. */
    int id(int layout, int bucket) {
        return ids[keyStarts[layout] + bucket];
    }

    /**
     * Numbers the buckets of those samples that stand on a side; {@link #order} is to follow.
     *
     * @param sides the side of each sample
     */
    void number(HistogramColumns columns, byte[] sides, int side) {
        collectKeys(columns, sides, side);
        numberKeys(columns.layouts);
        countEntries(columns.layouts);
    }

    private void collectKeys(HistogramColumns columns, byte[] sides, int side) {
        HistogramLayouts layouts = columns.layouts;
        ensureLayouts(layouts.size);
        Arrays.fill(uses, 0, layouts.size, 0);
        for (int i = 0; i < columns.size; i++) {
            if (sides[i] == side) {
                uses[columns.layoutOf[i]]++;
            }
        }
        keyStarts[0] = 0;
        usedLayouts = 0;
        for (int l = 0; l < layouts.size; l++) {
            usedLayouts += uses[l] > 0 ? 1 : 0;
            keyStarts[l + 1] = keyStarts[l] + (uses[l] > 0 ? layouts.buckets[l] + 1 : 0);
        }
        ensureKeys(keyStarts[layouts.size]);
        for (int l = 0; l < layouts.size; l++) {
            if (uses[l] > 0) {
                keys[keyStarts[l]] = 0;
                int middle = layouts.spanStarts[l] + layouts.positiveSpans[l];
                int at = addKeys(layouts, l, layouts.spanStarts[l], middle, 0, keyStarts[l] + 1);
                addKeys(layouts, l, middle, layouts.spanStarts[l + 1], 1, at);
            }
        }
    }

    private int addKeys(HistogramLayouts layouts, int layout, int from, int to, long sign, int first) {
        // Keys ascend as schema, sign and index do; that of the zero bucket, 0, is below all.
        long head =
                (layouts.schemas[layout] + 1L - HistogramLayouts.CUSTOM_SCHEMA) << SCHEMA_SHIFT | sign << SIGN_SHIFT;
        int at = first;
        int index = 0;
        for (int span = from; span < to; span++) {
            index += layouts.offsets[span];
            for (int i = 0; i < layouts.lengths[span]; i++) {
                keys[at++] = head + (index++ - (long) Integer.MIN_VALUE);
            }
        }
        return at;
    }

    private void numberKeys(HistogramLayouts layouts) {
        int all = keyStarts[layouts.size];
        if (usedLayouts == 1) {
            buckets = all;
            for (int i = 0; i < all; i++) {
                ids[i] = i;
            }
            return;
        }
        if (numberNear(all)) {
            return;
        }
        System.arraycopy(keys, 0, distinct, 0, all);
        Arrays.sort(distinct, 0, all);
        int size = 0;
        for (int i = 0; i < all; i++) {
            if (i == 0 || distinct[i] != distinct[size - 1]) {
                distinct[size++] = distinct[i];
            }
        }
        buckets = size;
        for (int i = 0; i < all; i++) {
            ids[i] = Arrays.binarySearch(distinct, 0, size, keys[i]);
        }
    }

    /**
     * Numbers keys without sorting, by a table, where those of a schema and sign lie near each other. False if they do
     * not.
     */
    private boolean numberNear(int all) {
        nearParts = 0;
        for (int i = 0; i < all; i++) {
            if (keys[i] != 0 && !widenPart(keys[i])) {
                return false;
            }
        }
        long room = 0;
        for (int part = 0; part < nearParts; part++) {
            nearOffsets[part] = room - nearLeast[part];
            room += nearMost[part] - nearLeast[part] + 1;
        }
        if (room > NEAR) {
            return false;
        }
        Arrays.fill(near, 0, (int) room, 0);
        for (int i = 0; i < all; i++) {
            if (keys[i] != 0) {
                near[nearPlace(keys[i])] = 1;
            }
        }
        int size = 1;
        for (int i = 0; i < room; i++) {
            near[i] = near[i] == 0 ? 0 : size++;
        }
        buckets = size;
        for (int i = 0; i < all; i++) {
            ids[i] = keys[i] == 0 ? 0 : near[nearPlace(keys[i])];
        }
        return true;
    }

    /** Sees to it that a key lies in the part of its schema and sign; parts ascend. False if there are too many. */
    private boolean widenPart(long key) {
        int part = part(key);
        if (part < nearParts && key >>> SIGN_SHIFT == nearLeast[part] >>> SIGN_SHIFT) {
            nearLeast[part] = Math.min(nearLeast[part], key);
            nearMost[part] = Math.max(nearMost[part], key);
            return true;
        }
        if (nearParts == nearLeast.length) {
            return false;
        }
        System.arraycopy(nearLeast, part, nearLeast, part + 1, nearParts - part);
        System.arraycopy(nearMost, part, nearMost, part + 1, nearParts - part);
        nearLeast[part] = key;
        nearMost[part] = key;
        nearParts++;
        return true;
    }

    /** The first part whose schema and sign are not below those of a key. */
    private int part(long key) {
        int part = 0;
        while (part < nearParts && nearLeast[part] >>> SIGN_SHIFT < key >>> SIGN_SHIFT) {
            part++;
        }
        return part;
    }

    private int nearPlace(long key) {
        return (int) (key + nearOffsets[part(key)]);
    }

    private void countEntries(HistogramLayouts layouts) {
        Arrays.fill(next, 0, buckets, 0);
        for (int l = 0; l < layouts.size; l++) {
            for (int k = keyStarts[l]; k < keyStarts[l + 1]; k++) {
                next[ids[k]] += uses[l];
            }
        }
        int at = 0;
        for (int b = 0; b < buckets; b++) {
            entryStarts[b] = at;
            at += next[b];
        }
        entryStarts[buckets] = at;
        if (at > entries.length) {
            entries = new int[Math.max(at, Math.min(entries.length * 2, HistogramColumns.MAX_NUMBERS))];
        }
    }

    /**
     * Puts the numbers in order; parameters as {@link #number}.
     *
     * @param marks of each sample, for where counters begin anew
     */
    void order(HistogramColumns columns, byte[] sides, int side, long[] marks) {
        Arrays.fill(epochs, 0, buckets, -1);
        System.arraycopy(entryStarts, 0, next, 0, buckets);
        int epoch = 0;
        for (int i = 0; i < columns.size; i++) {
            epoch += (marks[i] & HistogramFormat.FRESH) != 0 ? 1 : 0;
            if (sides[i] != side) {
                continue;
            }
            int layout = columns.layoutOf[i];
            int from = keyStarts[layout];
            int place = columns.starts[i] - from;
            for (int k = from; k < keyStarts[layout + 1]; k++) {
                int id = ids[k];
                entries[next[id]++] = epochs[id] == epoch ? place + k : place + k | ANEW;
                epochs[id] = epoch;
            }
        }
    }

    private void ensureLayouts(int count) {
        if (count > uses.length) {
            int room = Math.max(count, uses.length * 2);
            uses = new int[room];
            keyStarts = new int[room + 1];
        }
    }

    private void ensureKeys(int count) {
        if (count > keys.length) {
            int room = Math.max(count, Math.min(keys.length * 2, HistogramColumns.MAX_NUMBERS));
            keys = new long[room];
            distinct = new long[room];
            ids = new int[room];
            entryStarts = new int[room + 1];
            next = new int[room];
            epochs = new int[room];
        }
    }
}
