package io.varve.core.head;

import io.varve.core.model.Labels;
import java.util.Arrays;
import org.agrona.collections.Int2IntHashMap;

/**
 * Puts series into the order of their labels without building these: each label pair gets its rank among the pairs
 * that occur, and series are sorted by their ranks, the last label first (radix sort by counting; a series that has no
 * label there stands first).
 */
final class SeriesOrder {

    private static final int MISSING = -1;

    private final SeriesLabels series;
    private final Int2IntHashMap ranks = new Int2IntHashMap(MISSING);
    private int[] pairs = new int[32];
    private int longest;

    private SeriesOrder(SeriesLabels series) {
        this.series = series;
    }

    /** Sorts numbers of series by their labels. */
    static int[] sorted(SeriesLabels series, int[] numbers) {
        return numbers.length < 2 ? numbers : new SeriesOrder(series).sort(numbers);
    }

    private int[] sort(int[] numbers) {
        rank(numbers);
        int[] from = numbers.clone();
        int[] to = new int[numbers.length];
        int[] keys = new int[numbers.length];
        int[] ends = new int[ranks.size() + 2];
        for (int label = longest - 1; label >= 0; label--) {
            Arrays.fill(ends, 0);
            for (int i = 0; i < from.length; i++) {
                int pair = series.pairOf(from[i], label);
                keys[i] = pair < 0 ? 0 : ranks.get(pair);
                ends[keys[i] + 1]++;
            }
            if (ends[keys[0] + 1] == from.length) {
                continue; // all have the same label there
            }
            for (int i = 1; i < ends.length; i++) {
                ends[i] += ends[i - 1];
            }
            for (int i = 0; i < from.length; i++) {
                to[ends[keys[i]]++] = from[i];
            }
            int[] swapped = from;
            from = to;
            to = swapped;
        }
        return from;
    }

    private void rank(int[] numbers) {
        LabelPairs texts = series.pairs();
        for (int number : numbers) {
            int count = load(number);
            longest = Math.max(longest, count);
            for (int i = 0; i < count; i++) {
                ranks.putIfAbsent(pairs[i], 0);
            }
        }
        Pair[] sorted = new Pair[ranks.size()];
        Int2IntHashMap.KeyIterator keys = ranks.keySet().iterator();
        for (int i = 0; i < sorted.length; i++) {
            int pair = keys.nextValue();
            sorted[i] = new Pair(pair, texts.name(pair), texts.value(pair));
        }
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
            ranks.put(sorted[i].number, i + 1);
        }
    }

    private int load(int number) {
        int count = series.pairsOf(number, pairs);
        if (count > pairs.length) {
            pairs = new int[2 * count];
            series.pairsOf(number, pairs);
        }
        return count;
    }

    private record Pair(int number, String name, String value) implements Comparable<Pair> {

        @Override
        public int compareTo(Pair other) {
            int order = Labels.compareCodePoints(name, other.name);
            return order != 0 ? order : Labels.compareCodePoints(value, other.value);
        }
    }
}
