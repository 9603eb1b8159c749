package io.varve.benchmarks.head;

import io.varve.benchmarks.load.DevopsLoad;
import io.varve.core.head.Generation;
import io.varve.core.head.SeriesRegistry;
import io.varve.core.model.Labels;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/** The devops load as batches for a generation: every series at each step of ten seconds. */
final class DevopsHead {

    /** Steps of two hours. */
    static final int STEPS = 720;

    private static final long START_MS = 1_763_780_400_000L;
    private static final long STEP_MS = 10_000;

    private final int[] series;
    private final long[] times;
    private final double[][] values;
    private final SeriesRegistry registry = new SeriesRegistry(1, new Random(1));

    DevopsHead(int hosts) {
        DevopsLoad load = new DevopsLoad(1, hosts);
        int count = load.seriesCount();
        series = new int[count];
        times = new long[count];
        values = new double[STEPS][count];
        for (int i = 0; i < count; i++) {
            String[] labels = load.labels(i).stream()
                    .flatMap(label -> Arrays.stream(pair(label)))
                    .toArray(String[]::new);
            series[i] = registry.add(Labels.of(labels));
        }
        for (double[] row : values) {
            load.next(row);
        }
    }

    private static String[] pair(Map.Entry<String, String> label) {
        return new String[] {label.getKey(), label.getValue()};
    }

    /** Time of a step in milliseconds. */
    static long time(int step) {
        return START_MS + step * STEP_MS;
    }

    Generation generation() {
        return new Generation(1, registry);
    }

    int seriesCount() {
        return series.length;
    }

    /** Applies the batch of a step. */
    void apply(Generation generation, int step) {
        Arrays.fill(times, time(step));
        generation.apply(series, times, values[step], series.length);
    }
}
