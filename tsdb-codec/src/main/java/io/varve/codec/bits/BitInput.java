package io.varve.codec.bits;

/** Reads what {@link BitOutput} wrote, byte by byte from a {@link PageReader}. One thread at a time. */
public final class BitInput {

    /** A length in zeros beyond this is no number of ours. */
    private static final int LONGEST = 62;

    private PageReader in = new PageReader();
    private long bits;
    private int filled;

    /** Begins at a whole byte of a reader, whose place it shares. */
    public void begin(PageReader reader) {
        in = reader;
        bits = 0;
        filled = 0;
    }

    /** The next bits as a non-negative number; length 0 to 63. */
    public long read(int length) {
        if (length > 32) {
            long low = read(32);
            return low | read(length - 32) << 32;
        }
        while (filled < length) {
            bits |= (long) in.readByte() << filled;
            filled += Byte.SIZE;
        }
        long value = bits & BitPacking.mask(length);
        bits >>>= length;
        filled -= length;
        return value;
    }

    /** The counterpart of {@link BitOutput#writeGamma}. */
    public long readGamma() {
        int length = 0;
        while (bits == 0) {
            length += filled;
            if (length > LONGEST) {
                throw in.malformed("rule: a number of bits has at most " + LONGEST + " zeros");
            }
            bits = in.readByte();
            filled = Byte.SIZE;
        }
        int zeros = Long.numberOfTrailingZeros(bits);
        bits >>>= zeros + 1;
        filled -= zeros + 1;
        length += zeros;
        if (length > LONGEST) {
            throw in.malformed("rule: a number of bits has at most " + LONGEST + " zeros");
        }
        return ((1L << length) | read(length)) - 1;
    }

    /** The counterpart of {@link BitOutput#writeSignedGamma}. */
    public long readSignedGamma() {
        long value = readGamma();
        return (value >>> 1) ^ -(value & 1);
    }

    /** Passes over the padding of the last byte. */
    public void finish() {
        if (bits != 0) {
            throw in.malformed("rule: padding is zero");
        }
        bits = 0;
        filled = 0;
    }
}
