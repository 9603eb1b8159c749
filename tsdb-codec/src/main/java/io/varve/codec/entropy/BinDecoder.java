package io.varve.codec.entropy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The loops that decode {@link BinStage}'s streams. A word is read once for as many residuals as surely fit into it.
 * Positions are in bits; what is read behind a stream's end is thrown away, and whoever calls sees from the positions
 * that it was.
 */
final class BinDecoder {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Bits of a word that are there whatever the position in its first byte. */
    private static final int WORD_BITS = 57;

    private final int[] at = new int[4];

    /**
     * Decodes all streams.
     *
     * @param ends where each stream ends in bytes
     * @return where the last stream really ended, in bytes; -1 if a stream did not end where it should
     */
    int decode(byte[] bytes, int[] ends, int streams, int count, long[] table, int longest, long[] r) {
        for (int s = 0, from = 0; s < streams; s++) {
            at[s] = from * Byte.SIZE;
            from = ends[s];
        }
        int done = 0;
        if (streams == 4) {
            done = longest * 4 <= WORD_BITS
                    ? four(bytes, count, table, r)
                    : longest * 2 <= WORD_BITS ? two(bytes, count, table, r) : one(bytes, count, table, r);
        }
        for (int i = done; i < count; i++) {
            int s = i & (streams - 1);
            int position = at[s];
            long word = (long) LONG.get(bytes, position >>> 3) >>> (position & 7);
            long entry = table[(int) word & (table.length - 1)];
            r[i] = residual(entry, word);
            at[s] = position + ((int) entry & 63);
        }
        for (int s = 0; s < streams; s++) {
            int end = (at[s] + 7) >>> 3;
            if (s < streams - 1 ? end != ends[s] : end > ends[s]) {
                return -1;
            }
        }
        return (at[streams - 1] + 7) >>> 3;
    }

    private static long residual(long entry, long word) {
        // Shifts take the low six bits of their distance: the entry's total bits, then its code's.
        return (entry >> Bins.LOWER_SHIFT) + ((word & ~(-1L << entry)) >>> (entry >>> Bins.CODE_SHIFT));
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

    /** Four residuals of a stream from one word; returns the new position. */
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
        return position + (int) ((a & 63) + (b & 63) + (c & 63) + (d & 63));
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
        return position + (int) ((a & 63) + (b & 63));
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
