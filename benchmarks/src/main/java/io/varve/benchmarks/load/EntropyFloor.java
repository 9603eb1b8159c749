package io.varve.benchmarks.load;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The order-0 entropy of a load: for each series the best of its whole numbers, their differences, and the differences
 * of these, as bits a value if each symbol were coded alone with its own frequency. Times cost nothing here, since they
 * lie exactly on the interval. Of full-precision values the upper 20 bits are counted so and the lower 44 as they are.
 */
final class EntropyFloor {

    private static final int LOW_BITS = 44;

    private EntropyFloor() {}

    /** Prints bytes a sample by shape and in all. */
    static void print(long seed, int hosts, int steps) {
        DevopsLoad load = new DevopsLoad(seed, hosts);
        int series = load.seriesCount();
        double[][] values = new double[series][steps];
        double[] row = new double[series];
        for (int step = 0; step < steps; step++) {
            load.next(row);
            for (int i = 0; i < series; i++) {
                values[i][step] = row[i];
            }
        }
        Map<String, double[]> byShape = new HashMap<>();
        double all = 0;
        for (int i = 0; i < series; i++) {
            double bits = bits(DevopsLoad.field(i), values[i]);
            all += bits;
            double[] sums = byShape.computeIfAbsent(name(DevopsLoad.field(i)), n -> new double[2]);
            sums[0] += bits;
            sums[1]++;
        }
        for (Map.Entry<String, double[]> entry : byShape.entrySet()) {
            double[] sums = entry.getValue();
            System.out.printf(
                    "%-14s share=%.3f bits=%.2f bytes_of_floor=%.3f%n",
                    entry.getKey(), sums[1] / series, sums[0] / sums[1], sums[0] / series / 8);
        }
        System.out.printf("floor bytes_per_sample=%.3f hosts=%d steps=%d%n", all / series / 8, hosts, steps);
    }

    private static String name(Field field) {
        if (field.shape() == Field.Shape.FULL) {
            return "full";
        }
        if (field.unit() < 1) {
            return field.unit() == 0.01 ? "decimals_2" : "decimals_4";
        }
        return field.shape().name().toLowerCase(Locale.ROOT);
    }

    private static double bits(Field field, double[] values) {
        long[] symbols = new long[values.length];
        boolean full = field.shape() == Field.Shape.FULL;
        for (int i = 0; i < values.length; i++) {
            symbols[i] = full
                    ? Double.doubleToRawLongBits(values[i]) >>> LOW_BITS
                    : Math.round(field.unit() < 1 ? values[i] / field.unit() : values[i]);
        }
        double best = entropy(symbols);
        for (int order = 1; order <= 2; order++) {
            for (int i = symbols.length - 1; i >= order; i--) {
                symbols[i] -= symbols[i - 1];
            }
            best = Math.min(best, entropy(Arrays.copyOfRange(symbols, order, symbols.length)));
        }
        return best + (full ? LOW_BITS : 0);
    }

    private static double entropy(long[] symbols) {
        Map<Long, Integer> counts = new HashMap<>();
        for (long symbol : symbols) {
            counts.merge(symbol, 1, Integer::sum);
        }
        double bits = 0;
        for (int count : counts.values()) {
            double p = (double) count / symbols.length;
            bits -= p * Math.log(p) / Math.log(2);
        }
        return bits;
    }
}
