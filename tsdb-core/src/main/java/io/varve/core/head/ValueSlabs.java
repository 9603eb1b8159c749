package io.varve.core.head;

import java.util.Arrays;

/**
 * Values of all series of a generation in chunks of {@link #CHUNK}, cut from large slabs and chained by series. Written
 * by the agent; readers follow a chain only as far as published row counts reach.
 */
final class ValueSlabs {

    /** Values in a chunk. */
    static final int CHUNK = 32;

    private static final int SLAB_BITS = 10;
    private static final int CHUNKS_IN_SLAB = 1 << SLAB_BITS;

    private volatile double[][] slabs = new double[0][];
    private volatile int[][] next = new int[0][];
    private int chunks;

    /** Takes a new chunk and chains it behind another, or behind none if that is negative. */
    int newChunk(int behind) {
        int chunk = chunks++;
        int slab = chunk >> SLAB_BITS;
        if (slab == slabs.length) {
            double[][] moreSlabs = Arrays.copyOf(slabs, slab + 1);
            moreSlabs[slab] = new double[CHUNKS_IN_SLAB * CHUNK];
            int[][] moreNext = Arrays.copyOf(next, slab + 1);
            moreNext[slab] = new int[CHUNKS_IN_SLAB];
            next = moreNext;
            slabs = moreSlabs;
        }
        if (behind >= 0) {
            next[behind >> SLAB_BITS][behind & (CHUNKS_IN_SLAB - 1)] = chunk;
        }
        return chunk;
    }

    void set(int chunk, int index, double value) {
        slabs[chunk >> SLAB_BITS][(chunk & (CHUNKS_IN_SLAB - 1)) * CHUNK + index] = value;
    }

    double get(int chunk, int index) {
        return slabs[chunk >> SLAB_BITS][(chunk & (CHUNKS_IN_SLAB - 1)) * CHUNK + index];
    }

    /**
     * Copies values of a chain.
     *
     * @param first the chain's first chunk
     * @param from index of the first value in the chain
     * @param count how many
     */
    void copy(int first, int from, int count, double[] target) {
        double[][] values = slabs;
        int[][] links = next;
        int chunk = first;
        int skip = from;
        while (skip >= CHUNK) {
            chunk = links[chunk >> SLAB_BITS][chunk & (CHUNKS_IN_SLAB - 1)];
            skip -= CHUNK;
        }
        int done = 0;
        while (done < count) {
            int length = Math.min(CHUNK - skip, count - done);
            System.arraycopy(
                    values[chunk >> SLAB_BITS], (chunk & (CHUNKS_IN_SLAB - 1)) * CHUNK + skip, target, done, length);
            done += length;
            skip = 0;
            if (done < count) {
                chunk = links[chunk >> SLAB_BITS][chunk & (CHUNKS_IN_SLAB - 1)];
            }
        }
    }

    /** Memory in bytes. */
    long bytes() {
        return (long) slabs.length * CHUNKS_IN_SLAB * (CHUNK * 8 + 4);
    }
}
