package io.varve.query.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Each kernel against the plainest computation of one window after the other. */
class KernelProperties {

    @FunctionalInterface
    private interface Naive {
        double value(long[] times, double[] values, long end);
    }

    /** Random samples with resets, NaN and infinities, cut into random windows. */
    private static Windows windows(Random random, int size, boolean wild) {
        long[] times = new long[size];
        double[] values = new double[size];
        long time = 0;
        for (int i = 0; i < size; i++) {
            time += 1 + random.nextInt(20_000);
            times[i] = time;
            int kind = random.nextInt(wild ? 12 : 8);
            values[i] = kind < 8
                    ? random.nextInt(50)
                    : kind < 10 ? Double.NaN : kind == 10 ? -0.0 : Double.POSITIVE_INFINITY;
        }
        int steps = 1 + random.nextInt(40);
        long step = 1L + random.nextInt(15_000);
        long range = 1L + random.nextInt(100_000);
        long first = random.nextInt(20_000) - 10_000L;
        int[] from = new int[steps];
        int[] to = new int[steps];
        for (int s = 0; s < steps; s++) {
            long end = first + s * step;
            from[s] = (int) Arrays.stream(times).filter(t -> t <= end - range).count();
            to[s] = (int) Arrays.stream(times).filter(t -> t <= end).count();
        }
        return new Windows(times, values, from, to, steps, first, step, range, 1000);
    }

    private static void check(WindowKernel kernel, Windows windows, int needed, double tolerance, Naive naive) {
        Row row = new Row(windows.steps());
        kernel.apply(windows, row);
        for (int s = 0; s < windows.steps(); s++) {
            long[] times = Arrays.copyOfRange(windows.times(), windows.from()[s], windows.to()[s]);
            double[] values = Arrays.copyOfRange(windows.values(), windows.from()[s], windows.to()[s]);
            assertThat(row.has(s)).isEqualTo(values.length >= needed);
            if (row.has(s)) {
                double expected = naive.value(times, values, windows.end(s));
                double actual = row.get(s);
                boolean near = Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected));
                assertThat(near || Double.compare(actual, expected) == 0)
                        .as("step " + s + ": " + actual + " is " + expected)
                        .isTrue();
            }
        }
    }

    @Property(tries = 300)
    void countersAreSummedStepByStep(@ForAll long seed, @ForAll @IntRange(max = 80) int size) {
        Windows windows = windows(new Random(seed), size, false);
        check(CounterKernels.growth(false, false), windows, 2, 0, (t, v, end) -> {
            double growth = v[v.length - 1] - v[0];
            return growth * factor(t, windows, end, growth, v[0], false);
        });
        check(CounterKernels::resets, windows, 1, 0, (t, v, end) -> {
            int count = 0;
            for (int i = 1; i < v.length; i++) {
                count += v[i] < v[i - 1] ? 1 : 0;
            }
            return count;
        });
        check(CounterKernels::changes, windows, 1, 0, (t, v, end) -> {
            int count = 0;
            for (int i = 1; i < v.length; i++) {
                count += v[i] != v[i - 1] ? 1 : 0;
            }
            return count;
        });
        check(CounterKernels.lastTwo(true), windows, 2, 0, (t, v, end) -> {
            double a = v[v.length - 2];
            double b = v[v.length - 1];
            return (b < a ? b : b - a) / ((t[t.length - 1] - t[t.length - 2]) / 1000.0);
        });
    }

    @Property(tries = 300)
    void increaseFollowsEveryReset(@ForAll long seed, @ForAll @IntRange(max = 80) int size) {
        Windows windows = windows(new Random(seed), size, false);
        check(CounterKernels.growth(true, false), windows, 2, 1e-12, (t, v, end) -> {
            double growth = 0;
            for (int i = 1; i < v.length; i++) {
                growth += v[i] < v[i - 1] ? v[i] : v[i] - v[i - 1];
            }
            return growth * factor(t, windows, end, growth, v[0], true);
        });
    }

    private static double factor(
            long[] times, Windows windows, long end, double growth, double first, boolean counter) {
        double sampled = (times[times.length - 1] - times[0]) / 1000.0;
        double mean = sampled / (times.length - 1);
        double left = (times[0] - (end - windows.range())) / 1000.0;
        double right = (end - times[times.length - 1]) / 1000.0;
        left = left >= mean * 1.1 ? mean / 2 : left;
        right = right >= mean * 1.1 ? mean / 2 : right;
        if (counter && growth > 0 && first >= 0) {
            left = Math.min(left, sampled * (first / growth));
        }
        return (sampled + left + right) / sampled;
    }

    /** What is derived from times alone is kept for the next series that has them, and only for it. */
    @Property(tries = 300)
    void growthOfSeriesThatShareTheirTimes(@ForAll long seed, @ForAll @IntRange(max = 80) int size) {
        Random random = new Random(seed);
        Windows first = windows(random, size, true);
        for (int series = 0; series < 3; series++) {
            Windows plain = first;
            for (boolean perSecond : new boolean[] {true, false}) {
                Row shared = new Row(plain.steps());
                CounterKernels.growth(true, perSecond).apply(first, shared);
                double unit = perSecond ? plain.seconds(plain.range()) : 1;
                check((windows, out) -> out.merge(shared), plain, 2, 0, (t, v, end) -> {
                    double growth = v[v.length - 1] - v[0];
                    for (int i = 1; i < v.length; i++) {
                        growth += v[i] < v[i - 1] ? v[i - 1] : 0;
                    }
                    return growth * (factor(t, plain, end, growth, v[0], true) / unit);
                });
            }
            for (int i = 0; i < size; i++) {
                first.values()[i] = random.nextInt(3) == 0 ? random.nextInt(4) : first.values()[i] + random.nextInt(9);
            }
        }
    }

    @Property(tries = 300)
    void extremesAndQuantiles(@ForAll long seed, @ForAll @IntRange(max = 80) int size) {
        Windows windows = windows(new Random(seed), size, true);
        for (boolean largest : new boolean[] {false, true}) {
            check(SampleKernels.extreme(largest), windows, 1, 0, (t, v, end) -> {
                double[] real = Arrays.stream(v).filter(x -> !Double.isNaN(x)).toArray();
                double best = real.length == 0 ? Double.NaN : real[0];
                for (double x : real) {
                    best = largest ? (x > best ? x : best) : (x < best ? x : best);
                }
                return best;
            });
        }
        double[] q = new double[windows.steps()];
        Arrays.fill(q, 0.3);
        check(SampleKernels.quantile(q), windows, 1, 0, (t, v, end) -> {
            double[] sorted = Arrays.stream(v)
                    .boxed()
                    .sorted((a, b) ->
                            a.isNaN() || b.isNaN() ? Boolean.compare(b.isNaN(), a.isNaN()) : Double.compare(a, b))
                    .mapToDouble(x -> x)
                    .toArray();
            double rank = 0.3 * (sorted.length - 1);
            int low = (int) rank;
            int high = Math.min(low + 1, sorted.length - 1);
            return sorted[low] * (1 - (rank - low)) + sorted[high] * (rank - low);
        });
    }

    @Property(tries = 300)
    void sumsAreExactToTheLastBits(@ForAll long seed, @ForAll @IntRange(max = 80) int size) {
        Random random = new Random(seed);
        Windows windows = windows(random, size, false);
        for (int i = 0; i < size; i++) {
            windows.values()[i] = random.nextGaussian() * Math.pow(10, random.nextInt(12) - 6);
        }
        check(SampleKernels.sum(), windows, 1, 1e-15, (t, v, end) -> exactSum(v).doubleValue());
        check(
                SampleKernels.mean(),
                windows,
                1,
                1e-15,
                (t, v, end) -> exactSum(v).doubleValue() / v.length);
        check(SampleKernels.variance(false), windows, 1, 1e-9, (t, v, end) -> {
            double mean = exactSum(v).doubleValue() / v.length;
            return Arrays.stream(v).map(x -> (x - mean) * (x - mean)).sum() / v.length;
        });
        check(SampleKernels::count, windows, 1, 0, (t, v, end) -> v.length);
        check(SampleKernels::first, windows, 1, 0, (t, v, end) -> v[0]);
        check(SampleKernels::last, windows, 1, 0, (t, v, end) -> v[v.length - 1]);
    }

    private static BigDecimal exactSum(double[] values) {
        BigDecimal sum = BigDecimal.ZERO;
        for (double value : values) {
            sum = sum.add(new BigDecimal(value));
        }
        return sum;
    }

    @Property(tries = 100)
    void linesAreFound(@ForAll long seed, @ForAll @IntRange(min = 2, max = 60) int size) {
        Windows windows = windows(new Random(seed), size, false);
        for (int i = 0; i < size; i++) {
            windows.values()[i] = 3 + windows.times()[i] / 1000.0 * 0.25;
        }
        check(RegressionKernels::slope, windows, 2, 1e-7, (t, v, end) -> 0.25);
    }
}
