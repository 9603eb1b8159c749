package io.varve.core.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.PageCodec;
import io.varve.core.model.Deletion;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A generation answers as a plain sorted map of each series would, deletions included. */
class GenerationProperties {

    @Property(tries = 150)
    void answersLikeASortedMap(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 12) int seriesCount,
            @ForAll boolean regular,
            @ForAll @IntRange(max = 600) int deferredSteps) {
        Random random = new Random(seed);
        SeriesRegistry registry = new SeriesRegistry(1, new Random(1));
        Generation generation = new Generation(1, registry);
        List<TreeMap<Long, Double>> model = new ArrayList<>();
        long[] clock = new long[seriesCount];
        for (int i = 0; i < seriesCount; i++) {
            assertThat(registry.add(Labels.of("__name__", "m", "i", "" + i))).isEqualTo(i);
            model.add(new TreeMap<>());
        }
        // A start leaves pages to be made later: any number of them, or none.
        generation.deferPages(true);
        for (int step = 0; step < 600; step++) {
            if (step == deferredSteps) {
                generation.deferPages(false);
            }
            for (int series = 0; series < seriesCount; series++) {
                if (random.nextInt(10) == 0) {
                    continue; // a missed scrape
                }
                clock[series] = regular ? step * 10L : clock[series] + random.nextInt(5);
                long time = random.nextInt(20) == 0 ? random.nextInt(step + 1) * 10L : clock[series];
                double value = random.nextInt(15) == 0 ? StaleMarker.VALUE : random.nextInt(4);
                keep(generation, model.get(series), series, time, value);
            }
            if (random.nextInt(100) == 0) {
                delete(generation, model, random, step * 10L);
            }
        }
        GenerationReader reader = generation.reader(new PageCodec());
        long from = random.nextInt(1500);
        TimeRange range = random.nextBoolean() ? TimeRange.ALL : TimeRange.of(from, from + random.nextInt(1500));
        for (int series = 0; series < seriesCount; series++) {
            assertThat(read(reader.columns(series, range, ReadBudget.UNLIMITED)))
                    .as("seed %d, series %d", seed, series)
                    .isEqualTo(expected(model.get(series), range));
            assertThat(generation.has(series, range, Long.MAX_VALUE))
                    .as("seed %d, series %d", seed, series)
                    .isEqualTo(!expected(model.get(series), range).isEmpty());
        }
    }

    private static void delete(
            Generation generation, List<? extends Map<Long, Double>> model, Random random, long latest) {
        int chosen = random.nextInt(model.size());
        long from = random.nextLong(latest + 1);
        TimeRange range = random.nextInt(4) == 0 ? TimeRange.ALL : TimeRange.of(from, from + random.nextLong(300));
        Matcher matcher = random.nextInt(3) == 0 ? Matcher.equal("__name__", "m") : Matcher.equal("i", "" + chosen);
        HeadDeletions.apply(new Deletion(latest, List.of(matcher), range), List.of(generation));
        for (int series = 0; series < model.size(); series++) {
            if (series == chosen || matcher.name().equals("__name__")) {
                model.get(series).keySet().removeIf(range::contains);
            }
            assertThat(generation.has(series, TimeRange.ALL, Long.MAX_VALUE))
                    .isEqualTo(!model.get(series).isEmpty());
        }
    }

    private static void keep(Generation generation, Map<Long, Double> model, int series, long time, double value) {
        Verdict verdict = generation.judge(series, time, value);
        if (verdict == Verdict.ACCEPTED) {
            generation.apply(new int[] {series}, new long[] {time}, new double[] {value}, 1);
        }
        Double old = model.get(time);
        if (old == null || !StaleMarker.is(value) || StaleMarker.is(old)) {
            model.put(time, value);
        }
    }

    private static List<String> read(ColumnCursor cursor) {
        List<String> samples = new ArrayList<>();
        while (cursor.nextPage()) {
            for (int i = 0; i < cursor.size(); i++) {
                samples.add(cursor.times()[i] + "=" + Double.doubleToRawLongBits(cursor.values()[i]));
            }
        }
        return samples;
    }

    private static List<String> expected(Map<Long, Double> model, TimeRange range) {
        List<String> samples = new ArrayList<>();
        for (Map.Entry<Long, Double> sample : model.entrySet()) {
            if (range.contains(sample.getKey())) {
                samples.add(sample.getKey() + "=" + Double.doubleToRawLongBits(sample.getValue()));
            }
        }
        return samples;
    }

    @Property(tries = 20)
    void seriesOfOneScrapeShareTheirTimes(@ForAll @IntRange(min = 2, max = 50) int seriesCount) {
        SeriesRegistry registry = new SeriesRegistry(1, new Random(1));
        Generation generation = new Generation(1, registry);
        for (int i = 0; i < seriesCount; i++) {
            registry.add(Labels.of("i", "" + i));
        }
        for (int step = 0; step < 100; step++) {
            for (int series = 0; series < seriesCount; series++) {
                generation.apply(new int[] {series}, new long[] {step * 7L}, new double[] {step}, 1);
            }
        }
        GenerationReader reader = generation.reader(new PageCodec());
        ColumnCursor first = reader.columns(0, TimeRange.ALL, ReadBudget.UNLIMITED);
        ColumnCursor last = reader.columns(seriesCount - 1, TimeRange.ALL, ReadBudget.UNLIMITED);
        assertThat(first.nextPage() && last.nextPage()).isTrue();
        assertThat(first.times()).isSameAs(last.times());
    }
}
