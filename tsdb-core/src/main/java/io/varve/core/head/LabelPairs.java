package io.varve.core.head;

import io.varve.core.index.KeyedHash;
import io.varve.core.slab.HashSlots;
import io.varve.core.slab.IntSlabs;
import io.varve.core.slab.SlabMemory;
import java.util.function.IntConsumer;

/**
 * Pairs of label name and value, numbered 0, 1, 2, … as they come, and the label names likewise; the pairs of a name
 * are chained. Written by the agent; read by any thread.
 */
final class LabelPairs {

    private static final int NONE = -1;

    private final Symbols symbols;
    private final long secret;
    private final HashSlots slots;

    /** By pair: its name's number, its value's symbol, and the pair of the same name that was there before it. */
    private final IntSlabs nameOf;

    private final IntSlabs valueOf;
    private final IntSlabs before;
    private int pairs;

    /** By name: its symbol, and the newest of its pairs. */
    private final HashSlots nameSlots;

    private final IntSlabs symbolOfName;
    private final IntSlabs newest;
    private final IntSlabs sizes;
    private volatile int names;

    LabelPairs(KeyedHash hash, SlabMemory memory) {
        symbols = new Symbols(hash, memory);
        hash.hash(new byte[0], 0, 0);
        secret = hash.high();
        slots = new HashSlots(memory);
        nameOf = new IntSlabs(memory);
        valueOf = new IntSlabs(memory);
        before = new IntSlabs(memory);
        nameSlots = new HashSlots(memory);
        symbolOfName = new IntSlabs(memory);
        newest = new IntSlabs(memory);
        sizes = new IntSlabs(memory);
    }

    /** The number of a pair, or -1. Any thread. */
    int find(String name, String value) {
        int number = findName(name);
        int symbol = number < 0 ? NONE : symbols.find(value);
        return symbol < 0 ? NONE : find(number, symbol);
    }

    /** The number of the pair that has the name of another, and a value; or -1. */
    int findOfSameName(int pair, String value) {
        int symbol = symbols.find(value);
        return symbol < 0 ? NONE : find(nameOf.get(pair), symbol);
    }

    private int find(int name, int value) {
        return slots.find(hashOf(name, value), pair -> nameOf.get(pair) == name && valueOf.get(pair) == value);
    }

    /** The number of a label name, or -1. Any thread. */
    int findName(String name) {
        int symbol = symbols.find(name);
        return symbol < 0 ? NONE : findName(symbol);
    }

    private int findName(int symbol) {
        return nameSlots.find(hashOf(NONE, symbol), name -> symbolOfName.get(name) == symbol);
    }

    private int hashOf(int a, int b) {
        long mixed = (secret ^ a) * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 32 ^ b) * 0xbf58476d1ce4e5b9L;
        return (int) (mixed >>> Integer.SIZE);
    }

    /** The number of a pair, which is added if it is not there. The agent alone. */
    int add(String name, String value) {
        int nameNumber = addName(name);
        int symbol = symbols.add(value);
        int known = find(nameNumber, symbol);
        if (known >= 0) {
            return known;
        }
        int pair = pairs++;
        nameOf.ensure(pairs);
        valueOf.ensure(pairs);
        before.ensure(pairs);
        nameOf.set(pair, nameNumber);
        valueOf.set(pair, symbol);
        before.set(pair, newest.get(nameNumber) - 1);
        sizes.set(nameNumber, sizes.get(nameNumber) + 1);
        newest.setRelease(nameNumber, pair + 1);
        slots.add(hashOf(nameNumber, symbol), pair);
        return pair;
    }

    private int addName(String text) {
        int symbol = symbols.add(text);
        int known = findName(symbol);
        if (known >= 0) {
            return known;
        }
        int name = names;
        symbolOfName.ensure(name + 1);
        newest.ensure(name + 1);
        sizes.ensure(name + 1);
        symbolOfName.set(name, symbol);
        names = name + 1;
        nameSlots.add(hashOf(NONE, symbol), name);
        return name;
    }

    /** Number of label names. */
    int names() {
        return names;
    }

    /** About how many pairs a name has: some may not be published yet. */
    int sizeOf(int name) {
        return sizes.get(name);
    }

    /** The number of a pair that has the name of that number and a value; or -1. Any thread. */
    int find(int name, String value) {
        int symbol = symbols.find(value);
        return symbol < 0 ? NONE : find(name, symbol);
    }

    /** The number of a pair's name. */
    int nameOf(int pair) {
        return nameOf.get(pair);
    }

    /** The text of a name's number. */
    String nameText(int name) {
        return symbols.text(symbolOfName.get(name));
    }

    /** The name of a pair. */
    String name(int pair) {
        return nameText(nameOf.get(pair));
    }

    /** The value of a pair. */
    String value(int pair) {
        return symbols.text(valueOf.get(pair));
    }

    /** Visits the pairs of a name, the newest first. */
    void forEachPair(int name, IntConsumer visitor) {
        for (int pair = newest.getAcquire(name) - 1; pair >= 0; pair = before.get(pair)) {
            visitor.accept(pair);
        }
    }
}
