package io.varve.codec.histogram;

import java.util.Arrays;

/**
 * Decides which neighbouring buckets share a column: buckets whose numbers are distributed alike save a head and a
 * table, others would spoil each other's codes. Sizes are estimates: the entropy of the numbers' size classes. Holds
 * scratch memory: one thread at a time.
 */
final class BucketGroups {

    /** Numbers this small are a class of their own each. */
    private static final int SMALL = 16;

    private static final int CLASSES = SMALL + Long.SIZE;

    /** Estimated bits of a column's head, and of a class in its table. */
    private static final float HEAD_BITS = 64;

    private static final float CLASS_BITS = 8;

    /** Doubles share a column until it has so many: their forms are found for a column at a time. */
    private static final int FEW_DOUBLES = 192;

    private static final double LOG_2 = Math.log(2);

    private int[] ends = new int[0];
    private int size;
    private int[] group = new int[CLASSES];
    private int[] bucket = new int[CLASSES];
    private int[] both = new int[CLASSES];

    /** How many groups there are. */
    int size() {
        return size;
    }

    /** The bucket behind the last one of a group. */
    int end(int index) {
        return ends[index];
    }

    /**
     * Groups the buckets of integers.
     *
     * @param differences all but the first of each bucket, in the buckets' order
     */
    void groupIntegers(BucketOrder order, long[] differences) {
        begin(order.buckets());
        Arrays.fill(group, 0);
        int groupCount = 0;
        float groupCost = 0;
        for (int b = 0; b < order.buckets(); b++) {
            int from = order.start(b) - b;
            int count = order.start(b + 1) - order.start(b) - 1;
            Arrays.fill(bucket, 0);
            for (int i = from; i < from + count; i++) {
                bucket[classOf(differences[i])]++;
            }
            for (int c = 0; c < CLASSES; c++) {
                both[c] = group[c] + bucket[c];
            }
            float cost = cost(bucket, count);
            float together = cost(both, groupCount + count);
            if (b > 0 && (together > groupCost + cost || groupCount + count > HistogramFormat.LONGEST_COLUMN)) {
                ends[size++] = b;
                swapGroupWithBucket();
                groupCount = count;
                groupCost = cost;
            } else {
                swapGroupWithBoth();
                groupCount += count;
                groupCost = together;
            }
        }
        ends[size++] = order.buckets();
    }

    /** Groups the buckets of doubles. */
    void groupDoubles(BucketOrder order) {
        begin(order.buckets());
        int groupCount = 0;
        for (int b = 0; b < order.buckets(); b++) {
            int count = order.start(b + 1) - order.start(b) - 1;
            if (b > 0 && (groupCount >= FEW_DOUBLES || groupCount + count > HistogramFormat.LONGEST_COLUMN)) {
                ends[size++] = b;
                groupCount = 0;
            }
            groupCount += count;
        }
        ends[size++] = order.buckets();
    }

    private void begin(int buckets) {
        size = 0;
        if (buckets > ends.length) {
            ends = new int[buckets];
        }
    }

    private void swapGroupWithBucket() {
        int[] kept = group;
        group = bucket;
        bucket = kept;
    }

    private void swapGroupWithBoth() {
        int[] kept = group;
        group = both;
        both = kept;
    }

    private static int classOf(long difference) {
        long magnitude = (difference << 1) ^ (difference >> 63);
        return magnitude >= 0 && magnitude < SMALL
                ? (int) magnitude
                : SMALL + Long.SIZE - 1 - Long.numberOfLeadingZeros(magnitude);
    }

    private static float cost(int[] classes, int count) {
        if (count == 0) {
            return 0;
        }
        double bits = count * Math.log(count) / LOG_2;
        int used = 0;
        for (int c = 0; c < CLASSES; c++) {
            int n = classes[c];
            if (n > 0) {
                used++;
                bits -= n * Math.log(n) / LOG_2;
                bits += c < SMALL ? 0 : (double) n * (c - SMALL);
            }
        }
        return (float) (bits + HEAD_BITS + used * CLASS_BITS);
    }
}
