package io.varve.core.head;

import java.util.Arrays;

/**
 * Values of the series' open stretches, as they came, in chunks of {@link #CHUNK}, cut from large slabs and chained by
 * series. The agent gives a chain back when its values stand in a page, and fills the chunks again for others: a reader
 * must know by itself whether what it copied was still what it looked for ({@link HeadValues}). A chain that was given
 * back leads to any chunk, or nowhere.
 */
final class ValueSlabs {

    /** Values in a chunk; a power of two. */
    static final int CHUNK = 16;

    private static final int SLAB_BITS = 11;
    private static final int CHUNKS_IN_SLAB = 1 << SLAB_BITS;
    private static final int NONE = -1;

    private volatile double[][] slabs = new double[0][];
    private volatile int[][] next = new int[0][];
    private int chunks;

    /** First of the chunks that were given back, chained like any others. */
    private int free = NONE;

    /** Takes a chunk and chains it behind another, or behind none if that is negative. */
    int newChunk(int behind) {
        int chunk = free;
        if (chunk == NONE) {
            chunk = chunks++;
            if (chunk >> SLAB_BITS == slabs.length) {
                addSlab();
            }
        } else {
            free = next[chunk >> SLAB_BITS][chunk & (CHUNKS_IN_SLAB - 1)];
        }
        if (behind >= 0) {
            next[behind >> SLAB_BITS][behind & (CHUNKS_IN_SLAB - 1)] = chunk;
        }
        return chunk;
    }

    private void addSlab() {
        int slab = slabs.length;
        double[][] moreSlabs = Arrays.copyOf(slabs, slab + 1);
        moreSlabs[slab] = new double[CHUNKS_IN_SLAB * CHUNK];
        int[][] moreNext = Arrays.copyOf(next, slab + 1);
        moreNext[slab] = new int[CHUNKS_IN_SLAB];
        next = moreNext;
        slabs = moreSlabs;
    }

    /** Takes a chain back: from now on its chunks are used for other values. */
    void giveBack(int first, int last) {
        next[last >> SLAB_BITS][last & (CHUNKS_IN_SLAB - 1)] = free;
        free = first;
    }

    void set(int chunk, int index, double value) {
        slabs[chunk >> SLAB_BITS][(chunk & (CHUNKS_IN_SLAB - 1)) * CHUNK + index] = value;
    }

    /**
     * Copies values of a chain.
     *
     * @param first the chain's first chunk
     * @param from index of the first value in the chain
     * @param target takes the values
     * @param at where the first one goes
     * @return false if the chain ended early or led to a slab that was not there at the beginning: it is another one's
     *     by now
     */
    boolean copy(int first, int from, int count, double[] target, int at) {
        int[][] links = next; // before the slabs: each slab seen has its links
        double[][] values = slabs;
        int known = Math.min(links.length, values.length);
        int chunk = first;
        int skip = from;
        int done = 0;
        while (chunk != NONE && chunk >> SLAB_BITS < known) {
            int length = Math.min(CHUNK - skip, count - done);
            if (length > 0) {
                int start = (chunk & (CHUNKS_IN_SLAB - 1)) * CHUNK + skip;
                System.arraycopy(values[chunk >> SLAB_BITS], start, target, at + done, length);
                done += length;
            }
            if (done == count) {
                return true;
            }
            skip = Math.max(0, skip - CHUNK);
            chunk = links[chunk >> SLAB_BITS][chunk & (CHUNKS_IN_SLAB - 1)];
        }
        return false;
    }

    /** Memory in bytes: what is free counts, since it is kept. */
    long bytes() {
        return (long) slabs.length * CHUNKS_IN_SLAB * (CHUNK * 8 + 4);
    }
}
