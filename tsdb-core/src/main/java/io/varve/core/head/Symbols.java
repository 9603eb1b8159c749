package io.varve.core.head;

import io.varve.core.index.KeyedHash;
import io.varve.core.slab.ByteSlabs;
import io.varve.core.slab.HashSlots;
import io.varve.core.slab.IntSlabs;
import io.varve.core.slab.SlabMemory;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Texts of label names and values, each once, numbered 0, 1, 2, … as they come. Written by the agent; any thread
 * looks up, and reads the texts of numbers it was given.
 */
final class Symbols {

    private static final int CACHED = 1 << 12;

    private final KeyedHash hash;
    private final ByteSlabs texts;
    private final IntSlabs starts;
    private final HashSlots slots;
    private int size;

    /**
     * Texts that were read last, by number: labels of many series share most of theirs. Races lose an entry at most.
     */
    private final @Nullable Cached[] cache = new Cached[CACHED];

    private record Cached(int symbol, String text) {}

    Symbols(KeyedHash hash, SlabMemory memory) {
        this.hash = hash;
        texts = new ByteSlabs(memory);
        starts = new IntSlabs(memory);
        slots = new HashSlots(memory);
    }

    /** The number of a text, or -1. Any thread. */
    int find(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return find(utf8, hashOf(hash.copy(), utf8));
    }

    private int find(byte[] utf8, int hashed) {
        return slots.find(hashed, symbol -> {
            long at = starts.get(symbol) & 0xffff_ffffL;
            return texts.getInt(at) == utf8.length && texts.equals(at + Integer.BYTES, utf8, 0, utf8.length);
        });
    }

    private static int hashOf(KeyedHash hash, byte[] utf8) {
        hash.hash(utf8, 0, utf8.length);
        return (int) hash.low();
    }

    /** The number of a text, which is added if it is not there. The agent alone. */
    int add(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int hashed = hashOf(hash, utf8);
        int known = find(utf8, hashed);
        if (known >= 0) {
            return known;
        }
        int symbol = size++;
        starts.ensure(size);
        long at = texts.reserve(Integer.BYTES);
        texts.setInt(at, utf8.length);
        texts.append(utf8, 0, utf8.length);
        if (at >>> Integer.SIZE != 0) {
            throw new AssertionError("BUG: symbols of more than 4 GiB");
        }
        starts.set(symbol, (int) at);
        slots.add(hashed, symbol);
        return symbol;
    }

    /** The text of a number. */
    String text(int symbol) {
        Cached cached = cache[symbol & (CACHED - 1)];
        if (cached != null && cached.symbol == symbol) {
            return cached.text;
        }
        long at = starts.get(symbol) & 0xffff_ffffL;
        byte[] utf8 = new byte[texts.getInt(at)];
        texts.get(at + Integer.BYTES, utf8, 0, utf8.length);
        String text = new String(utf8, StandardCharsets.UTF_8);
        cache[symbol & (CACHED - 1)] = new Cached(symbol, text);
        return text;
    }
}
