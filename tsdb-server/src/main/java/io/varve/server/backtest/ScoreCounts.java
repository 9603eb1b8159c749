package io.varve.server.backtest;

/** Counts scores so that their quantiles are known to 2 %: 32 buckets an octave from 2^-12 to 2^12, 6 kB. */
final class ScoreCounts {

    private static final int OF_OCTAVE = 32;
    private static final int OCTAVES = 24;
    private static final double LEAST = Math.scalb(1.0, -OCTAVES / 2);

    private final long[] counts = new long[OF_OCTAVE * OCTAVES + 1];
    private long total;
    private double highest;

    /** Counts a score that is at least 0. */
    void add(double score) {
        double octaves = Math.log(score / LEAST) / Math.log(2);
        int bucket = score < LEAST ? 0 : 1 + (int) (OF_OCTAVE * Math.min(OCTAVES, octaves));
        counts[Math.min(counts.length - 1, bucket)]++;
        total++;
        highest = Math.max(highest, score);
    }

    /** Adds all that another one counted. */
    void addAll(ScoreCounts other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        total += other.total;
        highest = Math.max(highest, other.highest);
    }

    /** A quantile, q from 0 to 1: the middle of its bucket, by ratio, or the highest score; NaN of nothing. */
    double quantile(double q) {
        if (total == 0) {
            return Double.NaN;
        }
        long rank = (long) Math.ceil(q * total);
        long seen = 0;
        int bucket = -1;
        while (seen < Math.max(1, rank)) {
            seen += counts[++bucket];
        }
        return bucket == 0 ? 0 : Math.min(highest, LEAST * Math.pow(2, (bucket - 0.5) / OF_OCTAVE));
    }
}
