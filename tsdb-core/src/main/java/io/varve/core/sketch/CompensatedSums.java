package io.varve.core.sketch;

/** Sums of doubles that keep what each addition loses (Neumaier, ZAMM 54, 1974). One thread. */
final class CompensatedSums {

    private final double[] totals;
    private final double[] rests;

    /** Sums of nothing. */
    CompensatedSums(int size) {
        totals = new double[size];
        rests = new double[size];
    }

    int size() {
        return totals.length;
    }

    void add(int place, double value) {
        double old = totals[place];
        double total = old + value;
        rests[place] += Math.abs(old) >= Math.abs(value) ? (old - total) + value : (value - total) + old;
        totals[place] = total;
    }

    /** Adds one of other sums. */
    void add(int place, CompensatedSums other, int otherPlace) {
        add(place, other.totals[otherPlace]);
        rests[place] += other.rests[otherPlace];
    }

    double get(int place) {
        double total = totals[place];
        // An infinite sum has no meaningful rest; -0.0 has none to lose.
        boolean whole = rests[place] == 0 || Double.isInfinite(total) || Double.isNaN(total);
        return whole ? total : total + rests[place];
    }
}
