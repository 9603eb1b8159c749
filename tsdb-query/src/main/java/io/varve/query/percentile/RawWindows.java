package io.varve.query.percentile;

import io.varve.core.sketch.ExponentialHistogram;
import io.varve.query.Percentiles.Bounded;
import io.varve.query.kernel.Selection;
import io.varve.query.kernel.SortKeys;
import io.varve.query.kernel.SortedWindow;
import io.varve.query.plan.QueryBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The samples of a group, and which of them lie in which window: exact quantiles of all together. Keys are selected
 * window by window; where windows share at least half of their samples, those that come and go are put in order. Steps
 * are asked for by ascending number; one thread.
 */
final class RawWindows {

    /** Samples of a series, with the first in each window and the one behind the last. */
    @SuppressWarnings("ArrayRecordComponent") // private columns
    private record Member(long[] keys, int[] from, int[] to) {}

    private final List<Member> members = new ArrayList<>();
    private final boolean slides;
    private final QueryBudget budget;
    private final SortedWindow sorted = new SortedWindow();
    private long[] keys = new long[0];
    private long[] gone = new long[0];
    private int held = -1;

    RawWindows(boolean slides, QueryBudget budget) {
        this.slides = slides;
        this.budget = budget;
    }

    /** Adds a series; bounds may be shared with other series. */
    void add(long[] memberKeys, int[] from, int[] to) {
        members.add(new Member(memberKeys, from, to));
    }

    /** Samples in a window. */
    long count(int step) {
        long count = 0;
        for (Member member : members) {
            count += member.to[step] - member.from[step];
        }
        return count;
    }

    /** Adds the samples of a window to a sketch. */
    void recordInto(int step, ExponentialHistogram sketch) {
        for (Member member : members) {
            for (int i = member.from[step]; i < member.to[step]; i++) {
                sketch.record(SortKeys.value(member.keys[i]));
            }
        }
    }

    /**
     * Exact quantiles of a window that is not empty.
     *
     * @param q each from 0 to 1
     */
    List<Bounded> quantiles(int step, List<Double> q) {
        if (slides) {
            slideTo(step);
            return q.stream().map(one -> exactly(sorted.quantile(one))).toList();
        }
        int count = gather(step);
        int[] order = ascending(q);
        Bounded[] values = new Bounded[q.size()];
        int from = 0;
        for (int place : order) {
            double rank = q.get(place) * (count - 1);
            int lower = (int) rank;
            if (lower > from || from == 0) {
                Selection.selectPair(keys, Math.min(from, lower), count, lower);
                from = lower;
            }
            double weight = rank - lower;
            values[place] = exactly(SortKeys.value(keys[lower]) * (1 - weight)
                    + SortKeys.value(keys[Math.min(count - 1, lower + 1)]) * weight);
        }
        return List.of(values);
    }

    private static Bounded exactly(double value) {
        return new Bounded(value, value, value);
    }

    private static int[] ascending(List<Double> q) {
        Integer[] places = new Integer[q.size()];
        Arrays.setAll(places, i -> i);
        Arrays.sort(places, (a, b) -> Double.compare(q.get(a), q.get(b)));
        return Arrays.stream(places).mapToInt(Integer::intValue).toArray();
    }

    private int gather(int step) {
        int count = Math.toIntExact(count(step));
        keys = room(keys, count);
        int at = 0;
        for (Member member : members) {
            int length = member.to[step] - member.from[step];
            System.arraycopy(member.keys, member.from[step], keys, at, length);
            at += length;
        }
        return count;
    }

    private void slideTo(int step) {
        int goneCount = 0;
        int comeCount = 0;
        for (Member member : members) {
            int oldFrom = held < 0 ? 0 : member.from[held];
            int oldTo = held < 0 ? 0 : member.to[held];
            int leave = held < 0 ? 0 : Math.min(oldTo, member.from[step]) - oldFrom;
            int enter = Math.max(held < 0 ? 0 : oldTo, member.from[step]);
            int entering = Math.max(0, member.to[step] - enter);
            gone = room(gone, goneCount + leave);
            keys = room(keys, comeCount + entering);
            System.arraycopy(member.keys, oldFrom, gone, goneCount, leave);
            System.arraycopy(member.keys, enter, keys, comeCount, entering);
            goneCount += leave;
            comeCount += entering;
        }
        budget.charge(0, Math.max(0, SortedWindow.bytes(comeCount - goneCount)));
        sorted.slide(gone, goneCount, keys, comeCount);
        held = step;
    }

    private long[] room(long[] array, int count) {
        if (count <= array.length) {
            return array;
        }
        int length = Math.max(count, Math.max(1024, array.length + array.length / 2));
        budget.charge(0, 8L * length);
        return Arrays.copyOf(array, length);
    }
}
