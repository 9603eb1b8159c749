package io.varve.query.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.query.kernel.CounterKernels;
import io.varve.query.kernel.EdgeKernels;
import io.varve.query.kernel.RegressionKernels;
import io.varve.query.kernel.Row;
import io.varve.query.kernel.SampleKernels;
import io.varve.query.kernel.TimeKernels;
import io.varve.query.kernel.WindowKernel;
import io.varve.query.kernel.Windows;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PacedKernelTest {

    private static final int STEPS = 5_000;
    private static final int SAMPLES = 20_000;

    /** Counters with resets and gaps, in windows of a third of all samples: 30 million and some in all. */
    private static Windows windows() {
        Random random = new Random(17);
        long[] times = new long[SAMPLES];
        double[] values = new double[SAMPLES];
        long time = 0;
        double value = 0;
        for (int i = 0; i < SAMPLES; i++) {
            time += 1 + random.nextInt(random.nextInt(100) == 0 ? 1_000 : 10);
            value = random.nextInt(50) == 0 ? 0 : value + random.nextInt(5);
            times[i] = time;
            values[i] = value;
        }
        int[] from = new int[STEPS];
        int[] to = new int[STEPS];
        long range = time / 3;
        long step = time / STEPS;
        for (int i = 0; i < STEPS; i++) {
            from[i] = behind(times, i * step - range);
            to[i] = behind(times, i * step);
        }
        return new Windows(times, values, from, to, STEPS, 0, step, range, 1_000);
    }

    private static int behind(long[] times, long time) {
        int found = Arrays.binarySearch(times, time);
        return found < 0 ? -found - 1 : found + 1;
    }

    private static Map<String, WindowKernel> kernels() {
        double[] q = new double[STEPS];
        double[] ahead = new double[STEPS];
        Arrays.setAll(q, i -> i / (double) STEPS);
        Arrays.setAll(ahead, i -> i);
        return new TreeMap<>(Map.of(
                "increase", CounterKernels.growth(true, false),
                "resets", CounterKernels::resets,
                "irate", CounterKernels.lastTwo(true),
                "max", SampleKernels.extreme(true),
                "sum", SampleKernels.sum(),
                "quantile", SampleKernels.quantile(q),
                "predict_linear", RegressionKernels.prediction(0, 7, ahead),
                "ts_of_min", TimeKernels.extreme(false),
                "anchored", EdgeKernels.anchoredGrowth(true, true),
                "smoothed", EdgeKernels.smoothedGrowth(true, true)));
    }

    @Test
    void steps_after_each_other_give_what_all_at_once_do() {
        Windows windows = windows();
        kernels().forEach((name, kernel) -> {
            Row whole = new Row(STEPS);
            kernel.apply(windows, whole);
            Row paced = new Row(STEPS);
            int[] asked = {0};
            PacedKernel.apply(kernel, windows, paced, () -> asked[0]++);
            assertThat(asked[0]).as(name).isGreaterThan(1);
            for (int step = 0; step < STEPS; step++) {
                assertThat(paced.has(step)).as(name).isEqualTo(whole.has(step));
                if (whole.has(step)) {
                    assertThat(Double.doubleToRawLongBits(paced.get(step)))
                            .as(name + " at step " + step)
                            .isEqualTo(Double.doubleToRawLongBits(whole.get(step)));
                }
            }
        });
    }

    @Test
    void a_question_ends_it() {
        Row out = new Row(STEPS);
        assertThatThrownBy(() -> PacedKernel.apply(SampleKernels::count, windows(), out, () -> {
                    throw new IllegalStateException("over");
                }))
                .hasMessage("over");
        assertThat(out.has(STEPS - 1)).isFalse();
    }

    @Test
    void little_work_is_done_at_once() {
        Row out = new Row(2);
        Windows few = new Windows(
                new long[] {1, 2}, new double[] {3, 4}, new int[] {0, 0}, new int[] {1, 2}, 2, 1, 1, 5, 1_000);
        PacedKernel.apply(SampleKernels.sum(), few, out, () -> {
            throw new AssertionError("asked");
        });
        assertThat(out.get(1)).isEqualTo(7);
    }
}
