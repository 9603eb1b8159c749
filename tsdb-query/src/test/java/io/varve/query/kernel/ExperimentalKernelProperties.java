package io.varve.query.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Kernels of the experimental functions against the plainest computation of one window after the other. */
class ExperimentalKernelProperties {

    private static final double TOLERANCE = 1e-9;

    /** Samples by their time, and windows of a length at steps; samples count up to a lookback beyond an edge. */
    private record Case(TreeMap<Long, Double> samples, int steps, long first, long step, long range, long lookback) {

        static Case random(Random random, int size, boolean wild) {
            TreeMap<Long, Double> samples = new TreeMap<>();
            long time = 0;
            for (int i = 0; i < size; i++) {
                time += 1 + random.nextInt(5_000);
                boolean odd = wild && random.nextInt(6) == 0;
                samples.put(time, odd ? Double.NaN : random.nextInt(20));
            }
            return new Case(
                    samples,
                    1 + random.nextInt(40),
                    random.nextInt(5_000),
                    1L + random.nextInt(4_000),
                    1L + random.nextInt(12_000),
                    1L + random.nextInt(9_000));
        }

        long end(int index) {
            return first + index * step;
        }

        Windows windows(long before, long after) {
            long[] times = samples.keySet().stream().mapToLong(t -> t).toArray();
            double[] values = samples.values().stream().mapToDouble(v -> v).toArray();
            int[] from = new int[steps];
            int[] to = new int[steps];
            for (int s = 0; s < steps; s++) {
                from[s] = samples.headMap(end(s) - range - before, true).size();
                to[s] = samples.headMap(end(s) + after, true).size();
            }
            return new Windows(times, values, from, to, steps, first, step, range, 1000);
        }

        /** The samples within the window of a step. */
        TreeMap<Long, Double> inside(int index) {
            return new TreeMap<>(samples.subMap(end(index) - range, false, end(index), true));
        }
    }

    @FunctionalInterface
    private interface Naive {
        OptionalDouble value(int step);
    }

    private static void check(WindowKernel kernel, Windows windows, Naive naive) {
        Row row = new Row(windows.steps());
        kernel.apply(windows, row);
        for (int s = 0; s < windows.steps(); s++) {
            OptionalDouble expected = naive.value(s);
            assertThat(row.has(s)).as("step " + s + " has a value").isEqualTo(expected.isPresent());
            if (expected.isPresent()) {
                double value = expected.getAsDouble();
                boolean near = Math.abs(row.get(s) - value) <= TOLERANCE * Math.max(1, Math.abs(value));
                assertThat(near || Double.compare(row.get(s), value) == 0)
                        .as("step " + s + ": " + row.get(s) + " is " + value)
                        .isTrue();
            }
        }
    }

    private static double growth(double[] values, boolean counter) {
        double growth = 0;
        for (int i = 1; i < values.length; i++) {
            growth += counter && values[i] < values[i - 1] ? values[i] : values[i] - values[i - 1];
        }
        return growth;
    }

    @Property(tries = 500)
    void anchoredWindowsBeginWithTheSampleBefore(@ForAll long seed, @ForAll @IntRange(max = 40) int size) {
        Case c = Case.random(new Random(seed), size, false);
        Windows windows = c.windows(c.lookback(), 0);
        for (boolean counter : new boolean[] {false, true}) {
            check(EdgeKernels.anchoredGrowth(counter, false), windows, step -> anchored(c, step, counter, 0));
            check(EdgeKernels.anchoredGrowth(counter, true), windows, step -> {
                OptionalDouble growth = anchored(c, step, counter, 0);
                return growth.isEmpty() ? growth : OptionalDouble.of(growth.getAsDouble() / (c.range() / 1000.0));
            });
        }
        check(EdgeKernels::anchoredChanges, windows, step -> anchored(c, step, false, 1));
        check(EdgeKernels::anchoredResets, windows, step -> anchored(c, step, false, 2));
    }

    /** What: 0 growth, 1 changes, 2 resets. */
    private static OptionalDouble anchored(Case c, int step, boolean counter, int what) {
        TreeMap<Long, Double> points = c.inside(step);
        if (points.isEmpty()) {
            return OptionalDouble.empty();
        }
        long start = c.end(step) - c.range();
        var before = c.samples().floorEntry(start);
        if (before != null && before.getKey() > start - c.lookback()) {
            points.put(before.getKey(), before.getValue());
        }
        double[] values = points.values().stream().mapToDouble(v -> v).toArray();
        IntStream pairs = IntStream.range(1, values.length);
        return OptionalDouble.of(
                switch (what) {
                    case 0 -> growth(values, counter);
                    case 1 -> pairs.filter(i -> values[i] != values[i - 1]).count();
                    default -> pairs.filter(i -> values[i] < values[i - 1]).count();
                });
    }

    @Property(tries = 500)
    void smoothedWindowsGoFromEdgeToEdge(@ForAll long seed, @ForAll @IntRange(max = 40) int size) {
        Case c = Case.random(new Random(seed), size, false);
        Windows windows = c.windows(c.lookback(), c.lookback());
        for (boolean counter : new boolean[] {false, true}) {
            check(EdgeKernels.smoothedGrowth(counter, false), windows, step -> smoothed(c, step, counter));
        }
    }

    private static OptionalDouble smoothed(Case c, int step, boolean counter) {
        long start = c.end(step) - c.range();
        long end = c.end(step);
        TreeMap<Long, Double> near =
                new TreeMap<>(c.samples().subMap(start - c.lookback(), false, end + c.lookback(), true));
        boolean before = near.floorKey(start) != null;
        boolean after = near.higherKey(end) != null;
        TreeMap<Long, Double> points = c.inside(step);
        if (points.isEmpty() && !(before && after)) {
            return OptionalDouble.empty();
        }
        if (before) {
            points.put(start, line(near, start, counter));
        }
        if (after) {
            points.put(end, line(near, end, counter));
        }
        return OptionalDouble.of(
                growth(points.values().stream().mapToDouble(v -> v).toArray(), counter));
    }

    private static double line(NavigableMap<Long, Double> samples, long time, boolean counter) {
        var left = samples.floorEntry(time);
        if (left.getKey() == time) {
            return left.getValue();
        }
        var right = samples.higherEntry(time);
        double share = (time - left.getKey()) / (double) (right.getKey() - left.getKey());
        double from = counter && right.getValue() < left.getValue() ? 0 : left.getValue();
        double value = from + (right.getValue() - from) * share;
        double low = Math.min(from, right.getValue()); // rounding must not look like a reset
        return Math.max(low, Math.min(Math.max(from, right.getValue()), value));
    }

    @Property(tries = 300)
    void valuesLieOnTheLineToTheNextSample(@ForAll long seed, @ForAll @IntRange(max = 40) int size) {
        Case drawn = Case.random(new Random(seed), size, false);
        Case c = new Case(drawn.samples(), drawn.steps(), drawn.first(), drawn.step(), 0, drawn.lookback());
        check(EdgeKernels::smoothedValue, c.windows(c.lookback(), c.lookback()), step -> {
            long time = c.end(step);
            TreeMap<Long, Double> near =
                    new TreeMap<>(c.samples().subMap(time - c.lookback(), false, time + c.lookback(), true));
            if (near.floorKey(time) == null) {
                return OptionalDouble.empty();
            }
            boolean after = near.higherKey(time) != null;
            return OptionalDouble.of(
                    after ? line(near, time, false) : near.floorEntry(time).getValue());
        });
    }

    @Property(tries = 300)
    void extremesAreFoundAtTheirLastTime(@ForAll long seed, @ForAll @IntRange(max = 40) int size) {
        Case c = Case.random(new Random(seed), size, true);
        for (boolean largest : new boolean[] {false, true}) {
            check(TimeKernels.extreme(largest), c.windows(0, 0), step -> {
                TreeMap<Long, Double> inside = c.inside(step);
                OptionalDouble best = inside.values().stream()
                        .mapToDouble(v -> largest ? v : -v)
                        .filter(v -> !Double.isNaN(v))
                        .max();
                return inside.entrySet().stream()
                        .filter(e -> best.isEmpty() || e.getValue() == (largest ? 1 : -1) * best.getAsDouble())
                        .mapToDouble(e -> e.getKey() / 1000.0)
                        .max();
            });
        }
    }

    @Property(tries = 300)
    void deviationsAreMediansOfDistances(@ForAll long seed, @ForAll @IntRange(max = 40) int size) {
        Case c = Case.random(new Random(seed), size, true);
        check(DeviationKernels.medianAbsolute(), c.windows(0, 0), step -> {
            double[] values =
                    c.inside(step).values().stream().mapToDouble(v -> v).toArray();
            if (values.length == 0 || Arrays.stream(values).anyMatch(Double::isNaN)) {
                return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(Double.NaN);
            }
            double median = median(values);
            return OptionalDouble.of(
                    median(Arrays.stream(values).map(v -> Math.abs(v - median)).toArray()));
        });
    }

    private static double median(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
