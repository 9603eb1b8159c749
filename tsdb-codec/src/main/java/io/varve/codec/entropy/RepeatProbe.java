package io.varve.codec.entropy;

import java.util.Arrays;

/**
 * Tells whether runs of residuals come again, which only a coder with a window can use: runs so long that chance would
 * hardly repeat them are hashed and looked up. Holds scratch memory: one thread at a time.
 */
public final class RepeatProbe {

    /** Information in a run: chance repeats one in a page of so many residuals once in a hundred pages. */
    private static final double RUN_BITS = 20;

    private static final int LONGEST = 24;
    private static final int SLOT_BITS = 14;
    private static final long FACTOR = 0x9e3779b97f4a7c15L;

    private final long[] seen = new long[1 << SLOT_BITS];

    /**
     * Looks for repeats.
     *
     * @param bitsEach what a coder without a window needs for a residual
     * @return the share of residuals that stand in a repeated run, 0 to 1
     */
    public double share(long[] r, int n, double bitsEach) {
        int length = (int) Math.min(LONGEST, Math.max(3, Math.ceil(RUN_BITS / Math.max(bitsEach, 0.01))));
        if (n < 4 * length) {
            return 0;
        }
        Arrays.fill(seen, 0);
        long dropped = 1;
        for (int i = 0; i < length; i++) {
            dropped *= FACTOR;
        }
        long hash = 0;
        int covered = 0;
        int end = 0;
        for (int i = 0; i < n; i++) {
            hash = hash * FACTOR + mixed(r[i]);
            if (i >= length) {
                hash -= mixed(r[i - length]) * dropped;
            }
            if (i >= length - 1) {
                int slot = (int) (hash * FACTOR >>> (Long.SIZE - SLOT_BITS));
                if (seen[slot] == hash) {
                    covered += i + 1 - Math.max(end, i + 1 - length);
                    end = i + 1;
                }
                seen[slot] = hash;
            }
        }
        return (double) covered / n;
    }

    private static long mixed(long value) {
        return (value ^ value >>> 29) * 0xbf58476d1ce4e5b9L + 1;
    }
}
