package io.varve.codec.entropy;

import io.varve.codec.bits.BitInput;
import io.varve.codec.bits.BitOutput;
import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import java.util.Arrays;

/**
 * Bins: ranges of non-negative residuals, each with a prefix code and as many plain bits as tell its members apart. A
 * bin with no plain bits is a symbol of its own; so one mechanism serves dictionaries of frequent residuals and wide
 * distributions alike (the idea of bins with exact offsets: pcodec, github.com/pcodec/pcodec).
 *
 * <p>Bins stand in ascending order and do not overlap; the first begins at 0. Codes are canonical: ordered by length,
 * then by bin, and stand in the stream with their first bit lowest. Mutable and reused; one thread at a time.
 */
public final class Bins {

    /** Most bins of a table. */
    public static final int MAX_BINS = 1_024;

    /** Longest code: the decode table then stays within a processor's first cache. */
    public static final int MAX_CODE = 11;

    /** Most bits of the lower end of a bin, so that it fits into an entry of the decode table. */
    public static final int MAX_LOWER_BITS = 50;

    /** Most plain bits: with the code they are read from one word, of which a byte may be used up. */
    public static final int MAX_EXTRA = 44;

    /** Decode entries: total bits, 6; code bits, 6; lower end of the bin, signed. */
    static final int CODE_SHIFT = 6;

    static final int LOWER_SHIFT = 12;

    private static final long[] NONE = {};

    /** A guess that saves most tables a few bits. */
    private static final int USUAL_LENGTH = 6;

    int size;
    final long[] lower;
    final byte[] extra;
    final byte[] length;

    /** Codes with their first bit lowest; set by {@link #assignCodes}. */
    final int[] code;

    private final int[] firstCode = new int[MAX_CODE + 2];
    private final long[][] tables = new long[MAX_CODE + 1][];

    /** Room for any table. */
    public Bins() {
        this(MAX_BINS);
    }

    private Bins(int capacity) {
        lower = new long[capacity];
        extra = new byte[capacity];
        length = new byte[capacity];
        code = new int[capacity];
        Arrays.fill(tables, NONE);
    }

    /** A copy without spare room. */
    public Bins trimmed() {
        Bins copy = new Bins(size);
        copy.size = size;
        System.arraycopy(lower, 0, copy.lower, 0, size);
        System.arraycopy(extra, 0, copy.extra, 0, size);
        System.arraycopy(length, 0, copy.length, 0, size);
        System.arraycopy(code, 0, copy.code, 0, size);
        return copy;
    }

    /** Number of bins. */
    public int size() {
        return size;
    }

    /** Longest code and plain bits of any bin, together. */
    public int longest() {
        int longest = 0;
        for (int i = 0; i < size; i++) {
            longest = Math.max(longest, extra[i] + length[i]);
        }
        return longest;
    }

    private int longestCode() {
        int longest = 0;
        for (int i = 0; i < size; i++) {
            longest = Math.max(longest, length[i]);
        }
        return longest;
    }

    /** A residual that none is at or beyond. */
    public long end() {
        long end = 0;
        for (int i = 0; i < size; i++) {
            end = Math.max(end, lower[i] + (1L << extra[i]));
        }
        return end;
    }

    /** Bits of the table as {@link #write} writes it. */
    double tableBits() {
        int bits = 2 * Byte.SIZE;
        int extraBefore = 0;
        int lengthBefore = USUAL_LENGTH;
        long end = 0;
        for (int i = 0; i < size; i++) {
            bits += BitOutput.signedGammaBits(extra[i] - extraBefore);
            bits += BitOutput.signedGammaBits(length[i] - lengthBefore);
            bits += i > 0 ? BitOutput.signedGammaBits(lower[i] - end) : 0;
            extraBefore = extra[i];
            lengthBefore = length[i];
            end = lower[i] + (1L << extra[i]);
        }
        return bits;
    }

    /**
     * The bin of a residual: the last one that begins at or before it.
     *
     * @return its number, or -1 if no bin covers the residual
     */
    public int find(long residual) {
        int from = 0;
        int to = size;
        while (to - from > 1) {
            int middle = (from + to) >>> 1;
            if (lower[middle] <= residual) {
                from = middle;
            } else {
                to = middle;
            }
        }
        return residual >= lower[from] && (residual - lower[from]) >>> extra[from] == 0 ? from : -1;
    }

    /** Writes the table: count; then for each bin its plain bits, its code's length, and the gap before it. */
    void write(PageWriter out, BitOutput bits) {
        out.writeVarint(size);
        int extraBefore = 0;
        int lengthBefore = USUAL_LENGTH;
        long end = 0;
        for (int i = 0; i < size; i++) {
            bits.writeSignedGamma(extra[i] - extraBefore);
            extraBefore = extra[i];
            if (size > 1) {
                bits.writeSignedGamma(length[i] - lengthBefore);
                lengthBefore = length[i];
            }
            if (i > 0) {
                bits.writeSignedGamma(lower[i] - end);
            }
            end = lower[i] + (1L << extra[i]);
        }
        bits.finish();
    }

    /** Reads a table; its codes are complete and its bins within their bounds. */
    void read(PageReader in, BitInput bits) {
        size = in.readVarint("bins", 1, MAX_BINS);
        bits.begin(in);
        int extraBefore = 0;
        int lengthBefore = USUAL_LENGTH;
        long end = 0;
        long kraft = 0;
        for (int i = 0; i < size; i++) {
            long plain = extraBefore + bits.readSignedGamma();
            long codeLength = size > 1 ? lengthBefore + bits.readSignedGamma() : 0;
            long start = i > 0 ? end + bits.readSignedGamma() : 0;
            if (plain < 0 || plain > MAX_EXTRA || start >>> MAX_LOWER_BITS != 0 || (i > 0 && start <= lower[i - 1])) {
                throw in.malformed("rule: bins ascend within 50 bits, plain=" + plain + ", lower=" + start);
            }
            if (codeLength > MAX_CODE || (size > 1 && codeLength < 1)) {
                throw in.malformed("rule: 1 <= code length <= " + MAX_CODE + ", length=" + codeLength);
            }
            extraBefore = (int) plain;
            lengthBefore = (int) codeLength;
            lower[i] = start;
            extra[i] = (byte) plain;
            length[i] = (byte) codeLength;
            end = start + (1L << plain);
            kraft += 1L << (MAX_CODE - codeLength);
        }
        bits.finish();
        if (kraft != 1L << MAX_CODE) {
            throw in.malformed("rule: the code is complete, sum=" + kraft);
        }
        assignCodes();
    }

    /** Gives each bin its canonical code, once the lengths are known. */
    void assignCodes() {
        for (int i = 0; i < firstCode.length; i++) {
            firstCode[i] = 0;
        }
        for (int i = 0; i < size; i++) {
            firstCode[length[i] + 1]++;
        }
        // From how many codes of each length there are to the first code of each.
        int next = 0;
        for (int l = 1; l < firstCode.length; l++) {
            int codes = l == 1 ? 0 : firstCode[l];
            next = (next + codes) << 1;
            firstCode[l] = next;
        }
        for (int i = 0; i < size; i++) {
            int l = length[i];
            code[i] = l == 0 ? 0 : Integer.reverse(firstCode[l]++) >>> (Integer.SIZE - l);
        }
    }

    /**
     * The decode table for these bins, indexed by as many bits as the longest code has.
     *
     * @param reused a table that is no longer needed; it is used again if it has the right size
     */
    public long[] decodeTable(long[] reused) {
        int entries = 1 << longestCode();
        long[] table = reused.length == entries ? reused : new long[entries];
        for (int i = 0; i < size; i++) {
            long entry = lower[i] << LOWER_SHIFT | (long) length[i] << CODE_SHIFT | (length[i] + extra[i]);
            for (int at = code[i]; at < table.length; at += 1 << length[i]) {
                table[at] = entry;
            }
        }
        return table;
    }

    /** The decode table, in an array that the next call uses again. */
    public long[] decodeTable() {
        int bits = longestCode();
        long[] table = decodeTable(tables[bits]);
        tables[bits] = table;
        return table;
    }
}
