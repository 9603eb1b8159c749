package io.varve.core.head;

import java.util.Arrays;

/**
 * Forms of histograms, one after the other in append-only slabs. A reference names a form; whoever publishes it with a
 * release store publishes the form. Written by the agent; forms never move or change.
 */
final class FormSlabs {

    private static final int FIRST_SLAB = 16 << 10;
    private static final int LARGEST_SLAB = 1 << 20;
    private static final int LENGTH_BYTES = 4;

    private volatile byte[][] slabs = new byte[0][];
    private int used;
    private long bytes;

    /** Keeps a form. The agent alone. */
    long append(byte[] source, int offset, int length) {
        byte[][] all = slabs;
        int last = all.length - 1;
        if (last < 0 || all[last].length - used < LENGTH_BYTES + length) {
            int usual = Math.min(LARGEST_SLAB, FIRST_SLAB << Math.min(all.length, 6));
            byte[] slab = new byte[Math.max(usual, LENGTH_BYTES + length)];
            all = Arrays.copyOf(all, all.length + 1);
            last = all.length - 1;
            all[last] = slab;
            slabs = all;
            used = 0;
            bytes += slab.length;
        }
        byte[] slab = all[last];
        for (int i = 0; i < LENGTH_BYTES; i++) {
            slab[used + i] = (byte) (length >>> Byte.SIZE * i);
        }
        System.arraycopy(source, offset, slab, used + LENGTH_BYTES, length);
        long reference = (long) last << Integer.SIZE | used;
        used += LENGTH_BYTES + length;
        return reference;
    }

    /** The array that holds a form. */
    byte[] slab(long reference) {
        return slabs[(int) (reference >>> Integer.SIZE)];
    }

    /** Where in {@link #slab} a form begins. */
    static int offset(long reference) {
        return (int) reference + LENGTH_BYTES;
    }

    /** Bytes of a form. */
    int length(long reference) {
        byte[] slab = slab(reference);
        int at = (int) reference;
        int length = 0;
        for (int i = 0; i < LENGTH_BYTES; i++) {
            length |= (slab[at + i] & 0xFF) << Byte.SIZE * i;
        }
        return length;
    }

    /** Whether a form is equal to another one's bytes. */
    boolean isEqual(long reference, byte[] other, int offset, int length) {
        int from = offset(reference);
        int to = from + length(reference);
        return Arrays.equals(slab(reference), from, to, other, offset, offset + length);
    }

    /** Memory in bytes. */
    long bytes() {
        return bytes;
    }
}
