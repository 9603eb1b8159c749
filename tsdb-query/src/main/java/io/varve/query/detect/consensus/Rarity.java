package io.varve.query.detect.consensus;

import java.util.Arrays;

/**
 * How rare a score is among those that came before it, in decades: 2 says that one in a hundred was as high. Makes
 * scores of different units comparable, without a limit for any of them, and adapts as a series becomes calmer or
 * wilder.
 *
 * <p>Scores are counted in buckets of which eight share an octave, {@link #BUCKETS} from the highest score downwards;
 * lower ones share the last. When {@link #MEMORY} scores are counted, all counts are halved, so that old ones are
 * forgotten. A score u that {@link #TAIL} of all are above begins the tail; beyond it the chance of a score is taken
 * to fall exponentially with the tail's mean excess (peaks over threshold: J. Pickands, Annals of Statistics 3, 1975),
 * so that a record tells by how much it is one. 2.6 kB.
 */
final class Rarity {

    /** Scores that are counted before the first answer. */
    static final int LEAST_SCORES = 50;

    /** The largest answer, in decades. */
    static final double MOST = 6;

    private static final int BUCKETS = 320;
    private static final int SHIFT = 49; // of a double's bits: leaves the exponent and three bits of the fraction
    private static final int MEMORY = 16_384;
    private static final double TAIL = 0.02;
    private static final double LEAST_IN_TAIL = 3;
    private static final double DECADE = StrictMath.log10(Math.E);

    private final double[] counts = new double[BUCKETS];
    private int top = -1;
    private double total;

    /**
     * Tells how rare the size of a score is, then counts it.
     *
     * @param signed finite, of either sign, or NaN, which is not counted
     * @return decades from 0 to {@link #MOST}; NaN for NaN and while fewer than {@link #LEAST_SCORES} are counted
     */
    double ofScore(double signed) {
        if (Double.isNaN(signed)) {
            return Double.NaN;
        }
        double score = Math.abs(signed);
        double decades = total < LEAST_SCORES ? Double.NaN : Math.max(0, Math.min(MOST, decades(score)));
        count(bucket(score));
        return decades;
    }

    private static int bucket(double score) {
        return (int) (Double.doubleToRawLongBits(score) >>> SHIFT);
    }

    /** The lowest value of a bucket. */
    private static double value(int bucket) {
        return Double.longBitsToDouble((long) bucket << SHIFT);
    }

    private double decades(double score) {
        double wanted = TAIL * total;
        double inTail = 0;
        double sum = 0;
        int bucket = top;
        for (int below = 0; below < BUCKETS - 1; below++) {
            double count = counts[below];
            inTail += count;
            sum += count * (value(bucket) * 0.5 + value(bucket + 1) * 0.5);
            if (inTail >= wanted || bucket == 0) {
                break;
            }
            bucket--;
        }
        double begin = value(bucket);
        if (score > begin && inTail >= LEAST_IN_TAIL) {
            double excess = Math.max(Double.MIN_NORMAL, sum / inTail - begin);
            return -StrictMath.log10(inTail / total) + (score - begin) / excess * DECADE;
        }
        return -StrictMath.log10((above(score) + 1) / (total + 1));
    }

    /** Counted scores that are above one; of its own bucket a part. */
    private double above(double score) {
        int bucket = bucket(score);
        int place = Math.min(top - bucket, BUCKETS - 1);
        double above = 0;
        for (int i = 0; i < place; i++) {
            above += counts[i];
        }
        if (place < 0) {
            return 0;
        }
        double low = value(bucket);
        double part = top - bucket >= BUCKETS ? 0 : (score - low) / (value(bucket + 1) - low);
        return above + counts[place] * (1 - part);
    }

    private void count(int bucket) {
        if (bucket > top) {
            raise(bucket);
        }
        counts[Math.min(top - bucket, BUCKETS - 1)]++;
        total++;
        if (total >= MEMORY) {
            total = 0;
            for (int i = 0; i < BUCKETS; i++) {
                counts[i] *= 0.5;
                total += counts[i];
            }
        }
    }

    /** Makes a bucket the highest one: the counts move down, and gather in the last place. */
    private void raise(int bucket) {
        int by = top < 0 ? BUCKETS : Math.min(BUCKETS, bucket - top);
        double lost = 0;
        for (int i = Math.max(0, BUCKETS - by); i < BUCKETS; i++) {
            lost += counts[i];
        }
        System.arraycopy(counts, 0, counts, by, BUCKETS - by);
        Arrays.fill(counts, 0, by, 0);
        counts[BUCKETS - 1] += lost;
        top = bucket;
    }
}
