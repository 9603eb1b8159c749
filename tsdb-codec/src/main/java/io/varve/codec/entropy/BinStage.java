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
 * Residuals as codes of their bins, each followed by its plain bits (Huffman's code; its canonical form and the decode
 * table indexed by the next bits are folklore). Residual i stands in stream i mod S of one, two or four streams, so
 * that a decoder has as many chains of dependent steps under way at once (interleaved streams: Collet, zstd's Huff0;
 * Giesen, "Interleaved entropy coders", arXiv 1402.3392).
 *
 * <p>Holds scratch memory: one thread at a time.
 */
public final class BinStage {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** With fewer residuals a second, or third and fourth, stream costs more than it brings. */
    private static final int TWO_STREAMS = 96;

    private static final int FOUR_STREAMS = 320;

    /** Parts other than the last are multiples of this. */
    public static final int STEP = 4;

    /** Behind the last byte of a stream a decoder may read a word, and the encoder store one. */
    private static final int SLACK = 2 * Long.BYTES;

    private static final int CODE_BITS = Bins.MAX_CODE + Bins.MAX_EXTRA;

    private final byte[] streams;
    private final int[] ends = new int[4];
    private int lastStream;
    private final BinDecoder decoder = new BinDecoder();
    private final BinFinder finder = new BinFinder();

    /** A stage for so many residuals. */
    public BinStage(int maxCount) {
        streams = new byte[maxCount * CODE_BITS / Byte.SIZE + 4 * SLACK];
    }

    static int streamsFor(int count) {
        return count < TWO_STREAMS ? 1 : count < FOUR_STREAMS ? 2 : 4;
    }

    /**
     * Writes a table of bins.
     *
     * @param bits over the same writer
     */
    public static void writeBins(Bins bins, PageWriter out, BitOutput bits) {
        bins.write(out, bits);
    }

    /** Reads a table of bins. */
    public static void readBins(Bins bins, PageReader in, BitInput bits) {
        bins.read(in, bits);
    }

    /**
     * Writes residuals.
     *
     * @param r non-negative residuals that the bins cover
     */
    public void encode(long[] r, int count, Bins bins, PageWriter out) {
        finder.prepare(bins);
        int n = streamsFor(count);
        int at = 0;
        for (int s = 0; s < n; s++) {
            at = encodeStream(r, s, n, count, bins, at);
            ends[s] = at;
        }
        for (int s = 0, from = 0; s < n - 1; s++) {
            int length = ends[s] - from;
            if (s == 0) {
                out.writeVarint(length);
            } else {
                out.writeSigned(length - (long) ends[0]);
            }
            from = ends[s];
        }
        out.writeBytes(streams, 0, at);
    }

    private int encodeStream(long[] r, int first, int step, int count, Bins bins, int from) {
        long word = 0;
        int filled = 0;
        int at = from;
        for (int i = first; i < count; i += step) {
            int bin = finder.find(r[i]);
            int length = bins.length[bin];
            word |= (bins.code[bin] | (r[i] - bins.lower[bin]) << length) << filled;
            filled += length + bins.extra[bin];
            LONG.set(streams, at, word);
            at += filled >>> 3;
            word >>>= filled & 56;
            filled &= 7;
        }
        streams[at] = (byte) word;
        return at + ((filled + 7) >>> 3);
    }

    /**
     * Begins to read residuals; they are then given in parts, in their order.
     *
     * @param table of the bins, see {@link Bins#decodeTable}
     * @param longest bits of any code with its plain bits
     */
    public void open(PageReader in, int count, long[] table, int longest) {
        int n = streamsFor(count);
        int total = 0;
        int most = BitPacking.packedBytes(count / n + 1, longest);
        for (int s = 0; s < n - 1; s++) {
            long length = s == 0 ? in.readVarint() : ends[0] + in.readSigned();
            if (length < 0 || length > Math.min(most, in.remaining() - total)) {
                throw in.malformed(
                        "rule: a stream lies in the page and is no longer than its residuals, length=" + length);
            }
            total += (int) length;
            ends[s] = total;
        }
        // The last stream ends where its last residual does; no more of the page than it can need is copied.
        ends[n - 1] = total + Math.min(in.remaining() - total, most);
        System.arraycopy(in.bytes(), in.take(total), streams, 0, ends[n - 1]);
        lastStream = total;
        decoder.open(streams, ends, n, table, longest, count);
    }

    /** Reads the next residuals: a multiple of {@link #STEP}, or all that are left. */
    public void next(int count, long[] r) {
        decoder.next(count, r);
    }

    /** Verifies that each stream ends with its last residual, and takes the last one from the reader. */
    public void close(PageReader in) {
        int end = decoder.close();
        if (end < 0) {
            throw in.malformed("rule: each stream ends with its last residual");
        }
        in.take(end - lastStream);
    }
}
