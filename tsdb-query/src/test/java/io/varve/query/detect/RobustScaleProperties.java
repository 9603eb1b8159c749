package io.varve.query.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.varve.query.kernel.SortKeys;
import io.varve.query.kernel.SortedWindow;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Median and spread found by rank are those of full sorts, to the bit. */
class RobustScaleProperties {

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(sorted.length - 1) / 2] * 0.5 + sorted[sorted.length / 2] * 0.5;
    }

    private static double spread(double[] values) {
        double median = median(values);
        double[] distances =
                Arrays.stream(values).map(v -> Math.abs(v - median)).toArray();
        double middle = median(distances);
        double mean = Arrays.stream(distances).sum() / values.length;
        return middle > 0 ? 1.4826 * middle : 1.2533 * mean;
    }

    private static double[] values(Random random, int size, int shape) {
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = switch (shape) {
                case 0 -> random.nextGaussian();
                case 1 -> random.nextInt(4);
                case 2 -> random.nextInt(9) == 0 ? random.nextInt(3) : 5;
                case 3 -> random.nextGaussian() * 1e300;
                default -> Math.pow(10, 600 * random.nextDouble() - 300) * (random.nextBoolean() ? 1 : -1);
            };
            values[i] = RobustScale.cut(values[i]);
        }
        return values;
    }

    @Property(tries = 2_000)
    void ranksGiveWhatSortsGive(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int size, @ForAll @IntRange(max = 4) int shape) {
        double[] values = values(new Random(seed), size, shape);
        RobustScale scale = new RobustScale();
        scale.of(values, 0, size);
        assertThat(scale.location()).isEqualTo(median(values));
        double spread = spread(values);
        double level = Math.abs(scale.location());
        if (spread > 1.000_001e-9 * level && spread > 1e-300) {
            assertThat(scale.scale()).isCloseTo(spread, withinPercentage(1e-10));
        } else if (spread < 0.999_999e-9 * level || spread == 0) {
            assertThat(scale.scale()).isEqualTo(Math.max(1e-3 * level, 1e-9));
        }
        SortedWindow window = new SortedWindow();
        long[] keys = new long[size];
        SortKeys.of(values, 0, size, keys, 0);
        window.slide(new long[0], 0, keys, size);
        RobustScale ofWindow = new RobustScale();
        ofWindow.of(window);
        assertThat(ofWindow.scale()).isEqualTo(scale.scale());
    }

    @Property(tries = 500)
    void scoresAreTheSameForOtherUnitsAndLevels(@ForAll long seed, @ForAll @IntRange(min = 3, max = 60) int size) {
        Random random = new Random(seed);
        double[] values = values(random, size, 0);
        double unit = Math.scalb(1.0, random.nextInt(40) - 20);
        double[] others = Arrays.stream(values).map(v -> v * unit).toArray();
        RobustScale scale = new RobustScale();
        scale.of(values, 0, size);
        double score = scale.score(2.5);
        scale.of(others, 0, size);
        assertThat(scale.score(2.5 * unit)).isEqualTo(score);
    }
}
