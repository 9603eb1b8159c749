package io.varve.codec.entropy;

import io.varve.codec.bits.BitInput;
import io.varve.codec.bits.BitOutput;
import io.varve.codec.bits.BitPacking;
import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Residuals as codes of their bins, each followed by its plain bits, where the code depends on the bin before; see
 * {@link ContextCodes}. Four streams give a decoder as many chains of dependent steps; so that in each of them a
 * residual stands behind its real predecessor, a stream takes runs: of each {@link #BLOCK} residuals the first
 * quarter, the second, and so on. The class of a bin stands in its entry of the decode table, so the code of the next
 * residual is known as soon as that of this one (benchmark: {@code ValuePageBenchmark}).
 *
 * <p>Holds scratch memory: one thread at a time.
 */
public final class ContextStage {

    static final int STREAMS = 4;

    /** Parts other than the last are multiples of this. */
    public static final int BLOCK = 512;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Behind the last byte of a stream a decoder may read a word, and the encoder store one. */
    private static final int SLACK = 2 * Long.BYTES;

    private static final int CODE_BITS = ContextCodes.MAX_CODE + Bins.MAX_EXTRA;

    /** Bits of a word that are there whatever the position in its first byte. */
    private static final int WORD_BITS = 57;

    /** From an entry to the first index of the part that its class chooses. */
    private static final int PART_SHIFT = ContextCodes.CLASS_SHIFT - ContextCodes.MAX_CODE;

    private static final int MASK = (1 << ContextCodes.MAX_CODE) - 1;

    private static final long CLASS = -1L << ContextCodes.CLASS_SHIFT;

    private final ContextCodes codes = new ContextCodes();
    private final byte[] streams;
    private final int[] ends = new int[STREAMS];

    /** For each stream the position in bits, with the class of the bin before in the two highest bits. */
    private final long[] state = new long[STREAMS];

    private long[] table = {};
    private int inWord;
    private int lastStream;

    /** A stage for so many residuals. */
    public ContextStage(int maxCount) {
        streams = new byte[maxCount * CODE_BITS / Byte.SIZE + STREAMS * SLACK];
    }

    /** Residuals of a run, with so many left. */
    static int run(int left) {
        return left >= BLOCK ? BLOCK / STREAMS : (left + STREAMS - 1) / STREAMS;
    }

    /** Codes of the column encoded or opened last. */
    public ContextCodes codes() {
        return codes;
    }

    /** Writes the table. */
    public void writeCodes(PageWriter out, BitOutput bits) {
        codes.write(out, bits);
    }

    /** Reads the table. */
    public void readCodes(PageReader in, BitInput bits) {
        codes.read(in, bits);
    }

    /** Writes the residuals for which the codes were planned. */
    public void encode(long[] r, int count, ContextPlanner planner, PageWriter out) {
        short[] numbers = planner.numbers();
        int at = 0;
        for (int s = 0; s < STREAMS; s++) {
            at = encodeStream(r, numbers, s, count, at);
            ends[s] = at;
        }
        out.writeVarint(ends[0]);
        for (int s = 1; s < STREAMS - 1; s++) {
            out.writeSigned(ends[s] - ends[s - 1] - (long) ends[0]);
        }
        out.writeBytes(streams, 0, at);
    }

    private int encodeStream(long[] r, short[] numbers, int stream, int count, int from) {
        Bins bins = codes.bins;
        long word = 0;
        int filled = 0;
        int at = from;
        int context = 0;
        for (int block = 0; block < count; block += BLOCK) {
            int run = run(count - block);
            int end = Math.min(count, block + (stream + 1) * run);
            for (int i = block + stream * run; i < end; i++) {
                int bin = numbers[i];
                int length = codes.lengths[context][bin];
                word |= (codes.code(context, bin) | (r[i] - bins.lower[bin]) << length) << filled;
                filled += length + bins.extra[bin];
                LONG.set(streams, at, word);
                at += filled >>> 3;
                word >>>= filled & 56;
                filled &= 7;
                context = codes.classOf[bin];
            }
        }
        streams[at] = (byte) word;
        return at + ((filled + 7) >>> 3);
    }

    /** Begins to read residuals by the codes read last; they are then given in parts, in their order. */
    public void open(PageReader in, int count) {
        int longest = codes.longest();
        int total = 0;
        int most = BitPacking.packedBytes(count / STREAMS + 1, longest);
        for (int s = 0; s < STREAMS - 1; s++) {
            long length = s == 0 ? in.readVarint() : ends[0] + in.readSigned();
            if (length < 0 || length > Math.min(most, in.remaining() - total)) {
                throw in.malformed(
                        "rule: a stream lies in the page and is no longer than its residuals, length=" + length);
            }
            state[s] = (long) total * Byte.SIZE;
            total += (int) length;
            ends[s] = total;
        }
        // The last stream ends where its last residual does; no more of the page than it can need is copied.
        ends[STREAMS - 1] = total + Math.min(in.remaining() - total, most);
        System.arraycopy(in.bytes(), in.take(total), streams, 0, ends[STREAMS - 1]);
        state[STREAMS - 1] = (long) total * Byte.SIZE;
        lastStream = total;
        table = codes.decodeTable();
        inWord = WORD_BITS / Math.max(1, longest);
    }

    /** Reads the next residuals: a multiple of {@link #BLOCK}, or all that are left. */
    public void next(int count, long[] r) {
        int from = 0;
        for (; from + BLOCK <= count; from += BLOCK) {
            if (inWord >= 4) {
                fours(r, from);
            } else if (inWord >= 2) {
                twos(r, from);
            } else {
                ones(r, from);
            }
        }
        if (from < count) {
            rest(r, from, count);
        }
    }

    private void fours(long[] r, int from) {
        byte[] bytes = streams;
        long[] entries = table;
        int run = BLOCK / STREAMS;
        long s0 = state[0];
        long s1 = state[1];
        long s2 = state[2];
        long s3 = state[3];
        for (int i = from; i < from + run; i += 4) {
            s0 = quad(bytes, s0, entries, r, i);
            s1 = quad(bytes, s1, entries, r, i + run);
            s2 = quad(bytes, s2, entries, r, i + 2 * run);
            s3 = quad(bytes, s3, entries, r, i + 3 * run);
        }
        keep(s0, s1, s2, s3);
    }

    private void twos(long[] r, int from) {
        byte[] bytes = streams;
        long[] entries = table;
        int run = BLOCK / STREAMS;
        long s0 = state[0];
        long s1 = state[1];
        long s2 = state[2];
        long s3 = state[3];
        for (int i = from; i < from + run; i += 2) {
            s0 = pair(bytes, s0, entries, r, i);
            s1 = pair(bytes, s1, entries, r, i + run);
            s2 = pair(bytes, s2, entries, r, i + 2 * run);
            s3 = pair(bytes, s3, entries, r, i + 3 * run);
        }
        keep(s0, s1, s2, s3);
    }

    private void ones(long[] r, int from) {
        byte[] bytes = streams;
        long[] entries = table;
        int run = BLOCK / STREAMS;
        long s0 = state[0];
        long s1 = state[1];
        long s2 = state[2];
        long s3 = state[3];
        for (int i = from; i < from + run; i++) {
            s0 = single(bytes, s0, entries, r, i);
            s1 = single(bytes, s1, entries, r, i + run);
            s2 = single(bytes, s2, entries, r, i + 2 * run);
            s3 = single(bytes, s3, entries, r, i + 3 * run);
        }
        keep(s0, s1, s2, s3);
    }

    /** Residuals of the last block. */
    private void rest(long[] r, int from, int to) {
        int run = run(to - from);
        for (int s = 0; s < STREAMS; s++) {
            long at = state[s];
            int end = Math.min(to, from + (s + 1) * run);
            for (int i = from + s * run; i < end; i++) {
                at = single(streams, at, table, r, i);
            }
            state[s] = at;
        }
    }

    private void keep(long s0, long s1, long s2, long s3) {
        state[0] = s0;
        state[1] = s1;
        state[2] = s2;
        state[3] = s3;
    }

    private static long quad(byte[] bytes, long state, long[] table, long[] r, int to) {
        int position = (int) state;
        long word = (long) LONG.get(bytes, position >>> 3) >>> (position & 7);
        long a = table[(int) (state >>> PART_SHIFT) | (int) word & MASK];
        r[to] = residual(a, word);
        word >>>= a;
        long b = table[(int) (a >>> PART_SHIFT) | (int) word & MASK];
        r[to + 1] = residual(b, word);
        word >>>= b;
        long c = table[(int) (b >>> PART_SHIFT) | (int) word & MASK];
        r[to + 2] = residual(c, word);
        word >>>= c;
        long d = table[(int) (c >>> PART_SHIFT) | (int) word & MASK];
        r[to + 3] = residual(d, word);
        return d & CLASS | position + ((int) (a + b + c + d) & 63);
    }

    private static long pair(byte[] bytes, long state, long[] table, long[] r, int to) {
        int position = (int) state;
        long word = (long) LONG.get(bytes, position >>> 3) >>> (position & 7);
        long a = table[(int) (state >>> PART_SHIFT) | (int) word & MASK];
        r[to] = residual(a, word);
        word >>>= a;
        long b = table[(int) (a >>> PART_SHIFT) | (int) word & MASK];
        r[to + 1] = residual(b, word);
        return b & CLASS | position + ((int) (a + b) & 63);
    }

    private static long single(byte[] bytes, long state, long[] table, long[] r, int to) {
        int position = (int) state;
        long word = (long) LONG.get(bytes, position >>> 3) >>> (position & 7);
        long entry = table[(int) (state >>> PART_SHIFT) | (int) word & MASK];
        r[to] = residual(entry, word);
        return entry & CLASS | position + ((int) entry & 63);
    }

    private static long residual(long entry, long word) {
        // Shifts take the low six bits of their distance: the entry's total bits, then its code's.
        return (entry << 2 >>> (2 + Bins.LOWER_SHIFT)) + ((word & ~(-1L << entry)) >>> (entry >>> Bins.CODE_SHIFT));
    }

    /** Verifies that each stream ends with its last residual, and takes the last one from the reader. */
    public void close(PageReader in) {
        for (int s = 0; s < STREAMS; s++) {
            int end = ((int) state[s] + 7) >>> 3;
            if (s < STREAMS - 1 ? end != ends[s] : end > ends[s]) {
                throw in.malformed("rule: each stream ends with its last residual");
            }
        }
        in.take((((int) state[STREAMS - 1] + 7) >>> 3) - lastStream);
    }
}
