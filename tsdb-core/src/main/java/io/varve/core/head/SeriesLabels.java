package io.varve.core.head;

import io.varve.core.index.KeyedHash;
import io.varve.core.model.Labels;
import io.varve.core.slab.ByteSlabs;
import io.varve.core.slab.HashSlots;
import io.varve.core.slab.IntSlabs;
import io.varve.core.slab.SlabMemory;
import io.varve.core.slab.SlabPool;
import java.util.function.IntPredicate;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * Labels of numbered series as numbers of label pairs, with their postings, outside the heap (ADR 0005). It only
 * grows: what dies goes when the living are copied into another one (ADR 0013). So in each a number is one series'.
 * Written by the agent alone; read by any thread.
 */
final class SeriesLabels {

    private static final int NONE = -1;

    private final long secret;
    private final SlabMemory memory = new SlabMemory(new SlabPool()); // goes with the last reader of this
    private final LabelPairs pairs;
    private final PostingLists postings = new PostingLists(memory);

    /** For each series the number of its pairs and their numbers, as varints, in the order of names. */
    private final ByteSlabs series = new ByteSlabs(memory);

    /** Where a series begins there, plus 1; 0 for one that is not here. */
    private final IntSlabs starts = new IntSlabs(memory);

    private final HashSlots slots = new HashSlots(memory);

    /** What {@link #lookUp} was last asked for, and the numbers of its pairs, or -1. */
    private Labels lookedUp = Labels.EMPTY;

    private int[] found = new int[32];
    private int[] spare = new int[32];
    private byte[] encoded = new byte[5 * 33];

    SeriesLabels(KeyedHash hash, long secret) {
        this.secret = secret;
        pairs = new LabelPairs(hash.copy(), memory);
    }

    LabelPairs pairs() {
        return pairs;
    }

    /** The series that have a pair and pass a test, as a bitmap of the caller's own. */
    ImmutableRoaringBitmap postings(int pair, IntPredicate wanted) {
        return postings.bitmap(pair, wanted);
    }

    /** How many series have a pair, or had it. */
    int weight(int pair) {
        return postings.count(pair);
    }

    /** The number of a series that passes a test, or -1. Any thread. */
    int find(Labels labels, IntPredicate wanted) {
        int[] numbers = new int[labels.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = pairs.find(labels.name(i), labels.value(i));
            if (numbers[i] < 0) {
                return NONE;
            }
        }
        return find(numbers, numbers.length, new byte[5 * (numbers.length + 1)], wanted);
    }

    private int find(int[] numbers, int count, byte[] scratch, IntPredicate wanted) {
        int length = encode(numbers, count, scratch);
        return slots.find(
                hashOf(numbers, count),
                number -> wanted.test(number) && series.equals(start(number), scratch, 0, length));
    }

    /** As {@link #find}, for the agent alone: what it looked up before and adds next shares the work. */
    int lookUp(Labels labels, IntPredicate wanted) {
        lookUpPairs(labels);
        int count = labels.size();
        for (int i = 0; i < count; i++) {
            if (found[i] < 0) {
                return NONE;
            }
        }
        return find(found, count, encoded, wanted);
    }

    /**
     * Finds the pairs of labels, where they are. Series come beside others of the same origin: most pairs are those of
     * the labels before, and most other names are.
     */
    private void lookUpPairs(Labels labels) {
        int count = labels.size();
        if (spare.length < count) {
            spare = new int[2 * count];
            encoded = new byte[5 * (2 * count + 1)];
        }
        int[] fresh = spare;
        int before = 0;
        for (int i = 0; i < count; i++) {
            String name = labels.name(i);
            while (before < lookedUp.size()
                    && !lookedUp.name(before).equals(name)
                    && lookedUp.name(before).compareTo(name) < 0) {
                before++;
            }
            int beside = before < lookedUp.size() && lookedUp.name(before).equals(name) ? found[before] : NONE;
            if (beside < 0) {
                fresh[i] = pairs.find(name, labels.value(i));
            } else {
                boolean same = lookedUp.value(before).equals(labels.value(i));
                fresh[i] = same ? beside : pairs.findOfSameName(beside, labels.value(i));
            }
        }
        spare = found;
        found = fresh;
        lookedUp = labels;
    }

    private int hashOf(int[] numbers, int count) {
        long mixed = secret;
        for (int i = 0; i < count; i++) {
            mixed = (mixed ^ mixed >>> 32 ^ numbers[i]) * 0x9e3779b97f4a7c15L;
        }
        return (int) (mixed >>> Integer.SIZE);
    }

    private static int encode(int[] numbers, int count, byte[] target) {
        int length = varint(count, target, 0);
        for (int i = 0; i < count; i++) {
            length = varint(numbers[i], target, length);
        }
        return length;
    }

    private static int varint(int value, byte[] target, int offset) {
        int at = offset;
        int rest = value;
        while (rest >>> 7 != 0) {
            target[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[at++] = (byte) rest;
        return at;
    }

    private long start(int number) {
        return (starts.get(number) & 0xffff_ffffL) - 1;
    }

    /** Whether a number's labels are here. */
    boolean has(int number) {
        return number < starts.limit() && starts.get(number) != 0;
    }

    /** Adds a series under a number that is not here. The agent alone. */
    void add(int number, Labels labels) {
        lookUpPairs(labels);
        int count = labels.size();
        int[] added = found;
        for (int i = 0; i < count; i++) {
            if (added[i] < 0) {
                added[i] = pairs.add(labels.name(i), labels.value(i));
            }
        }
        int length = encode(added, count, encoded);
        starts.ensure(number + 1);
        long start = series.append(encoded, 0, length);
        if (start + 1 >>> Integer.SIZE != 0) {
            throw new AssertionError("BUG: labels of more than 4 GiB");
        }
        starts.set(number, (int) (start + 1));
        for (int i = 0; i < count; i++) {
            postings.append(added[i], number);
        }
        slots.add(hashOf(added, count), number);
    }

    /** Labels of a numbered series, built anew; their texts are shared with those of others where they are frequent. */
    Labels labels(int number) {
        Walk walk = new Walk(number);
        String[] texts = new String[2 * walk.left];
        for (int i = 0; walk.left > 0; i += 2) {
            int pair = walk.next();
            texts[i] = pairs.name(pair);
            texts[i + 1] = pairs.value(pair);
        }
        return Labels.ofSorted(texts);
    }

    /**
     * Numbers of the label pairs of a series, in the order of names.
     *
     * @param target takes as many as fit
     * @return how many there are
     */
    int pairsOf(int number, int[] target) {
        Walk walk = new Walk(number);
        int count = walk.left;
        for (int i = 0; i < target.length && walk.left > 0; i++) {
            target[i] = walk.next();
        }
        return count;
    }

    /** The value of a label of a series, empty if it does not have it. */
    String value(int number, int name) {
        Walk walk = new Walk(number);
        while (walk.left > 0) {
            int pair = walk.next();
            if (pairs.nameOf(pair) == name) {
                return pairs.value(pair);
            }
        }
        return "";
    }

    /** The label pair of a series at a place in the order of names, or -1 if it has fewer. */
    int pairOf(int number, int place) {
        Walk walk = new Walk(number);
        if (place >= walk.left) {
            return NONE;
        }
        for (int i = 0; i < place; i++) {
            walk.next();
        }
        return walk.next();
    }

    /** Goes through the pairs of a series. */
    private final class Walk {

        private long at;
        private int left;

        Walk(int number) {
            at = start(number);
            left = varint();
        }

        int next() {
            left--;
            return varint();
        }

        private int varint() {
            int value = 0;
            int shift = 0;
            byte next;
            do {
                next = series.get(at++);
                value |= (next & 0x7f) << shift;
                shift += 7;
            } while (next < 0);
            return value;
        }
    }

    /** Memory in bytes. */
    long bytes() {
        return memory.bytes();
    }
}
