package io.varve.query.detect;

/**
 * Scores the samples of one series in order of time: the higher the score, the less the sample fits what came before
 * it. Each detector tells the range of its score.
 *
 * <p>Bounded memory whatever the samples are. Not thread-safe. Deterministic: the same samples give the same scores,
 * bit for bit, as seeds are fixed. A score looks at no sample that comes later.
 */
public interface Detector {
    /**
     * Scores a sample by what came before it, then learns it. Never throws, whatever the value is.
     *
     * @param timeMs the sample's time in milliseconds since the epoch. A time that is not after the last one is
     *     scored as if it was, by order of call
     * @param value any double, also NaN and infinities
     * @return the score, or NaN while too little is known and for values that cannot be judged
     */
    double score(long timeMs, double value);
}
