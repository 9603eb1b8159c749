package io.varve.query.kernel;

/**
 * Population variance: the mean first, then the squares of the distances from it, less what the rounding of the mean
 * adds to them (T. F. Chan, G. H. Golub, R. J. LeVeque, "Algorithms for computing the sample variance", The American
 * Statistician 37, 1983). Distances are taken from the first value before the mean is known, so that equal values have
 * none. What is not finite so is computed one value after the other, by a running mean (B. P. Welford, Technometrics 4,
 * 1962). One thread.
 */
final class Variance {

    private final LaneSum sum = new LaneSum();
    private double[] distances = {};

    /** The variance of at least one value, from one index to before another. */
    double of(double[] values, int from, int to) {
        int count = to - from;
        if (distances.length < count) {
            distances = new double[count + (count >> 1)];
        }
        double origin = values[from];
        copyLess(values, from, count, origin);
        double mean = origin + sum.sum(distances, 0, count) / count;
        copyLess(values, from, count, mean);
        double rest = sum.sum(distances, 0, count);
        for (int i = 0; i < count; i++) {
            distances[i] *= distances[i];
        }
        double squares = sum.sum(distances, 0, count);
        double variance = Math.max(0, squares - rest / count * rest) / count;
        return Double.isFinite(variance) ? variance : running(values, from, to);
    }

    private void copyLess(double[] values, int from, int count, double origin) {
        System.arraycopy(values, from, distances, 0, count);
        for (int i = 0; i < count; i++) {
            distances[i] -= origin;
        }
    }

    private static double running(double[] values, int from, int to) {
        double mean = 0;
        double meanError = 0;
        double squares = 0;
        double squaresError = 0;
        for (int i = from; i < to; i++) {
            double delta = values[i] - (mean + meanError);
            double share = delta / (i - from + 1);
            double nextMean = mean + share;
            meanError = CompensatedSum.errorAfter(mean, meanError, share, nextMean);
            mean = nextMean;
            double square = delta * (values[i] - (mean + meanError));
            double nextSquares = squares + square;
            squaresError = CompensatedSum.errorAfter(squares, squaresError, square, nextSquares);
            squares = nextSquares;
        }
        return (squares + squaresError) / (to - from);
    }
}
