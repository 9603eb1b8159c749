package io.varve.benchmarks.library;

import io.varve.core.model.Labels;
import io.varve.core.storage.Appender;

/**
 * Series that are appended step by step, every ten seconds, at next to no cost of its own: each wanders, three quarters
 * of them in whole numbers and the others in numbers with two decimals.
 */
final class SteadyLoad {

    private static final long STEP_MS = 10_000;

    private final Appender appender;
    private final long[] refs;
    private final int[] state;
    private long random = 0x9e3779b97f4a7c15L;
    private long time;
    private int next;

    /** Asks for all series; the first samples then make them. */
    SteadyLoad(Appender appender, int series, long startMillis) {
        this.appender = appender;
        time = startMillis;
        refs = new long[series];
        state = new int[series];
        for (int i = 0; i < series; i++) {
            state[i] = 100_000 + i;
            refs[i] = appender.series(Labels.of(
                    "__name__", "metric_" + i % 100, "host", "host-" + i / 100, "region", "eu-" + i / 100 % 9));
        }
    }

    /** Appends so many samples: step by step, in each all series. */
    void append(int samples) {
        for (int i = 0; i < samples; i++) {
            random ^= random << 13;
            random ^= random >>> 7;
            random ^= random << 17;
            state[next] += (int) ((random & 31) + (random >>> 5 & 31)) - 31;
            appender.append(refs[next], time, next % 4 == 0 ? state[next] / 100.0 : state[next]);
            if (++next == refs.length) {
                next = 0;
                time += STEP_MS;
            }
        }
    }
}
