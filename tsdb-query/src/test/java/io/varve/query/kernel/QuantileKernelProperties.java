package io.varve.query.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Selection and sliding windows against a full sort of each window, bit for bit. */
class QuantileKernelProperties {

    private static double value(Random random, int shape) {
        return switch (shape) {
            case 0 -> random.nextInt(20) - 10;
            case 1 -> random.nextGaussian();
            case 2 -> Math.exp(3 * random.nextGaussian());
            case 3 -> random.nextInt(8) == 0 ? Double.NaN : random.nextBoolean() ? -0.0 : 0.0;
            case 4 -> random.nextInt(6) == 0 ? Double.POSITIVE_INFINITY : random.nextInt(3);
            default -> 7;
        };
    }

    private static Windows windows(Random random, int size, int shape) {
        long[] times = new long[size];
        double[] values = new double[size];
        long time = 0;
        for (int i = 0; i < size; i++) {
            time += 1 + random.nextInt(random.nextInt(50) == 0 ? 500 : 4);
            times[i] = time;
            values[i] = value(random, shape);
        }
        int steps = 1 + random.nextInt(120);
        long step = 1L + random.nextInt(1 << random.nextInt(8));
        long range = 1L + random.nextInt(1 << random.nextInt(12));
        long first = random.nextInt(200) - 100L;
        int[] from = new int[steps];
        int[] to = new int[steps];
        for (int s = 0; s < steps; s++) {
            long end = first + s * step;
            from[s] = (int) Arrays.stream(times).filter(t -> t <= end - range).count();
            to[s] = (int) Arrays.stream(times).filter(t -> t <= end).count();
        }
        return new Windows(times, values, from, to, steps, first, step, range, 1000);
    }

    @Property(tries = 1_500)
    void selectionIsWhatAFullSortGives(
            @ForAll long seed, @ForAll @IntRange(max = 1_200) int size, @ForAll @IntRange(max = 5) int shape) {
        Random random = new Random(seed);
        Windows windows = windows(random, size, shape);
        double[] q = new double[windows.steps()];
        double[] some = {0, 1, 0.5, 0.99, 0.01, 0.9, random.nextDouble(), -1, 2, Double.NaN};
        double one = some[random.nextInt(some.length)];
        boolean varies = random.nextInt(4) == 0;
        Arrays.setAll(q, i -> varies ? some[random.nextInt(some.length)] : one);
        Row row = new Row(windows.steps());
        new QuantileKernel(q).apply(windows, row);
        for (int s = 0; s < windows.steps(); s++) {
            double[] sorted = Arrays.copyOfRange(windows.values(), windows.from()[s], windows.to()[s]);
            assertThat(row.has(s)).isEqualTo(sorted.length > 0);
            if (row.has(s)) {
                Quantiles.sort(sorted, sorted.length);
                double expected = Quantiles.ofSorted(sorted, sorted.length, q[s]);
                assertThat(Double.compare(row.get(s), expected))
                        .as("step " + s + ", q=" + q[s] + ": " + row.get(s) + " is " + expected)
                        .isZero();
            }
        }
    }

    @Property(tries = 500)
    void eachRankIsSelected(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3_000) int size) {
        Random random = new Random(seed);
        long[] keys = new long[size];
        int spread = 1 + random.nextInt(2 * size);
        Arrays.setAll(keys, i -> random.nextInt(3) == 0 ? i : random.nextInt(spread));
        long[] sorted = keys.clone();
        Arrays.sort(sorted);
        int rank = random.nextInt(size);
        Selection.selectPair(keys, 0, size, rank);
        assertThat(keys[rank]).isEqualTo(sorted[rank]);
        if (rank + 1 < size) {
            assertThat(keys[rank + 1]).isEqualTo(sorted[rank + 1]);
        }
        Arrays.sort(keys);
        assertThat(keys).isEqualTo(sorted);
    }

    @Property(tries = 500)
    void keysSortAsValuesDo(@ForAll double a, @ForAll double b) {
        assertThat(Long.compare(SortKeys.of(a), SortKeys.of(b))).isEqualTo(Double.compare(a, b));
        assertThat(Double.compare(SortKeys.value(SortKeys.of(a)), a)).isZero();
    }
}
