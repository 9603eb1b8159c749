package io.varve.codec.entropy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Decodes two residuals with one lookup where each takes few bits: the table is indexed by as many bits as two of them
 * can take, so that every entry holds exactly two, and residuals keep their places in the streams (lookups that give
 * several symbols: Giesen, "Reading bits in far too many ways", 2018; here without a count, since all entries hold as
 * many). Benchmark: {@code ValuePageBenchmark}. One thread at a time.
 */
final class SymbolPairs {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Most bits of one of the two: the table then stays within a processor's first cache. */
    private static final int MOST_BITS = 6;

    /** An entry of the table must serve so many residuals, or it takes more time to build than it saves. */
    private static final int USES = 4;

    /** Entries: bits of both, 6; the first residual, 29; the second, 29. */
    private static final int FIRST_SHIFT = 6;

    private static final int SECOND_SHIFT = 35;
    private static final long FIELD = (1L << (SECOND_SHIFT - FIRST_SHIFT)) - 1;

    private static final long[] NONE = {};

    /** Residuals of one step: eight in each of four streams. */
    static final int STEP = 32;

    private long[] pairs = NONE;
    private final long[][] tables = new long[2 * MOST_BITS + 1][];

    /**
     * Prepares for a column.
     *
     * @param table its decode table
     * @param longest bits of any code with its plain bits
     * @return whether pairs serve it
     */
    boolean prepare(long[] table, int longest, int count) {
        if (longest == 0 || longest > MOST_BITS || USES << 2 * longest > count) {
            return false;
        }
        long[] reused = tables[2 * longest];
        pairs = reused == null ? new long[1 << 2 * longest] : reused;
        tables[2 * longest] = pairs;
        int mask = table.length - 1;
        for (int bits = 0; bits < pairs.length; bits++) {
            long a = table[bits & mask];
            int rest = bits >>> a;
            long b = table[rest & mask];
            long first = BinDecoder.residual(a, bits);
            long second = BinDecoder.residual(b, rest);
            if (first > FIELD || second > FIELD) {
                return false;
            }
            pairs[bits] = second << SECOND_SHIFT | first << FIRST_SHIFT | ((a + b) & 63);
        }
        return true;
    }

    /**
     * Decodes the next residuals of a stream.
     *
     * @param position in bits
     * @param to place of the first; the others follow by fours
     * @return the new position
     */
    int eight(byte[] bytes, int position, long[] r, int to) {
        long[] table = pairs;
        int mask = table.length - 1;
        long word = (long) LONG.get(bytes, position >>> 3) >>> (position & 7);
        long a = table[(int) word & mask];
        put(a, r, to);
        word >>>= a;
        long b = table[(int) word & mask];
        put(b, r, to + 8);
        word >>>= b;
        long c = table[(int) word & mask];
        put(c, r, to + 16);
        word >>>= c;
        long d = table[(int) word & mask];
        put(d, r, to + 24);
        return position + ((int) (a + b + c + d) & 63);
    }

    private static void put(long pair, long[] r, int to) {
        r[to] = pair >>> FIRST_SHIFT & FIELD;
        r[to + 4] = pair >>> SECOND_SHIFT;
    }
}
