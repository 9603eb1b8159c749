package io.varve.query.detect.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.query.detect.ChangeDetector;
import io.varve.query.detect.Detector;
import io.varve.query.kernel.Row;
import io.varve.query.kernel.WindowKernel;
import io.varve.query.kernel.Windows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** Kernels of anomalies against the plainest computation of one window after the other. */
class AnomalyKernelProperties {

    private static final long HOUR = 3_600_000;
    private static final double TOLERANCE = 1e-9;

    /** Samples by their time, and windows of a length at steps. */
    private record Case(NavigableMap<Long, Double> samples, int steps, long first, long step, long range) {

        long end(int index) {
            return first + index * step;
        }

        Windows windows() {
            long[] times = samples.keySet().stream().mapToLong(t -> t).toArray();
            double[] values = samples.values().stream().mapToDouble(v -> v).toArray();
            int[] from = new int[steps];
            int[] to = new int[steps];
            for (int s = 0; s < steps; s++) {
                from[s] = samples.headMap(end(s) - range, true).size();
                to[s] = samples.headMap(end(s), true).size();
            }
            return new Windows(times, values, from, to, steps, first, step, range, 1000);
        }

        NavigableMap<Long, Double> inside(int index) {
            return new TreeMap<>(samples.subMap(end(index) - range, false, end(index), true));
        }
    }

    private static Case random(Random random, int size, long spacing) {
        TreeMap<Long, Double> samples = new TreeMap<>();
        long time = random.nextInt(1_000_000_000);
        int shape = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            time += 1 + random.nextLong(2 * spacing) + (random.nextInt(30) == 0 ? 20 * spacing : 0);
            double value =
                    switch (shape) {
                        case 0 -> random.nextInt(3);
                        case 1 -> random.nextInt(40) == 0 ? 1e308 : random.nextGaussian();
                        case 2 -> random.nextInt(8) == 0 ? Double.NaN : random.nextInt(100) / 10.0;
                        default -> Math.sin(time / (double) HOUR) + random.nextGaussian() + (i > size / 2 ? 5 : 0);
                    };
            samples.put(time, value);
        }
        long span = size * spacing;
        return new Case(
                samples,
                1 + random.nextInt(40),
                samples.isEmpty() ? 0 : samples.firstKey() + random.nextLong(span),
                1 + random.nextLong(1 + span / 8),
                1 + random.nextLong(span));
    }

    @FunctionalInterface
    private interface Naive {
        OptionalDouble value(int step);
    }

    private static void check(WindowKernel kernel, Case c, Naive naive) {
        Row row = new Row(c.steps());
        kernel.apply(c.windows(), row);
        for (int s = 0; s < c.steps(); s++) {
            OptionalDouble expected = naive.value(s);
            assertThat(row.has(s)).as("step " + s + " has a value").isEqualTo(expected.isPresent());
            if (expected.isPresent()) {
                double value = expected.getAsDouble();
                assertThat(Math.abs(row.get(s) - value) <= TOLERANCE * Math.max(1, Math.abs(value)))
                        .as("step " + s + ": " + row.get(s) + " is " + value)
                        .isTrue();
            }
        }
    }

    private static void goOn() {}

    private static double cut(double value) {
        return Math.max(-1e300, Math.min(1e300, value));
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
        return sorted[(sorted.length - 1) / 2] / 2 + sorted[sorted.length / 2] / 2;
    }

    /** Median and spread, not floored. */
    private static double[] robust(List<Double> values) {
        double median = median(values);
        List<Double> distances = values.stream().map(v -> Math.abs(v - median)).toList();
        double middle = median(distances);
        double mean = distances.stream().mapToDouble(v -> v).sum() / values.size();
        return new double[] {median, middle > 0 ? 1.4826 * middle : 1.2533 * mean};
    }

    private static double floored(double spread, double level) {
        return spread > 1e-9 * Math.abs(level) && spread > Double.MIN_NORMAL
                ? spread
                : Math.max(1e-3 * Math.abs(level), 1e-9);
    }

    private static double score(double value, double location, double scale) {
        return Math.max(-1000, Math.min(1000, (cut(value) - location) / scale));
    }

    /** Location and scale of a window, or null. */
    @FunctionalInterface
    private interface Model {
        double @Nullable [] of(NavigableMap<Long, Double> window, long start);
    }

    private static OptionalDouble answer(Case c, int step, Model model, Answer answer, double k) {
        NavigableMap<Long, Double> window = c.inside(step);
        if (window.isEmpty()) {
            return OptionalDouble.empty();
        }
        double[] known = model.of(window, c.end(step) - c.range());
        double newest = window.lastEntry().getValue();
        if (known == null || answer == Answer.SCORE && Double.isNaN(newest)) {
            return OptionalDouble.empty();
        }
        double scale = floored(known[1], known[0]);
        return OptionalDouble.of(
                switch (answer) {
                    case SCORE -> score(newest, known[0], scale);
                    case BASELINE -> known[0];
                    case LOWER -> known[0] - k * scale;
                    case UPPER -> known[0] + k * scale;
                });
    }

    private static double[] widths(Random random, int steps) {
        double one = random.nextInt(1, 5);
        return random.doubles(steps)
                .map(v -> random.nextInt(3) == 0 ? 1 + v : one)
                .toArray();
    }

    @Property(tries = 800)
    void bandsAreMediansOfEarlierSamples(@ForAll long seed, @ForAll @IntRange(max = 300) int size) {
        Random random = new Random(seed);
        Case c = random(random, Math.max(1, size), 1_000);
        double[] k = widths(random, c.steps());
        Model model = (window, start) -> {
            List<Double> earlier = window.headMap(window.lastKey()).values().stream()
                    .filter(v -> !Double.isNaN(v))
                    .map(AnomalyKernelProperties::cut)
                    .toList();
            return earlier.size() < 5 ? null : robust(earlier);
        };
        for (Answer answer : List.of(Answer.SCORE, Answer.LOWER, Answer.UPPER)) {
            check(new BandKernel(answer, k, AnomalyKernelProperties::goOn), c, s -> answer(c, s, model, answer, k[s]));
        }
    }

    @Property(tries = 200)
    void aScoreIsBeyondABandWhereItsSampleIs(@ForAll long seed) {
        Random random = new Random(seed);
        Case c = random(random, 200, 1_000);
        double[] k = widths(random, c.steps());
        Row score = new Row(c.steps());
        Row upper = new Row(c.steps());
        Windows windows = c.windows();
        new BandKernel(Answer.SCORE, new double[0], AnomalyKernelProperties::goOn).apply(windows, score);
        new BandKernel(Answer.UPPER, k, AnomalyKernelProperties::goOn).apply(windows, upper);
        for (int s = 0; s < c.steps(); s++) {
            if (score.has(s) && Math.abs(score.get(s) - k[s]) > 1e-6) {
                double newest = windows.values()[windows.to()[s] - 1];
                assertThat(newest > upper.get(s)).isEqualTo(score.get(s) > k[s]);
            }
        }
    }

    /** Levels or spreads of hours by their number. */
    private static double shrunk(Map<Long, Double> hours, long target) {
        double overall = median(new ArrayList<>(hours.values()));
        List<Double> ofDay = new ArrayList<>();
        List<Double> ofWeek = new ArrayList<>();
        hours.forEach((hour, value) -> {
            if (Math.floorMod(hour - target, 24) == 0) {
                ofDay.add(value);
            }
            if (Math.floorMod(hour - target, 168) == 0) {
                ofWeek.add(value);
            }
        });
        double day = ofDay.isEmpty() ? overall : (ofDay.size() * median(ofDay) + overall) / (ofDay.size() + 1);
        return ofWeek.isEmpty() ? day : (ofWeek.size() * median(ofWeek) + day) / (ofWeek.size() + 1);
    }

    private static double @Nullable [] seasonal(NavigableMap<Long, Double> window, long start) {
        long now = Math.floorDiv(window.lastKey() - 1, HOUR);
        Map<Long, List<Double>> samples = new HashMap<>();
        window.forEach((time, value) -> {
            long hour = Math.floorDiv(time - 1, HOUR);
            if (hour * HOUR >= start && hour < now && !Double.isNaN(value)) {
                samples.computeIfAbsent(hour, h -> new ArrayList<>()).add(cut(value));
            }
        });
        if (samples.size() < 24) {
            return null;
        }
        Map<Long, Double> levels = new HashMap<>();
        Map<Long, Double> spreads = new HashMap<>();
        samples.forEach((hour, values) -> {
            double[] robust = robust(values);
            levels.put(hour, robust[0]);
            spreads.put(hour, robust[1]);
        });
        List<Double> distances = levels.entrySet().stream()
                .map(e -> Math.abs(e.getValue() - shrunk(levels, e.getKey())))
                .sorted(Comparator.naturalOrder())
                .toList();
        double middle = median(distances);
        double mean = distances.stream().mapToDouble(v -> v).sum() / distances.size();
        double between = middle > 0 ? 1.4826 * middle : 1.2533 * mean;
        return new double[] {shrunk(levels, now), Math.hypot(shrunk(spreads, now), between)};
    }

    @Property(tries = 150)
    void baselinesAreOfWholeHoursBefore(@ForAll long seed, @ForAll @IntRange(max = 500) int size) {
        Random random = new Random(seed);
        Case c = random(random, Math.max(1, size), HOUR / (1 + random.nextInt(4)));
        double[] k = widths(random, c.steps());
        for (Answer answer : Answer.values()) {
            check(
                    new SeasonalKernel(answer, k, AnomalyKernelProperties::goOn),
                    c,
                    s -> answer(c, s, AnomalyKernelProperties::seasonal, answer, k[s]));
        }
    }

    /** A detector that tells all that it was shown. */
    private static final class Telling implements Detector {
        private double told = 1;

        @Override
        public double score(long timeMs, double value) {
            told = told * 0.75 + timeMs % 1_000 / 100.0 + (Double.isNaN(value) ? 7 : value % 10);
            return value > 9.5 ? Double.NaN : told;
        }
    }

    @Property(tries = 800)
    void detectorsBeginAtMultiplesOfHalfAWindow(@ForAll long seed, @ForAll @IntRange(max = 300) int size) {
        Random random = new Random(seed);
        Case c = random(random, Math.max(1, size), 1_000);
        boolean tells = random.nextBoolean();
        check(kernel(tells ? w -> new Telling() : ChangeDetector::new, DetectorMemory.NONE), c, s -> {
            Detector detector = tells ? new Telling() : new ChangeDetector(c.range());
            long half = Math.max(1, c.range() / 2);
            long begin = c.end(s) - c.range();
            while (Math.floorMod(begin, half) != 0) {
                begin++;
            }
            double[] score = {Double.NaN};
            c.inside(s).tailMap(begin(c, s), false).forEach((t, v) -> score[0] = detector.score(t, v));
            return Double.isNaN(score[0]) ? OptionalDouble.empty() : OptionalDouble.of(score[0]);
        });
    }

    @Property(tries = 100)
    void aSampleIsShownToTwoDetectorsAtMost(@ForAll long seed) {
        Random random = new Random(seed);
        Case c = random(random, 300, 1_000);
        Map<Long, Integer> shown = new HashMap<>();
        Row row = new Row(c.steps());
        kernel(w -> (time, value) -> shown.merge(time, 1, Integer::sum), DetectorMemory.NONE)
                .apply(c.windows(), row);
        assertThat(shown.values()).allMatch(times -> times <= (c.range() % 2 == 0 ? 2 : 3));
        Set<Long> expected = new HashSet<>();
        for (int s = 0; s < c.steps(); s++) {
            expected.addAll(c.inside(s).tailMap(begin(c, s), false).keySet());
        }
        assertThat(shown.keySet()).isEqualTo(expected);
    }

    /** Where the detector of a step begins. */
    private static long begin(Case c, int step) {
        long half = Math.max(1, c.range() / 2);
        long begin = c.end(step) - c.range();
        while (Math.floorMod(begin, half) != 0) {
            begin++;
        }
        return begin;
    }

    private static DetectorKernel kernel(LongFunction<Detector> maker, DetectorMemory memory) {
        WindowDetector kind = new WindowDetector("of a test", maker, 1, 1);
        return new DetectorKernel(kind, 1, false, memory, AnomalyKernelProperties::goOn);
    }
}
