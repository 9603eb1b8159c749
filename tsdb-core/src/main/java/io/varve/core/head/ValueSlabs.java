package io.varve.core.head;

import io.varve.core.slab.IntSlabs;
import io.varve.core.slab.LongSlabs;
import io.varve.core.slab.SlabMemory;

/**
 * Values of the series' open stretches, as they came, in chunks of {@link #CHUNK}, cut from large slabs and chained by
 * series. The agent gives a chain back when its values stand in a page, and fills the chunks again for others: a reader
 * must know by itself whether what it copied was still what it looked for ({@link HeadValues}). A chain that was given
 * back leads to any chunk, or nowhere.
 */
final class ValueSlabs {

    /** Values in a chunk; a power of two. */
    static final int CHUNK = 8;

    private static final int NONE = -1;

    private final LongSlabs values;
    private final IntSlabs next;
    private int chunks;

    /** First of the chunks that were given back, chained like any others. */
    private int free = NONE;

    ValueSlabs(SlabMemory memory) {
        values = new LongSlabs(memory);
        next = new IntSlabs(memory);
    }

    /** Takes a chunk and chains it behind another, or behind none if that is negative. */
    int newChunk(int behind) {
        int chunk = free;
        if (chunk == NONE) {
            chunk = chunks++;
            next.ensure(chunks); // before the values: each chunk with values has its link
            values.ensure(chunks * CHUNK);
        } else {
            free = next.get(chunk);
        }
        if (behind >= 0) {
            next.set(behind, chunk);
        }
        return chunk;
    }

    /** Takes a chain back: from now on its chunks are used for other values. */
    void giveBack(int first, int last) {
        next.set(last, free);
        free = first;
    }

    void set(int chunk, int index, double value) {
        values.set(chunk * CHUNK + index, Double.doubleToRawLongBits(value));
    }

    /**
     * Copies values of a chain.
     *
     * @param first the chain's first chunk
     * @param from index of the first value in the chain
     * @param target takes the values
     * @param at where the first one goes
     * @return false if the chain ended early or led to where nothing was at the beginning: it is another one's by
     *     now
     */
    boolean copy(int first, int from, int count, double[] target, int at) {
        int known = values.limit() / CHUNK;
        int chunk = first;
        int skip = from;
        int done = 0;
        while (chunk >= 0 && chunk < known) {
            int length = Math.min(CHUNK - skip, count - done);
            if (length > 0) {
                values.copyDoubles(chunk * CHUNK + skip, length, target, at + done);
                done += length;
            }
            if (done == count) {
                return true;
            }
            skip = Math.max(0, skip - CHUNK);
            chunk = next.get(chunk);
        }
        return false;
    }
}
