package io.varve.core.head;

import io.varve.core.index.KeyedHash;
import io.varve.core.model.Labels;
import io.varve.core.slab.ByteSlabs;
import io.varve.core.slab.HashSlots;
import io.varve.core.slab.IntSlabs;
import io.varve.core.slab.LongSlabs;
import io.varve.core.slab.SlabMemory;
import io.varve.core.slab.SlabPool;
import java.util.Random;

/**
 * The series that this process knows, numbered 0, 1, 2, … in order of creation. A series' reference is its number plus
 * a base that lies above every reference ever used in this store, so references are never reused (docs/adr/0001).
 *
 * <p>Labels are kept as numbers of pairs of name and value, outside the heap (docs/adr/0005). Written by the agent
 * alone; read by any thread. A reader may ask only for numbers below a {@link #size()} it has read.
 */
public final class SeriesRegistry {

    private static final int NONE = -1;

    private final long base;
    private final long secret;
    private final SlabPool pool = new SlabPool();
    private final SlabMemory memory = new SlabMemory(pool);
    private final LabelPairs pairs;
    private final PostingLists postings = new PostingLists(memory);
    private final HeadIndex index;

    /** For each series the number of its pairs and their numbers, as varints, in the order of names. */
    private final ByteSlabs series = new ByteSlabs(memory);

    private final IntSlabs starts = new IntSlabs(memory);
    private final HashSlots slots = new HashSlots(memory);

    /** Newest time of each series, for the out-of-order window; the agent's alone. */
    private final LongSlabs newest = new LongSlabs(memory);

    private int[] added = new int[32];
    private byte[] encoded = new byte[128];
    private volatile int size;

    /**
     * An empty registry.
     *
     * @param base reference of the first series, at least 1
     * @param secrets what hashes are keyed with, so that no client can aim for collisions
     */
    public SeriesRegistry(long base, Random secrets) {
        this.base = base;
        KeyedHash hash = KeyedHash.withSecret(secrets);
        secret = secrets.nextLong();
        pairs = new LabelPairs(hash, memory);
        index = new HeadIndex(this, pairs, postings);
    }

    /** Number of series. */
    public int size() {
        return size;
    }

    /** Number of the series with a reference, or -1 if it names none. */
    public int number(long ref) {
        long number = ref - base;
        return number >= 0 && number < size ? (int) number : NONE;
    }

    /** Reference of a numbered series. */
    public long ref(int number) {
        return base + number;
    }

    /** Reference of a series, or -1 if it is not known. Any thread. */
    public long find(Labels labels) {
        int[] numbers = new int[labels.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = pairs.find(labels.name(i), labels.value(i));
            if (numbers[i] < 0) {
                return NONE;
            }
        }
        byte[] bytes = new byte[5 * (numbers.length + 1)];
        int length = encode(numbers, numbers.length, bytes);
        int number = find(hashOf(numbers, numbers.length), bytes, length);
        return number < 0 ? NONE : base + number;
    }

    private int find(int hash, byte[] bytes, int length) {
        return slots.find(hash, number -> series.equals(starts.get(number) & 0xffff_ffffL, bytes, 0, length));
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

    /** Labels of a numbered series, built anew; their texts are shared with those of others where they are frequent. */
    public Labels labels(int number) {
        Walk walk = new Walk(number);
        String[] texts = new String[2 * walk.left];
        for (int i = 0; walk.left > 0; i += 2) {
            int pair = walk.next();
            texts[i] = pairs.name(pair);
            texts[i + 1] = pairs.value(pair);
        }
        return Labels.ofSorted(texts);
    }

    /** Numbers of series in the order of their labels. */
    public int[] sorted(int[] numbers) {
        return SeriesOrder.sorted(this, numbers);
    }

    /** Where the generations over this registry take their memory from. */
    SlabPool pool() {
        return pool;
    }

    LabelPairs pairs() {
        return pairs;
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
            at = starts.get(number) & 0xffff_ffffL;
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

    /**
     * Adds a series if it is not there. Called by the agent alone.
     *
     * @return its number
     */
    public int add(Labels labels) {
        int count = labels.size();
        if (added.length < count) {
            added = new int[2 * count];
            encoded = new byte[5 * (2 * count + 1)];
        }
        for (int i = 0; i < count; i++) {
            added[i] = pairs.add(labels.name(i), labels.value(i));
        }
        int length = encode(added, count, encoded);
        int hash = hashOf(added, count);
        int known = find(hash, encoded, length);
        if (known >= 0) {
            return known;
        }
        int number = size;
        starts.ensure(number + 1);
        newest.ensure(number + 1);
        long start = series.append(encoded, 0, length);
        if (start >>> Integer.SIZE != 0) {
            throw new AssertionError("BUG: labels of more than 4 GiB");
        }
        starts.set(number, (int) start);
        for (int i = 0; i < count; i++) {
            postings.append(added[i], number);
        }
        size = number + 1; // publishes the labels and the postings
        slots.add(hash, number);
        return number;
    }

    /** Remembers a sample's time. The agent alone. */
    public void seen(int number, long time) {
        if (time > newest.get(number)) {
            newest.set(number, time);
        }
    }

    /** Newest time seen of a series in this process, or 0. The agent alone. */
    public long newestTime(int number) {
        return newest.get(number);
    }

    /** The inverted index over these series. */
    public HeadIndex index() {
        return index;
    }

    /** Memory in bytes, with slabs that generations have left to those that follow. */
    public long bytes() {
        return memory.bytes() + pool.freeBytes();
    }
}
