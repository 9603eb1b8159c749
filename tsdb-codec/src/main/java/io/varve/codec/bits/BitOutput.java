package io.varve.codec.bits;

/**
 * Writes fields of bits behind what a {@link PageWriter} has, lowest bits first; {@link #finish} pads with zeros to a
 * whole byte. One thread at a time.
 */
public final class BitOutput {

    private final PageWriter out;
    private long bits;
    private int filled;

    /** Writes to a writer, whose place it shares. */
    public BitOutput(PageWriter out) {
        this.out = out;
    }

    /**
     * Writes the low bits of a value.
     *
     * @param length 0 to 64
     */
    public void write(long value, int length) {
        if (length > 32) {
            write(value, 32);
            write(value >>> 32, length - 32);
            return;
        }
        bits |= (value & BitPacking.mask(length)) << filled;
        filled += length;
        while (filled >= Byte.SIZE) {
            out.writeByte((int) bits);
            bits >>>= Byte.SIZE;
            filled -= Byte.SIZE;
        }
    }

    /** A non-negative number v: as many zeros as v + 1 has binary digits behind its first; a one; these digits. */
    public void writeGamma(long value) {
        long v = value + 1;
        int length = Long.SIZE - 1 - Long.numberOfLeadingZeros(v);
        write(1L << length, length + 1);
        write(v, length);
    }

    /** A signed number with the sign in the lowest bit, as {@link #writeGamma}. */
    public void writeSignedGamma(long value) {
        writeGamma((value << 1) ^ (value >> 63));
    }

    /** Bits that {@link #writeSignedGamma} takes. */
    public static int signedGammaBits(long value) {
        long v = ((value << 1) ^ (value >> 63)) + 1;
        return 2 * (Long.SIZE - Long.numberOfLeadingZeros(v)) - 1;
    }

    /** Pads to a whole byte. */
    public void finish() {
        if (filled > 0) {
            out.writeByte((int) bits);
        }
        bits = 0;
        filled = 0;
    }
}
