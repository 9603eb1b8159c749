package io.varve.query.kernel;

import io.varve.query.kernel.GroupKernels.Accumulator;

/** Compensated sums of the rows of a group: of each step as {@link CompensatedSum} would add its values. */
final class GroupSum implements Accumulator {

    private final Row sums;
    private final double[] errors;

    GroupSum(int steps) {
        this.sums = new Row(steps);
        this.errors = new double[steps];
    }

    @Override
    public void add(Row row) {
        double[] values = row.values();
        for (int from = 0; from < row.steps(); from += Long.SIZE) {
            int to = Math.min(row.steps(), from + Long.SIZE);
            if (row.hasAll(from, to) && sums.hasAll(from, to)) {
                add(sums.values(), errors, values, from, to);
            } else {
                addPresent(row, from, to);
            }
        }
    }

    /** All of these steps; without a branch, so that the compiler finds vectors. */
    private static void add(double[] sums, double[] errors, double[] values, int from, int to) {
        for (int step = from; step < to; step++) {
            double old = sums[step];
            double next = old + values[step];
            double taken = next - old;
            errors[step] += (old - (next - taken)) + (values[step] - taken);
            sums[step] = next;
        }
    }

    private void addPresent(Row row, int from, int to) {
        for (int step = from; step < to; step++) {
            if (row.has(step)) {
                double value = row.get(step);
                if (sums.has(step)) {
                    double old = sums.get(step);
                    double next = old + value;
                    errors[step] = CompensatedSum.errorAfter(old, errors[step], value, next);
                    sums.set(step, next);
                } else {
                    sums.set(step, value);
                }
            }
        }
    }

    @Override
    public void finish(Row out) {
        for (int step = 0; step < out.steps(); step++) {
            if (sums.has(step)) {
                double sum = sums.get(step);
                // Of an infinite sum the errors say nothing.
                out.set(step, Double.isFinite(errors[step]) ? sum + errors[step] : sum);
            }
        }
    }
}
