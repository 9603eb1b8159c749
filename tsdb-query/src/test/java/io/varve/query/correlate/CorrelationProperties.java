package io.varve.query.correlate;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Labels;
import io.varve.core.model.Resolution;
import io.varve.query.CorrelationRequest;
import io.varve.query.Correlations.Candidate;
import io.varve.query.QueryControl;
import io.varve.query.QueryEngine;
import io.varve.query.QueryMemory;
import io.varve.query.script.FakeStore;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** Ranks and lags against plain computation, and injected causes among many others. */
class CorrelationProperties {

    private static final long BEGIN = 1_763_780_400_000L;
    private static final int SAMPLES = 240;

    private static double[] values(Random random, int size) {
        int spread = 1 + random.nextInt(size);
        double[] values = new double[size];
        Arrays.setAll(values, i -> random.nextInt(5) == 0 ? Double.NaN : random.nextInt(spread) - spread / 2.0);
        return values;
    }

    @Property(tries = 500)
    void correlationsAreThoseOfRanks(@ForAll long seed, @ForAll @IntRange(min = 2, max = 60) int size) {
        Random random = new Random(seed);
        double[] x = values(random, size);
        double[] y = values(random, size);
        Ranks a = new Ranks(size);
        Ranks b = new Ranks(size);
        a.of(x);
        b.of(y);
        int lag = random.nextInt(2 * size) - size;
        double[][] pairs = new double[size][];
        int count = 0;
        for (int i = 0; i < size; i++) {
            int j = i + lag;
            if (j >= 0 && j < size && !Double.isNaN(x[i]) && !Double.isNaN(y[j])) {
                pairs[count++] = new double[] {rank(x, x[i]), rank(y, y[j])};
            }
        }
        assertThat(a.common(b, lag)).isEqualTo(count);
        double[][] used = Arrays.copyOf(pairs, count);
        double expected = pearson(used);
        assertThat(a.correlation(b, lag)).isBetween(expected - 1e-9, expected + 1e-9);
    }

    private static double rank(double[] all, double value) {
        long below = Arrays.stream(all).filter(v -> v < value).count();
        long same = Arrays.stream(all).filter(v -> v == value).count();
        return below + (same - 1) / 2.0;
    }

    private static double pearson(double[][] pairs) {
        double meanX = Arrays.stream(pairs).mapToDouble(p -> p[0]).average().orElse(0);
        double meanY = Arrays.stream(pairs).mapToDouble(p -> p[1]).average().orElse(0);
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (double[] pair : pairs) {
            xy += (pair[0] - meanX) * (pair[1] - meanY);
            xx += (pair[0] - meanX) * (pair[0] - meanX);
            yy += (pair[1] - meanY) * (pair[1] - meanY);
        }
        return xx * yy < 1e-9 ? 0 : xy / Math.sqrt(xx * yy);
    }

    private static double draw(Random random, int kind, int i, double[] state) {
        return switch (kind) {
            case 0 -> random.nextGaussian();
            case 1 -> state[0] += 0.5 + random.nextGaussian();
            case 2 -> Math.sin((i + 40 * state[1]) / 20) * 5 + random.nextGaussian();
            case 3 -> state[0] += random.nextGaussian();
            case 4 -> state[0] += random.nextInt(100) * (1 + Math.sin(i / 30.0));
            case 5 -> random.nextInt(40) == 0 ? 100 * random.nextDouble() : 1 + random.nextDouble();
            default -> (i % 60 < 3 ? 20 : 0) + random.nextGaussian();
        };
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void anInjectedCauseIsAmongTheFirstThree(@ForAll long seed) {
        Random random = new Random(seed);
        FakeStore store = new FakeStore(Resolution.MILLIS, 20);
        for (int k = 0; k < 140; k++) {
            double[] state = {0, random.nextDouble()};
            for (int i = 0; i < SAMPLES; i++) {
                String name = "s" + k + (k % 7 == 4 ? "_total" : "");
                store.add(Labels.of("__name__", name), BEGIN + i * 15_000L, draw(random, k % 7, i, state));
            }
        }
        int at = 30 + random.nextInt(SAMPLES - 38);
        int before = random.nextInt(5);
        int length = 8 + random.nextInt(SAMPLES);
        double size = 8 + 30 * random.nextDouble();
        for (int i = 0; i < SAMPLES; i++) {
            boolean caused = i >= at - before && i < at - before + length;
            boolean fails = i >= at && i < at + length;
            store.add(Labels.of("__name__", "cause"), BEGIN + i * 15_000L, (caused ? size : 0) + random.nextGaussian());
            store.add(
                    Labels.of("__name__", "symptom"), BEGIN + i * 15_000L, (fails ? size : 0) + random.nextGaussian());
        }
        long end = BEGIN + (SAMPLES - 1) * 15_000L;
        try (QueryControl control = new QueryControl(() -> false, QueryMemory.UNLIMITED)) {
            List<Candidate> found = QueryEngine.over(store)
                    .correlate(new CorrelationRequest("symptom", BEGIN, end, 15_000, List.of(), 3), control)
                    .result();
            assertThat(found)
                    .as("jump at " + at + " for " + length + ", cause " + before + " steps before, size " + size)
                    .anyMatch(candidate -> candidate.labels().get("__name__").equals("cause"));
            assertThat(found.get(0).score()).isLessThanOrEqualTo(1);
        }
    }
}
