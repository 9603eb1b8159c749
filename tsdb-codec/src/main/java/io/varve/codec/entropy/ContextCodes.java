package io.varve.codec.entropy;

import io.varve.codec.bits.BitInput;
import io.varve.codec.bits.BitOutput;
import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import java.util.Arrays;

/**
 * One set of bins with up to four codes: each bin belongs to a class, and the class of the bin before chooses the code
 * (conditional coding with clustered contexts, as the context maps of Brotli, RFC 7932 section 7.3, do it for bytes).
 * What differs from class to class are the lengths of codes alone, so a table costs little more than that of plain
 * bins.
 *
 * <p>A bin that never follows a class has no code there. A class that only one bin follows gives it an empty code.
 * Mutable and reused; one thread at a time.
 */
public final class ContextCodes {

    /** Most classes. */
    static final int CLASSES = 4;

    /** Most bins: with more, too few residuals are left to tell how each follows each. */
    static final int MAX_BINS = 256;

    /** Longest code, and the bits that index a decode table: four of them stay within a processor's first cache. */
    static final int MAX_CODE = 9;

    /** Most bits of the lower end of a bin: between it and the class there are as many zeros as an index has bits. */
    static final int MAX_LOWER_BITS = 41;

    /** A bin without a code in a class. */
    static final byte ABSENT = -1;

    /** Decode entries are those of {@link Bins} with the class in the two highest bits. */
    static final int CLASS_SHIFT = Long.SIZE - 2;

    private static final int PART = 1 << MAX_CODE;

    private static final int USUAL_LENGTH = 6;

    final Bins bins = new Bins();
    final byte[] classOf = new byte[MAX_BINS];
    final byte[][] lengths = new byte[CLASSES][MAX_BINS];
    private final int[][] codes = new int[CLASSES][MAX_BINS];
    private final int[] nextCode = new int[MAX_CODE + 2];
    private final long[] table = new long[CLASSES * PART];

    /** Takes over the ranges of bins; classes and lengths are to be set. */
    void setRanges(Bins of) {
        bins.size = of.size;
        System.arraycopy(of.lower, 0, bins.lower, 0, of.size);
        System.arraycopy(of.extra, 0, bins.extra, 0, of.size);
    }

    int code(int context, int bin) {
        return codes[context][bin];
    }

    /** Whether residuals may stand behind a bin of this class: the first ones of streams stand behind class 0. */
    boolean isUsed(int context) {
        boolean used = context == 0;
        for (int i = 0; i < bins.size; i++) {
            used |= classOf[i] == context;
        }
        return used;
    }

    /** A residual that none is at or beyond. */
    public long end() {
        return bins.end();
    }

    /** Longest code and plain bits of any bin, together. */
    public int longest() {
        int longest = 0;
        for (int c = 0; c < CLASSES; c++) {
            for (int i = 0; i < bins.size; i++) {
                longest = Math.max(longest, lengths[c][i] + bins.extra[i]);
            }
        }
        return longest;
    }

    /** Bits of the table as {@link #write} writes it. */
    double tableBits() {
        int bits = 2 * Byte.SIZE;
        for (int i = 0; i < bins.size; i++) {
            bits += 2 + BitOutput.signedGammaBits(bins.extra[i] - (i > 0 ? bins.extra[i - 1] : 0));
            bits += i > 0 ? BitOutput.signedGammaBits(bins.lower[i] - endOf(i - 1)) : 0;
        }
        for (int c = 0; c < CLASSES; c++) {
            int before = USUAL_LENGTH;
            for (int i = 0; isUsed(c) && i < bins.size; i++) {
                bits += BitOutput.signedGammaBits(lengths[c][i] - before);
                before = lengths[c][i];
            }
        }
        return bits;
    }

    private long endOf(int bin) {
        return bins.lower[bin] + (1L << bins.extra[bin]);
    }

    /** Writes the table: count; ranges as {@link Bins#write} does; classes; for each class that is used its lengths. */
    void write(PageWriter out, BitOutput bits) {
        out.writeVarint(bins.size);
        for (int i = 0; i < bins.size; i++) {
            bits.writeSignedGamma(bins.extra[i] - (i > 0 ? bins.extra[i - 1] : 0));
            if (i > 0) {
                bits.writeSignedGamma(bins.lower[i] - endOf(i - 1));
            }
            bits.write(classOf[i], 2);
        }
        for (int c = 0; c < CLASSES; c++) {
            int before = USUAL_LENGTH;
            for (int i = 0; isUsed(c) && i < bins.size; i++) {
                bits.writeSignedGamma(lengths[c][i] - before);
                before = lengths[c][i];
            }
        }
        bits.finish();
    }

    /** Reads a table; each of its codes is complete and its bins within their bounds. */
    void read(PageReader in, BitInput bits) {
        bins.size = in.readVarint("bins", 1, MAX_BINS);
        bits.begin(in);
        for (int i = 0; i < bins.size; i++) {
            long plain = (i > 0 ? bins.extra[i - 1] : 0) + bits.readSignedGamma();
            long start = i > 0 ? endOf(i - 1) + bits.readSignedGamma() : 0;
            if (plain < 0
                    || plain > Bins.MAX_EXTRA
                    || start >>> MAX_LOWER_BITS != 0
                    || (i > 0 && start <= bins.lower[i - 1])) {
                throw in.malformed("rule: bins ascend within 41 bits, plain=" + plain + ", lower=" + start);
            }
            bins.lower[i] = start;
            bins.extra[i] = (byte) plain;
            classOf[i] = (byte) bits.read(2);
        }
        for (int c = 0; c < CLASSES; c++) {
            Arrays.fill(lengths[c], 0, bins.size, ABSENT);
            if (isUsed(c)) {
                readLengths(lengths[c], in, bits);
            }
        }
        bits.finish();
        assignCodes();
    }

    private void readLengths(byte[] of, PageReader in, BitInput bits) {
        long length = USUAL_LENGTH;
        long kraft = 0;
        for (int i = 0; i < bins.size; i++) {
            length += bits.readSignedGamma();
            if (length < ABSENT || length > MAX_CODE) {
                throw in.malformed("rule: -1 <= code length <= " + MAX_CODE + ", length=" + length);
            }
            of[i] = (byte) length;
            kraft += length == ABSENT ? 0 : 1L << (MAX_CODE - length);
        }
        if (kraft != 1L << MAX_CODE) {
            throw in.malformed("rule: the code of a class is complete, sum=" + kraft);
        }
    }

    /** Gives each bin its canonical code in each class, once the lengths are known. */
    void assignCodes() {
        for (int c = 0; c < CLASSES; c++) {
            Arrays.fill(nextCode, 0);
            for (int i = 0; i < bins.size; i++) {
                int length = lengths[c][i];
                nextCode[length == ABSENT ? 0 : length + 1]++;
            }
            // From how many codes of each length there are to the first code of each.
            int next = 0;
            for (int l = 1; l < nextCode.length; l++) {
                next = (next + (l == 1 ? 0 : nextCode[l])) << 1;
                nextCode[l] = next;
            }
            for (int i = 0; i < bins.size; i++) {
                int length = lengths[c][i];
                codes[c][i] = length <= 0 ? 0 : Integer.reverse(nextCode[length]++) >>> (Integer.SIZE - length);
            }
        }
    }

    /** The decode table: for each class a part, indexed by the next bits. Used again. */
    long[] decodeTable() {
        for (int c = 0; c < CLASSES; c++) {
            for (int i = 0; i < bins.size; i++) {
                int length = lengths[c][i];
                if (length != ABSENT) {
                    long entry = (long) classOf[i] << CLASS_SHIFT
                            | bins.lower[i] << Bins.LOWER_SHIFT
                            | (long) length << Bins.CODE_SHIFT
                            | (length + bins.extra[i]);
                    for (int at = codes[c][i]; at < PART; at += 1 << length) {
                        table[c * PART + at] = entry;
                    }
                }
            }
        }
        return table;
    }
}
