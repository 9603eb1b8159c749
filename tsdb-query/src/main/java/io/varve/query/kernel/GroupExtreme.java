package io.varve.query.kernel;

import io.varve.query.kernel.GroupKernels.Accumulator;

/** Smallest or largest values of the rows of a group, of each step; NaN only where all are. */
final class GroupExtreme implements Accumulator {

    private final Row best;
    private final boolean largest;

    GroupExtreme(int steps, boolean largest) {
        this.best = new Row(steps);
        this.largest = largest;
    }

    @Override
    public void add(Row row) {
        for (int from = 0; from < row.steps(); from += Long.SIZE) {
            int to = Math.min(row.steps(), from + Long.SIZE);
            if (!row.hasAll(from, to) || !best.hasAll(from, to)) {
                addPresent(row, from, to);
            } else if (largest) {
                larger(best.values(), row.values(), from, to);
            } else {
                smaller(best.values(), row.values(), from, to);
            }
        }
    }

    private static void larger(double[] best, double[] values, int from, int to) {
        for (int step = from; step < to; step++) {
            if (values[step] > best[step] || Double.isNaN(best[step])) {
                best[step] = values[step];
            }
        }
    }

    private static void smaller(double[] best, double[] values, int from, int to) {
        for (int step = from; step < to; step++) {
            if (values[step] < best[step] || Double.isNaN(best[step])) {
                best[step] = values[step];
            }
        }
    }

    private void addPresent(Row row, int from, int to) {
        for (int step = from; step < to; step++) {
            if (row.has(step)) {
                double value = row.get(step);
                double old = best.get(step);
                boolean better = !best.has(step) || (largest ? value > old : value < old) || Double.isNaN(old);
                best.set(step, better ? value : old);
            }
        }
    }

    @Override
    public void finish(Row out) {
        for (int step = 0; step < out.steps(); step++) {
            if (best.has(step)) {
                out.set(step, best.get(step));
            }
        }
    }
}
