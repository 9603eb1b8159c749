package io.varve.query.kernel;

/**
 * An average that cannot overflow: a compensated sum divided at the end, or, from the moment that the sum would be
 * infinite, a compensated running mean.
 */
final class Mean {

    private double sum;
    private double error;
    private double count;
    private boolean running;

    /** The mean of at least one value, from one index to before another. */
    double of(double[] values, int from, int to) {
        reset(values[from]);
        for (int i = from + 1; i < to; i++) {
            add(values[i]);
        }
        return value();
    }

    void reset(double first) {
        sum = first;
        error = 0;
        count = 1;
        running = false;
    }

    void add(double value) {
        count++;
        if (!running) {
            double next = sum + value;
            if (!Double.isInfinite(next)) {
                error = CompensatedSum.errorAfter(sum, error, value, next);
                sum = next;
                return;
            }
            running = true;
            sum /= count - 1;
            error /= count - 1;
        }
        double weight = (count - 1) / count;
        double mean = weight * sum;
        double share = value / count;
        double next = mean + share;
        error = CompensatedSum.errorAfter(mean, weight * error, share, next);
        sum = next;
    }

    double value() {
        return running ? sum + error : (sum + error) / count;
    }
}
