package io.varve.query.exec;

/**
 * The first few of some values by rank; of equals those that came first. A heap of those kept so far, the last of them
 * at its root. Used again for one list after the other, by one thread.
 */
final class Ranks {

    private final Calls.Ranking ranking;
    private final double[] values;
    private final int[] heap;
    private int size;

    /**
     * Ranks of nothing.
     *
     * @param most how many values there may be
     */
    Ranks(Calls.Ranking ranking, int most) {
        this.ranking = ranking;
        this.values = new double[most];
        this.heap = new int[most];
    }

    /**
     * Begins anew with a list of values.
     *
     * @param kept how many of them are wanted, at least 1
     */
    void begin(int kept) {
        size = kept;
    }

    /** Sets a value of the list, in any order. */
    void value(int index, double value) {
        values[index] = value;
    }

    /**
     * Marks which values are not among the first.
     *
     * @param count of values, more than are wanted
     * @param losers true at their indices afterwards
     */
    void select(int count, boolean[] losers) {
        for (int i = 0; i < size; i++) {
            heap[i] = i;
            losers[i] = false;
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            sift(i);
        }
        for (int i = size; i < count; i++) {
            int last = heap[0];
            boolean better = isBefore(i, last);
            losers[better ? last : i] = true;
            if (better) {
                losers[i] = false;
                heap[0] = i;
                sift(0);
            }
        }
    }

    private boolean isBefore(int a, int b) {
        int order = ranking.compare(values[a], values[b]);
        return order < 0 || (order == 0 && a < b);
    }

    /** Moves what stands at a place down until nothing below comes behind it. */
    private void sift(int place) {
        int moved = heap[place];
        int at = place;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && isBefore(heap[child], heap[child + 1])) {
                child++;
            }
            if (!isBefore(moved, heap[child])) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = moved;
    }
}
