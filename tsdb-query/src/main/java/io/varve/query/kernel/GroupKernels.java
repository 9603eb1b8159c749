package io.varve.query.kernel;

/** Aggregates over series, step by step, that need no more memory than a few numbers a step. */
public final class GroupKernels {

    private GroupKernels() {}

    /** Takes in the rows of a group one after the other. */
    public interface Accumulator {

        /** Takes in a row, which stays the caller's. */
        void add(Row row);

        /** Puts the results of all steps that had a value; call once. */
        void finish(Row out);
    }

    /** Compensated sums. */
    public static Accumulator sum(int steps) {
        return new GroupSum(steps);
    }

    /** Means that do not overflow. */
    public static Accumulator mean(int steps) {
        Mean[] means = new Mean[steps];
        Row first = new Row(steps);
        return accumulator(
                first,
                (step, value) -> {
                    if (means[step] == null) {
                        means[step] = new Mean();
                        means[step].reset(first.get(step));
                    }
                    means[step].add(value);
                    return value;
                },
                step -> means[step] == null ? first.get(step) : means[step].value());
    }

    /** Smallest or largest values, NaN only if all are. */
    public static Accumulator extreme(int steps, boolean largest) {
        return new GroupExtreme(steps, largest);
    }

    /** Numbers of series. */
    public static Accumulator count(int steps) {
        int[] more = new int[steps];
        return accumulator(
                new Row(steps),
                (step, value) -> {
                    more[step]++;
                    return value;
                },
                step -> more[step] + 1);
    }

    /** 1 where there is a series. */
    public static Accumulator group(int steps) {
        return accumulator(new Row(steps), (step, value) -> value, step -> 1);
    }

    /** Population variances by a running mean; NaN if a value is infinite or NaN. */
    public static Accumulator variance(int steps, boolean root) {
        double[] squares = new double[steps];
        double[] counts = new double[steps];
        Row means = new Row(steps);
        return accumulator(
                means,
                (step, value) -> {
                    counts[step]++;
                    double mean = means.get(step);
                    double delta = value - mean;
                    double next = mean + delta / (counts[step] + 1);
                    squares[step] += delta * (value - next);
                    return next;
                },
                step -> {
                    double mean = means.get(step);
                    boolean lone = counts[step] == 0;
                    double lonely = Double.isNaN(mean) || Double.isInfinite(mean) ? Double.NaN : 0;
                    double variance = lone ? lonely : squares[step] / (counts[step] + 1);
                    return root ? Math.sqrt(variance) : variance;
                });
    }

    @FunctionalInterface
    private interface Combine {
        double next(int step, double value);
    }

    @FunctionalInterface
    private interface Finish {
        double value(int step);
    }

    private static Accumulator accumulator(Row state, Combine combine, Finish finish) {
        return new Accumulator() {
            @Override
            public void add(Row row) {
                for (int step = 0; step < row.steps(); step++) {
                    if (row.has(step)) {
                        double value = row.get(step);
                        state.set(step, state.has(step) ? combine.next(step, value) : value);
                    }
                }
            }

            @Override
            public void finish(Row out) {
                for (int step = 0; step < out.steps(); step++) {
                    if (state.has(step)) {
                        out.set(step, finish.value(step));
                    }
                }
            }
        };
    }
}
