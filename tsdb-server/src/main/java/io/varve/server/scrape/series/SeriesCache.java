package io.varve.server.scrape.series;

import io.varve.core.index.KeyedHash;
import java.util.Arrays;

/**
 * What a target told so far: keys in the order in which they first came, each with what is known of it. A target tells
 * its series in the same order every time, so the key behind the last one found is compared first; only if it is
 * another a hash is taken. Nothing is allocated for a key that is known.
 *
 * <p>About 60 bytes a key and its text. One thread at a time.
 */
final class SeriesCache {

    /** A series whose samples are kept. */
    static final byte KEPT = 0;
    /** A series that relabelling drops. */
    static final byte DROPPED = 1;
    /** What is said about a metric. */
    static final byte METADATA = 2;

    private static final int FIRST = 64;

    private final KeyedHash hash;
    private byte[] text = new byte[4 << 10];
    private int textEnd;
    private int size;
    private int next;

    /** Slot plus one by hash, open addressing. */
    private int[] table = new int[2 * FIRST];

    private long[] hashes = new long[FIRST];
    private int[] froms = new int[FIRST];
    private int[] lengths = new int[FIRST];
    private byte[] kinds = new byte[FIRST];
    private int[] seen = new int[FIRST];
    private byte[] states = new byte[FIRST];
    private long[] refs = new long[FIRST];
    private long[] exemplars = new long[FIRST];
    private long[] starts = new long[FIRST];

    SeriesCache(KeyedHash hash) {
        this.hash = hash;
    }

    /** Begins at the first key again. */
    void rewind() {
        next = 0;
    }

    /** Number of slots. */
    int size() {
        return size;
    }

    /** Where the key ends that is likely to come next, if the bytes begin with it and a blank and a value follow. */
    int expected(byte[] bytes, int from, int to) {
        int slot = next;
        while (slot < size && kinds[slot] == METADATA) {
            slot++;
        }
        if (slot >= size) {
            return -1;
        }
        int end = from + lengths[slot];
        if (end >= to
                || bytes[end] != ' '
                || end + 1 < to && (bytes[end + 1] == '{' || bytes[end + 1] == ' ' || bytes[end + 1] == '\t')) {
            return -1;
        }
        return Arrays.equals(bytes, from, end, text, froms[slot], froms[slot] + lengths[slot]) ? end : -1;
    }

    /** The slot of a key, or -1. */
    int find(byte[] bytes, int from, int to) {
        int length = to - from;
        for (int slot = next; slot < size && slot <= next + 1; slot++) { // a comment may have gone by unread
            if (is(slot, bytes, from, length)) {
                next = slot + 1;
                return slot;
            }
        }
        hash.hash(bytes, from, length);
        long high = hash.high();
        int mask = table.length - 1;
        for (int at = (int) high & mask; table[at] != 0; at = at + 1 & mask) {
            int slot = table[at] - 1;
            if (hashes[slot] == high && is(slot, bytes, from, length)) {
                next = slot + 1;
                return slot;
            }
        }
        return -1;
    }

    private boolean is(int slot, byte[] bytes, int from, int length) {
        int at = froms[slot];
        return lengths[slot] == length && Arrays.equals(bytes, from, from + length, text, at, at + length);
    }

    /** Adds a key that is not there. */
    int add(byte[] bytes, int from, int to, byte kind) {
        hash.hash(bytes, from, to - from);
        if (size == hashes.length) {
            grow();
        }
        int length = to - from;
        if (text.length - textEnd < length) {
            text = Arrays.copyOf(text, Math.max(textEnd + length, text.length + text.length / 2));
        }
        System.arraycopy(bytes, from, text, textEnd, length);
        int slot = size++;
        hashes[slot] = hash.high();
        froms[slot] = textEnd;
        lengths[slot] = length;
        kinds[slot] = kind;
        seen[slot] = 0;
        states[slot] = 0;
        refs[slot] = 0;
        exemplars[slot] = 0;
        starts[slot] = 0;
        textEnd += length;
        insert(slot);
        next = slot + 1;
        return slot;
    }

    private void insert(int slot) {
        int mask = table.length - 1;
        int at = (int) hashes[slot] & mask;
        while (table[at] != 0) {
            at = at + 1 & mask;
        }
        table[at] = slot + 1;
    }

    private void grow() {
        resize(2 * size);
        table = new int[2 * hashes.length];
        for (int slot = 0; slot < size; slot++) {
            insert(slot);
        }
    }

    private void resize(int capacity) {
        hashes = Arrays.copyOf(hashes, capacity);
        froms = Arrays.copyOf(froms, capacity);
        lengths = Arrays.copyOf(lengths, capacity);
        kinds = Arrays.copyOf(kinds, capacity);
        seen = Arrays.copyOf(seen, capacity);
        states = Arrays.copyOf(states, capacity);
        refs = Arrays.copyOf(refs, capacity);
        exemplars = Arrays.copyOf(exemplars, capacity);
        starts = Arrays.copyOf(starts, capacity);
    }

    /** Lets go of all keys that were not seen in a scrape; slots have other numbers afterwards. */
    void keep(int scrape) {
        byte[] old = text;
        int kept = 0;
        int keptText = 0;
        byte[] packed = new byte[Math.max(4 << 10, textOf(scrape))];
        for (int slot = 0; slot < size; slot++) {
            if (seen[slot] == scrape) {
                System.arraycopy(old, froms[slot], packed, keptText, lengths[slot]);
                hashes[kept] = hashes[slot];
                froms[kept] = keptText;
                lengths[kept] = lengths[slot];
                kinds[kept] = kinds[slot];
                seen[kept] = seen[slot];
                states[kept] = states[slot];
                refs[kept] = refs[slot];
                exemplars[kept] = exemplars[slot];
                starts[kept] = starts[slot];
                keptText += lengths[kept];
                kept++;
            }
        }
        text = packed;
        textEnd = keptText;
        size = kept;
        int capacity = Math.max(FIRST, Integer.highestOneBit(Math.max(1, 2 * kept - 1)));
        resize(capacity);
        table = new int[2 * capacity];
        for (int slot = 0; slot < size; slot++) {
            insert(slot);
        }
        next = 0;
    }

    private int textOf(int scrape) {
        int bytes = 0;
        for (int slot = 0; slot < size; slot++) {
            bytes += seen[slot] == scrape ? lengths[slot] : 0;
        }
        return bytes;
    }

    byte[] text() {
        return text;
    }

    int from(int slot) {
        return froms[slot];
    }

    int length(int slot) {
        return lengths[slot];
    }

    byte kind(int slot) {
        return kinds[slot];
    }

    void kind(int slot, byte kind) {
        kinds[slot] = kind;
    }

    /** Number of the scrape in which a key came last. */
    int seen(int slot) {
        return seen[slot];
    }

    void seen(int slot, int scrape) {
        seen[slot] = scrape;
    }

    /** What {@link TargetSeries} keeps of a series. */
    byte state(int slot) {
        return states[slot];
    }

    void state(int slot, byte state) {
        states[slot] = state;
    }

    /** The store's reference of a series, 0 if it is not known. */
    long ref(int slot) {
        return refs[slot];
    }

    void ref(int slot, long ref) {
        refs[slot] = ref;
    }

    long hash(int slot) {
        return hashes[slot];
    }

    /** The hash of bytes under the cache's secret. */
    long hashOf(byte[] bytes, int from, int to) {
        hash.hash(bytes, from, to - from);
        return hash.high();
    }

    /** The hash of the last exemplar. */
    long exemplar(int slot) {
        return exemplars[slot];
    }

    void exemplar(int slot, long of) {
        exemplars[slot] = of;
    }

    /** The start of counting that was told last, milliseconds since 1970. */
    long start(int slot) {
        return starts[slot];
    }

    void start(int slot, long millis) {
        starts[slot] = millis;
    }
}
