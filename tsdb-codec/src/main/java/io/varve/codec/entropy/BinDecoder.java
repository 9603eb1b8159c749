package io.varve.codec.entropy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The loops that decode {@link BinStage}'s streams. A word is read once for as many residuals as surely fit into it, so
 * there is a loop for each of one to four of them, written out (benchmark: {@code ValuePageBenchmark}).
 * Positions are in bits; what is read behind a stream's end is thrown away, and whoever calls sees from the positions
 * that it was.
 */
final class BinDecoder {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Bits of a word that are there whatever the position in its first byte. */
    private static final int WORD_BITS = 57;

    /** Residuals of a word when pairs serve. */
    private static final int EIGHT = 8;

    private static final byte[] NOTHING = {};
    private static final long[] NO_TABLE = {0};

    private final int[] at = new int[4];
    private final SymbolPairs pairs = new SymbolPairs();
    private boolean paired;
    private byte[] bytes = NOTHING;
    private int[] ends = {};
    private int streams;
    private long[] table = NO_TABLE;
    private int inWord;

    /**
     * Begins at the first residual.
     *
     * @param streamEnds where each stream ends, in bytes
     */
    void open(byte[] from, int[] streamEnds, int n, long[] decodeTable, int longest, int count) {
        bytes = from;
        ends = streamEnds;
        streams = n;
        table = decodeTable;
        inWord = WORD_BITS / Math.max(1, longest);
        paired = n == 4 && pairs.prepare(decodeTable, longest, count);
        for (int s = 0, start = 0; s < n; s++) {
            at[s] = start * Byte.SIZE;
            start = ends[s];
        }
    }

    /** Decodes the next residuals: a multiple of four, or the last ones. */
    void next(int count, long[] r) {
        int done = 0;
        if (streams == 4) {
            done = switch (paired ? EIGHT : Math.min(inWord, 4)) {
                case EIGHT -> eight(bytes, count, r);
                case 4 -> four(bytes, count, table, r);
                case 3 -> three(bytes, count, table, r);
                case 2 -> two(bytes, count, table, r);
                default -> one(bytes, count, table, r);
            };
        }
        for (int i = done; i < count; i++) {
            int s = i & (streams - 1);
            at[s] = single(bytes, at[s], table, table.length - 1, r, i);
        }
    }

    /** Where the last stream really ended, in bytes; -1 if a stream did not end where it should. */
    int close() {
        for (int s = 0; s < streams; s++) {
            int end = (at[s] + 7) >>> 3;
            if (s < streams - 1 ? end != ends[s] : end > ends[s]) {
                return -1;
            }
        }
        return (at[streams - 1] + 7) >>> 3;
    }

    static long residual(long entry, long word) {
        // Shifts take the low six bits of their distance: the entry's total bits, then its code's.
        return (entry >> Bins.LOWER_SHIFT) + ((word & ~(-1L << entry)) >>> (entry >>> Bins.CODE_SHIFT));
    }

    private int eight(byte[] bytes, int count, long[] r) {
        int p0 = at[0];
        int p1 = at[1];
        int p2 = at[2];
        int p3 = at[3];
        int i = 0;
        for (; i <= count - SymbolPairs.STEP; i += SymbolPairs.STEP) {
            p0 = pairs.eight(bytes, p0, r, i);
            p1 = pairs.eight(bytes, p1, r, i + 1);
            p2 = pairs.eight(bytes, p2, r, i + 2);
            p3 = pairs.eight(bytes, p3, r, i + 3);
        }
        keep(p0, p1, p2, p3);
        return i;
    }

    private int four(byte[] bytes, int count, long[] table, long[] r) {
        int p0 = at[0];
        int p1 = at[1];
        int p2 = at[2];
        int p3 = at[3];
        int mask = table.length - 1;
        int i = 0;
        for (; i <= count - 16; i += 16) {
            p0 = quad(bytes, p0, table, mask, r, i);
            p1 = quad(bytes, p1, table, mask, r, i + 1);
            p2 = quad(bytes, p2, table, mask, r, i + 2);
            p3 = quad(bytes, p3, table, mask, r, i + 3);
        }
        keep(p0, p1, p2, p3);
        return i;
    }

    /** Four residuals of a stream from one word; returns the new position: low bits of entries add up to at most 57. */
    private static int quad(byte[] bytes, int position, long[] table, int mask, long[] r, int to) {
        long word = (long) LONG.get(bytes, position >>> 3) >>> (position & 7);
        long a = table[(int) word & mask];
        r[to] = residual(a, word);
        word >>>= a;
        long b = table[(int) word & mask];
        r[to + 4] = residual(b, word);
        word >>>= b;
        long c = table[(int) word & mask];
        r[to + 8] = residual(c, word);
        word >>>= c;
        long d = table[(int) word & mask];
        r[to + 12] = residual(d, word);
        return position + ((int) (a + b + c + d) & 63);
    }

    private int three(byte[] bytes, int count, long[] table, long[] r) {
        int p0 = at[0];
        int p1 = at[1];
        int p2 = at[2];
        int p3 = at[3];
        int mask = table.length - 1;
        int i = 0;
        for (; i <= count - 12; i += 12) {
            p0 = triple(bytes, p0, table, mask, r, i);
            p1 = triple(bytes, p1, table, mask, r, i + 1);
            p2 = triple(bytes, p2, table, mask, r, i + 2);
            p3 = triple(bytes, p3, table, mask, r, i + 3);
        }
        keep(p0, p1, p2, p3);
        return i;
    }

    private static int triple(byte[] bytes, int position, long[] table, int mask, long[] r, int to) {
        long word = (long) LONG.get(bytes, position >>> 3) >>> (position & 7);
        long a = table[(int) word & mask];
        r[to] = residual(a, word);
        word >>>= a;
        long b = table[(int) word & mask];
        r[to + 4] = residual(b, word);
        word >>>= b;
        long c = table[(int) word & mask];
        r[to + 8] = residual(c, word);
        return position + ((int) (a + b + c) & 63);
    }

    private int two(byte[] bytes, int count, long[] table, long[] r) {
        int p0 = at[0];
        int p1 = at[1];
        int p2 = at[2];
        int p3 = at[3];
        int mask = table.length - 1;
        int i = 0;
        for (; i <= count - 8; i += 8) {
            p0 = pair(bytes, p0, table, mask, r, i);
            p1 = pair(bytes, p1, table, mask, r, i + 1);
            p2 = pair(bytes, p2, table, mask, r, i + 2);
            p3 = pair(bytes, p3, table, mask, r, i + 3);
        }
        keep(p0, p1, p2, p3);
        return i;
    }

    private static int pair(byte[] bytes, int position, long[] table, int mask, long[] r, int to) {
        long word = (long) LONG.get(bytes, position >>> 3) >>> (position & 7);
        long a = table[(int) word & mask];
        r[to] = residual(a, word);
        word >>>= a;
        long b = table[(int) word & mask];
        r[to + 4] = residual(b, word);
        return position + ((int) (a + b) & 63);
    }

    private int one(byte[] bytes, int count, long[] table, long[] r) {
        int p0 = at[0];
        int p1 = at[1];
        int p2 = at[2];
        int p3 = at[3];
        int mask = table.length - 1;
        int i = 0;
        for (; i <= count - 4; i += 4) {
            p0 = single(bytes, p0, table, mask, r, i);
            p1 = single(bytes, p1, table, mask, r, i + 1);
            p2 = single(bytes, p2, table, mask, r, i + 2);
            p3 = single(bytes, p3, table, mask, r, i + 3);
        }
        keep(p0, p1, p2, p3);
        return i;
    }

    private static int single(byte[] bytes, int position, long[] table, int mask, long[] r, int to) {
        long word = (long) LONG.get(bytes, position >>> 3) >>> (position & 7);
        long entry = table[(int) word & mask];
        r[to] = residual(entry, word);
        return position + ((int) entry & 63);
    }

    private void keep(int p0, int p1, int p2, int p3) {
        at[0] = p0;
        at[1] = p1;
        at[2] = p2;
        at[3] = p3;
    }
}
