package io.varve.query.kernel;

/**
 * Where the smallest or largest sample of each window stands. NaN counts only where there is nothing else. Windows that
 * have few samples in common are looked through one by one; of others each sample enters and leaves a queue once, which
 * holds those that may still become the answer. One walk over the windows of a series, forward.
 */
final class Extremes {

    private final Windows windows;
    private final boolean largest;
    private final boolean newest;

    /** Empty where windows are looked through one by one. */
    private final int[] queue;

    private int head;
    private int tail;
    private int next;

    /**
     * Begins a walk.
     *
     * @param newest whether of equal samples the newest is wanted, else the oldest
     */
    Extremes(Windows windows, boolean largest, boolean newest) {
        this.windows = windows;
        this.largest = largest;
        this.newest = newest;
        this.queue = overlap(windows) ? new int[windows.to()[windows.steps() - 1]] : new int[0];
    }

    /** Whether looking through each window would look at samples more than twice. */
    private static boolean overlap(Windows windows) {
        int steps = windows.steps();
        if (steps < 2) {
            return false;
        }
        long looks = 0;
        for (int step = 0; step < steps; step++) {
            looks += windows.to()[step] - windows.from()[step];
        }
        return looks > 2L * (windows.to()[steps - 1] - windows.from()[0]);
    }

    /** The place in a step's window, which has samples; -1 if all of them are NaN. */
    int of(int step) {
        int from = windows.from()[step];
        int to = windows.to()[step];
        if (queue.length > 0) {
            return queued(from, to);
        }
        double[] values = windows.values();
        if (largest) {
            return newest ? newestLargest(values, from, to) : oldestLargest(values, from, to);
        }
        return newest ? newestSmallest(values, from, to) : oldestSmallest(values, from, to);
    }

    private int queued(int from, int to) {
        double[] values = windows.values();
        for (next = Math.max(next, from); next < to; next++) {
            double value = values[next];
            if (Double.isNaN(value)) {
                continue;
            }
            while (tail > head && yields(values[queue[tail - 1]], value)) {
                tail--;
            }
            queue[tail++] = next;
        }
        while (head < tail && queue[head] < from) {
            head++;
        }
        return head < tail ? queue[head] : -1;
    }

    private boolean yields(double old, double value) {
        if (newest) {
            return largest ? old <= value : old >= value;
        }
        return largest ? old < value : old > value;
    }

    private static int oldestLargest(double[] values, int from, int to) {
        int place = from;
        while (place < to && Double.isNaN(values[place])) {
            place++;
        }
        if (place == to) {
            return -1;
        }
        double best = values[place];
        for (int i = place + 1; i < to; i++) {
            if (values[i] > best) {
                best = values[i];
                place = i;
            }
        }
        return place;
    }

    private static int oldestSmallest(double[] values, int from, int to) {
        int place = from;
        while (place < to && Double.isNaN(values[place])) {
            place++;
        }
        if (place == to) {
            return -1;
        }
        double best = values[place];
        for (int i = place + 1; i < to; i++) {
            if (values[i] < best) {
                best = values[i];
                place = i;
            }
        }
        return place;
    }

    private static int newestLargest(double[] values, int from, int to) {
        int place = to - 1;
        while (place >= from && Double.isNaN(values[place])) {
            place--;
        }
        if (place < from) {
            return -1;
        }
        double best = values[place];
        for (int i = place - 1; i >= from; i--) {
            if (values[i] > best) {
                best = values[i];
                place = i;
            }
        }
        return place;
    }

    private static int newestSmallest(double[] values, int from, int to) {
        int place = to - 1;
        while (place >= from && Double.isNaN(values[place])) {
            place--;
        }
        if (place < from) {
            return -1;
        }
        double best = values[place];
        for (int i = place - 1; i >= from; i--) {
            if (values[i] < best) {
                best = values[i];
                place = i;
            }
        }
        return place;
    }
}
