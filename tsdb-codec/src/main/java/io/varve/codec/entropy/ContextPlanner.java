package io.varve.codec.entropy;

import java.util.Arrays;

/**
 * Plans {@link ContextCodes} for bins that are planned already: counts how often each bin follows each, puts the bins
 * into classes, and gives each class the code of what follows it. Classes begin as quarters of the residuals in
 * ascending order, then each bin moves to the class whose code suits best what follows it (one step of Lloyd's
 * algorithm, IEEE Trans. Inf. Theory 28(2), 1982, with code lengths for distances). Holds scratch memory: one thread at
 * a time.
 */
public final class ContextPlanner {

    /** With fewer residuals there are too few to tell how each bin follows each. */
    public static final int LEAST_COUNT = 1_024;

    /** What is added to each count, so that what was never seen has a length too. */
    private static final float UNSEEN = 0.3f;

    private final short[] numbers;
    private int[] follows = {};
    private final int[] starts = new int[ContextCodes.MAX_BINS];
    private final int[] totals = new int[ContextCodes.MAX_BINS];
    private final int[][] row = new int[ContextCodes.CLASSES][ContextCodes.MAX_BINS];
    private final float[][] price = new float[ContextCodes.CLASSES][ContextCodes.MAX_BINS];
    private final int[] present = new int[ContextCodes.MAX_BINS];
    private final byte[] presentLengths = new byte[ContextCodes.MAX_BINS];
    private final BinFinder finder = new BinFinder();
    private final CodeLengths codeLengths = new CodeLengths();

    /** A planner for so many residuals. */
    public ContextPlanner(int maxCount) {
        numbers = new short[maxCount];
    }

    /** The bins of the residuals that were planned last. */
    short[] numbers() {
        return numbers;
    }

    /**
     * Plans codes.
     *
     * @param r residuals that the bins cover
     * @param planned bins of the column
     * @param codes takes the codes
     * @return bits of table and residuals together, or infinity if no codes can be planned for these bins
     */
    public double plan(long[] r, int count, Bins planned, ContextCodes codes) {
        int size = planned.size;
        if (count < LEAST_COUNT
                || size < 2
                || size > ContextCodes.MAX_BINS
                || planned.lower[size - 1] >>> ContextCodes.MAX_LOWER_BITS != 0) {
            return Double.POSITIVE_INFINITY;
        }
        codes.setRanges(planned);
        count(r, count, planned);
        quarters(codes.classOf, size, count);
        gather(codes.classOf, size);
        regroup(codes.classOf, size);
        gather(codes.classOf, size);
        double bits = 0;
        for (int c = 0; c < ContextCodes.CLASSES; c++) {
            bits += lengthsOf(c, codes);
        }
        codes.assignCodes();
        for (int i = 0; i < size; i++) {
            bits += (double) totals[i] * planned.extra[i];
        }
        return bits + codes.tableBits();
    }

    private void count(long[] r, int count, Bins planned) {
        int size = planned.size;
        finder.prepare(planned);
        for (int i = 0; i < count; i++) {
            numbers[i] = (short) finder.find(r[i]);
        }
        if (follows.length < size * size) {
            follows = new int[size * size];
        }
        Arrays.fill(follows, 0, size * size, 0);
        Arrays.fill(starts, 0, size, 0);
        Arrays.fill(totals, 0, size, 0);
        for (int s = 0; s < ContextStage.STREAMS; s++) {
            int before = -1;
            for (int block = 0; block < count; block += ContextStage.BLOCK) {
                int run = ContextStage.run(count - block);
                int end = Math.min(count, block + (s + 1) * run);
                for (int i = block + s * run; i < end; i++) {
                    int bin = numbers[i];
                    if (before < 0) {
                        starts[bin]++;
                    } else {
                        follows[before * size + bin]++;
                    }
                    totals[bin]++;
                    before = bin;
                }
            }
        }
    }

    private void quarters(byte[] classOf, int size, int count) {
        long before = 0;
        for (int i = 0; i < size; i++) {
            classOf[i] = (byte) ((2 * before + totals[i]) * ContextCodes.CLASSES / (2L * count));
            before += totals[i];
        }
    }

    /** Sums up, for each class, what follows its bins. */
    private void gather(byte[] classOf, int size) {
        for (int[] sums : row) {
            Arrays.fill(sums, 0, size, 0);
        }
        System.arraycopy(starts, 0, row[0], 0, size);
        for (int b = 0; b < size; b++) {
            int[] sums = row[classOf[b]];
            for (int j = 0; j < size; j++) {
                sums[j] += follows[b * size + j];
            }
        }
    }

    /** Moves each bin to the class whose code suits best what follows the bin. */
    private void regroup(byte[] classOf, int size) {
        for (int c = 0; c < ContextCodes.CLASSES; c++) {
            float total = 0;
            for (int j = 0; j < size; j++) {
                total += row[c][j] + UNSEEN;
            }
            float whole = (float) Math.log(total);
            for (int j = 0; j < size; j++) {
                price[c][j] = whole - (float) Math.log(row[c][j] + UNSEEN);
            }
        }
        for (int b = 0; b < size; b++) {
            float least = Float.MAX_VALUE;
            for (int c = 0; c < ContextCodes.CLASSES; c++) {
                float bits = 0;
                for (int j = 0; j < size; j++) {
                    bits += follows[b * size + j] * price[c][j];
                }
                if (bits < least) {
                    least = bits;
                    classOf[b] = (byte) c;
                }
            }
        }
    }

    /** Lengths of the code of a class; returns the bits of its codes. */
    private double lengthsOf(int context, ContextCodes codes) {
        byte[] lengths = codes.lengths[context];
        int size = codes.bins.size;
        Arrays.fill(lengths, 0, size, ContextCodes.ABSENT);
        int n = 0;
        for (int i = 0; i < size; i++) {
            if (row[context][i] > 0) {
                present[n++] = row[context][i];
            }
        }
        if (n == 0) {
            if (codes.isUsed(context)) {
                lengths[0] = 0; // nothing follows, but a code must be complete
            }
            return 0;
        }
        codeLengths.compute(present, n, ContextCodes.MAX_CODE, presentLengths);
        double bits = 0;
        for (int i = 0, at = 0; i < size; i++) {
            if (row[context][i] > 0) {
                lengths[i] = presentLengths[at++];
                bits += (double) row[context][i] * lengths[i];
            }
        }
        return bits;
    }
}
