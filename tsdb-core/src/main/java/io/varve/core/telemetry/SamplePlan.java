package io.varve.core.telemetry;

/**
 * Which messages are chosen, and how many each stands for. Messages are counted as they start; of each block of n one
 * is chosen, at a place that a hash of the block's number decides, and it has the weight n. So sums of weights are
 * off the truth by less than a block, where independent draws would be off by its square root times the square root
 * of the count, and traffic that repeats itself with the period n is seen whole. Where 1 / ratio is not a whole
 * number, blocks of two lengths alternate in {@value #ROUND} parts. Immutable.
 */
final class SamplePlan {

    /** All of them. */
    static final SamplePlan ALL = new SamplePlan(1, 0);

    private static final int ROUND = 1_024;

    /** Of so many that are chosen, and of so many that are not, one is timed. */
    private static final int TIMED_MASK = 1_023;

    private static final int COUNT_MASK = 0x7fff_ffff;
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private final int narrow;

    /** Of a round so many blocks have one message more; they come last. */
    private final int wide;

    private final int narrowLength;
    private final int roundLength;

    private SamplePlan(int narrow, int wide) {
        this.narrow = narrow;
        this.wide = wide;
        this.narrowLength = (ROUND - wide) * narrow;
        this.roundLength = ROUND * narrow + wide;
    }

    /**
     * The plan that comes nearest to a ratio.
     *
     * @param ratio from {@link Sampling#LEAST_RATIO} to 1
     */
    static SamplePlan of(double ratio) {
        long parts = Math.round(ROUND / ratio);
        return new SamplePlan((int) (parts / ROUND), (int) (parts % ROUND));
    }

    /** The plan of whole blocks whose ratio is at most the one given. */
    static SamplePlan atMost(double ratio) {
        return new SamplePlan((int) Math.ceil(1 / ratio - 1e-9), 0);
    }

    /** Share of messages that is chosen. */
    double ratio() {
        return (double) ROUND / roundLength;
    }

    /**
     * Decides over a message.
     *
     * @param count how many came before it in its stripe
     * @param salt the stripe's
     * @return for the state of its stamps: weight, 0 if it is not chosen, and whether it is timed
     */
    int choose(long count, long salt) {
        int number = (int) count & COUNT_MASK;
        if (roundLength == ROUND) {
            return Stamps.choice(1, (number & TIMED_MASK) == 0);
        }
        int block;
        int size = narrow;
        int place;
        if (wide == 0) {
            block = number / narrow;
            place = number - block * narrow;
        } else {
            int round = number / roundLength;
            int within = number - round * roundLength;
            int first = 0;
            if (within >= narrowLength) {
                within -= narrowLength;
                size++;
                first = ROUND - wide;
            }
            int blocks = within / size;
            place = within - blocks * size;
            block = round * ROUND + first + blocks;
        }
        int chosen = (int) ((mix(block + salt) >>> 32) * size >>> 32);
        return place == chosen
                ? Stamps.choice(size, (block & TIMED_MASK) == 0)
                : Stamps.choice(0, (number & TIMED_MASK) == 0);
    }

    /**
     * Decides over a message that comes from elsewhere, where it was decided over too: the same share of them, but
     * those that were chosen there come first. They were so by chance, so that they stand for the others as well.
     *
     * @param count how many came before it in its stripe
     * @param cells of the stripe
     * @param stamped whether it was chosen there
     * @return as {@link #choose}
     */
    int chooseFromElsewhere(long count, long[] cells, boolean stamped) {
        boolean timed = (count & TIMED_MASK) == 0;
        if (roundLength == ROUND) {
            return Stamps.choice(1, timed);
        }
        long random = mix(count + MessageCells.salt(cells));
        int length = (random & ROUND - 1) < wide ? narrow + 1 : narrow;
        int skipped = (int) ((random >>> 32) * (length / 4 + 1) >>> 32); // traffic may repeat itself with the period n
        return Stamps.choice(MessageCells.takesTurn(cells, count, length, skipped, stamped) ? length : 0, timed);
    }

    /** The last step of SplitMix64 (Steele, Lea, Flood, 2014). */
    static long mix(long seed) {
        long z = seed * GOLDEN;
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }
}
