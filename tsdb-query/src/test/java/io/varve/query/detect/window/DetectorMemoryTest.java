package io.varve.query.detect.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.model.TimeSource;
import io.varve.query.detect.Detector;
import io.varve.query.kernel.Row;
import io.varve.query.kernel.Windows;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What detectors have learned is kept between queries, and no answer shows it. */
class DetectorMemoryTest {

    private static final long RANGE = 1_000;

    /** The newest sample of some is at 0, where the next detector begins: it is shown none of them. */
    private static final long LAST = 499;

    private final AtomicLong now = new AtomicLong();
    private final TimeSource clock = TimeSource.of(now::get, now::get);

    private int shown;

    /** Says something that hangs on all that it was shown. */
    private final class Telling implements Detector {
        private double told = 1;

        @Override
        public double score(long timeMs, double value) {
            shown++;
            told = told * 0.75 + timeMs % 1_000 / 100.0 + (Double.isNaN(value) ? 7 : value % 10);
            return value > 9.5 ? Double.NaN : told;
        }
    }

    private final WindowDetector telling = new WindowDetector("telling", window -> new Telling(), 10, 1 << 18);

    private DetectorKernel kernel(DetectorMemory memory, boolean increases) {
        return new DetectorKernel(telling, 1, increases, memory, () -> {});
    }

    private static Row ask(
            DetectorKernel kernel, NavigableMap<Long, Double> samples, long first, long step, int steps) {
        long[] times = samples.keySet().stream().mapToLong(t -> t).toArray();
        double[] values = samples.values().stream().mapToDouble(v -> v).toArray();
        int[] from = new int[steps];
        int[] to = new int[steps];
        for (int s = 0; s < steps; s++) {
            from[s] = samples.headMap(first + s * step - RANGE, true).size();
            to[s] = samples.headMap(first + s * step, true).size();
        }
        Row row = new Row(steps);
        kernel.apply(new Windows(times, values, from, to, steps, first, step, RANGE, 1_000), row);
        return row;
    }

    private static double instant(DetectorKernel kernel, NavigableMap<Long, Double> samples, long time) {
        Row row = ask(kernel, samples, time, 0, 1);
        return row.has(0) ? row.get(0) : Double.NaN;
    }

    /** Samples come in order, late, and go; queries of all kinds, of series of which some are the same. */
    @Property(tries = 300)
    void answersAreThoseOfDetectorsThatLearnAnew(@ForAll long seed) {
        Random random = new Random(seed);
        DetectorMemory memory = DetectorMemory.ofBytes(10L * random.nextInt(12), clock, new Random(7));
        boolean increases = random.nextBoolean();
        List<NavigableMap<Long, Double>> series = series(1 + random.nextInt(4));
        long time = random.nextInt(100_000) - 50_000L;
        for (int event = 0; event < 200; event++) {
            NavigableMap<Long, Double> samples = series.get(random.nextInt(series.size()));
            time += random.nextInt(30);
            now.addAndGet(random.nextInt(60) * 1_000_000_000L);
            switch (random.nextInt(12)) {
                case 0 -> samples.put(time - random.nextInt(1_500), value(random));
                case 1 ->
                    samples.subMap(time - 900, time - 900 + random.nextInt(300)).clear();
                case 2, 3, 4, 5, 6 -> {
                    for (NavigableMap<Long, Double> one : series) {
                        one.put(time, value(random));
                    }
                }
                default -> {
                    boolean one = random.nextInt(3) > 0;
                    int steps = one ? 1 : 1 + random.nextInt(30);
                    long first = time - (one ? random.nextInt(20) : random.nextInt(2_000));
                    long step = one ? 0 : 1 + random.nextInt(100);
                    Row expected = ask(kernel(DetectorMemory.NONE, increases), samples, first, step, steps);
                    Row found = ask(kernel(memory, increases), samples, first, step, steps);
                    for (int s = 0; s < steps; s++) {
                        assertThat(found.has(s)).isEqualTo(expected.has(s));
                        if (found.has(s)) {
                            assertThat(found.get(s)).isEqualTo(expected.get(s));
                        }
                    }
                }
            }
            assertThat(memory.bytes()).isBetween(0L, 120L);
        }
    }

    private static List<NavigableMap<Long, Double>> series(int count) {
        return Stream.<NavigableMap<Long, Double>>generate(TreeMap::new)
                .limit(count)
                .toList();
    }

    private static double value(Random random) {
        return random.nextInt(20) == 0 ? Double.NaN : random.nextInt(3) * 3.3;
    }

    /** Also where windows go over from one detector to the next: that one learned beside it. */
    @Test
    void anEvaluationCostsTheSamplesThatCame() {
        DetectorKernel kernel = kernel(DetectorMemory.ofBytes(1_000, clock, new Random(7)), false);
        NavigableMap<Long, Double> samples = new TreeMap<>();
        for (long time = 0; time <= 2_600; time++) {
            samples.put(time, 1.0);
        }
        instant(kernel, samples, 2_600);
        for (long time = 2_601; time < 6 * RANGE; time++) {
            samples.put(time, time % 7.0);
            shown = 0;
            instant(kernel, samples, time);
            assertThat(shown).as("at " + time).isBetween(1, 2 + 64);
        }
        samples.put(6 * RANGE, 1.0);
        shown = 0;
        instant(kernel, samples, 6 * RANGE);
        assertThat(shown).isEqualTo(2);
        shown = 0;
        instant(kernel, samples, 6 * RANGE);
        assertThat(shown).as("nothing came").isZero();
    }

    @Test
    void aSampleThatComesLateIsLearned() {
        DetectorKernel kernel = kernel(DetectorMemory.ofBytes(1_000, clock, new Random(7)), false);
        NavigableMap<Long, Double> samples = new TreeMap<>();
        for (long time = 1; time <= 400; time += 2) {
            samples.put(time, 1.0);
        }
        double before = instant(kernel, samples, 400);
        samples.put(380L, 5.0);
        double after = instant(kernel, samples, 400);
        assertThat(after).isNotEqualTo(before).isEqualTo(instant(kernel(DetectorMemory.NONE, false), samples, 400));
        samples.remove(380L);
        assertThat(instant(kernel, samples, 400)).isEqualTo(before);
    }

    @Test
    void whatIsAskedForStaysAndIdleOnesGo() {
        DetectorMemory memory = DetectorMemory.ofBytes(25, clock, new Random(7)); // of two
        DetectorKernel kernel = kernel(memory, false);
        List<NavigableMap<Long, Double>> series = series(3);
        for (int i = 0; i < series.size(); i++) {
            for (long time = -99; time <= 0; time++) {
                series.get(i).put(time, (double) i);
            }
        }
        for (NavigableMap<Long, Double> one : series) {
            instant(kernel, one, LAST);
        }
        assertThat(memory.bytes()).isEqualTo(20);
        shown = 0;
        instant(kernel, series.get(0), LAST);
        instant(kernel, series.get(1), LAST);
        assertThat(shown).as("the first two stay").isZero();
        instant(kernel, series.get(2), LAST);
        assertThat(shown).isEqualTo(100);

        now.addAndGet(DetectorMemory.IDLE.toNanos());
        instant(kernel, series.get(2), LAST);
        shown = 0;
        instant(kernel, series.get(2), LAST);
        assertThat(shown).as("the longest idle one went").isZero();
        assertThat(memory.bytes()).isEqualTo(20);
    }

    /** A query that is ended while it learns leaves what it learned to the next one. */
    @Test
    void aQueryThatEndsInTheMidstLosesNothing() {
        DetectorMemory memory = DetectorMemory.ofBytes(1_000, clock, new Random(7));
        NavigableMap<Long, Double> samples = new TreeMap<>();
        for (long time = -399; time <= 0; time++) {
            samples.put(time, time % 3.0);
        }
        DetectorKernel ended = new DetectorKernel(telling, 1, false, memory, () -> {
            if (shown >= 200) {
                throw new IllegalStateException("ended");
            }
        });
        assertThatThrownBy(() -> instant(ended, samples, LAST)).hasMessage("ended");
        assertThat(shown).isEqualTo(200);
        double score = instant(kernel(memory, false), samples, LAST);
        assertThat(shown).isEqualTo(400);
        assertThat(score).isEqualTo(instant(kernel(DetectorMemory.NONE, false), samples, LAST));
    }

    @Test
    void theSameSeriesShareWhatWasLearned() {
        DetectorKernel kernel = kernel(DetectorMemory.ofBytes(1_000, clock, new Random(7)), false);
        NavigableMap<Long, Double> samples = new TreeMap<>();
        for (long time = -399; time <= 0; time++) {
            samples.put(time, time % 3.0);
        }
        double first = instant(kernel, samples, LAST);
        assertThat(instant(kernel, new TreeMap<>(samples), LAST)).isEqualTo(first);
        assertThat(shown).isEqualTo(400);
    }
}
