package io.varve.core.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.PageCodec;
import io.varve.core.index.ByteSink;
import io.varve.core.kind.ExemplarForm;
import io.varve.core.kind.HistogramForm;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.ResetHint;
import io.varve.core.model.StartTime;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.ReadBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a generation holds beside floats: its bounds, and readers beside the writer. */
class HeadKindsTest {

    private static final HistogramLayout LAYOUT =
            HistogramLayout.exponential(1, false, 0, new int[] {0, 2}, new int[0]);

    private static Generation generation(int series) {
        SeriesRegistry registry = new SeriesRegistry(1L << 32, new Random(1));
        for (int i = 0; i < series; i++) {
            registry.add(Labels.of("i", Integer.toString(i)));
        }
        return new Generation(1, registry);
    }

    /** The histogram that stands at a time. */
    private static Histogram at(long time) {
        return Histogram.integer(LAYOUT, ResetHint.UNKNOWN, 0, 2 * time + 1, time * 0.5, time, time + 1);
    }

    private static void apply(Generation generation, int series, long time, ByteSink form) {
        form.clear();
        HistogramForm.write(at(time), form);
        generation.applyHistogram(series, time, form.array(), 0, form.size());
    }

    @Test
    void exemplarsAreBoundedInAll() {
        Generation generation = generation(1_000);
        HeadKinds kinds = generation.kinds();
        int count = HeadExemplars.MAX_IN_ALL + 5_000;
        ByteSink form = new ByteSink();
        for (int i = 0; i < count; i++) {
            form.clear();
            ExemplarForm.write(new Exemplar(Labels.EMPTY, i, i), form);
            kinds.applyExemplar(i % 1_000, i, form.array(), 0, form.size());
        }
        assertThat(kinds.exemplarsEvicted()).isEqualTo(5_000);
        List<Exemplar> left = new ArrayList<>();
        for (int series = 0; series < 1_000; series++) {
            kinds.exemplars(series, TimeRange.ALL, left);
        }
        assertThat(left).hasSize(HeadExemplars.MAX_IN_ALL).allMatch(exemplar -> exemplar.time() >= 5_000);
        assertThat(kinds.bytes()).isBetween(HeadExemplars.MAX_IN_ALL * 96L, HeadExemplars.MAX_IN_ALL * 120L);
    }

    @Test
    void memoryOfAllKindsIsAccountedFor() {
        Generation generation = generation(10);
        long empty = generation.bytes();
        ByteSink form = new ByteSink();
        for (int i = 0; i < 1_000; i++) {
            apply(generation, i % 10, 100 + i, form);
            generation.kinds().applyStart(i % 10, i, 100 + i);
        }
        assertThat(generation.bytes() - empty).isBetween(1_000L * (16 + form.size()), 1_000L * 200);
        assertThat(generation.samples()).isEqualTo(1_000);
        assertThat(generation.minTime()).isEqualTo(100);
        assertThat(generation.maxTime()).isEqualTo(1_099);
    }

    /** Whatever a reader sees beside the writer is whole: times ascend, and each has its histogram. */
    @Test
    void readersSeeWholeStatesBesideTheWriter() throws InterruptedException {
        int series = 7;
        int rows = 30_000;
        Generation generation = generation(series);
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try {
                int[] least = new int[series];
                GenerationReader readers = generation.reader(new PageCodec());
                while (!done.get()) {
                    for (int i = 0; i < series; i++) {
                        least[i] = check(generation, readers, i, least[i]);
                    }
                }
            } catch (RuntimeException | Error e) {
                failure.set(e);
            }
        });
        reader.start();
        ByteSink form = new ByteSink();
        Random random = new Random(3);
        for (int i = 1; i <= rows; i++) {
            int of = i % series;
            // one in ten comes late
            apply(generation, of, random.nextInt(10) == 0 ? 1 + random.nextInt(i) : 10L + i, form);
            generation.kinds().applyStart(of, i / 1_000, 10_000L + i);
        }
        done.set(true);
        reader.join();
        assertThat(failure.get()).isNull();
        GenerationReader own = generation.reader(new PageCodec());
        for (int i = 0; i < series; i++) {
            assertThat(check(generation, own, i, 1)).isGreaterThan(rows / series / 2);
        }
    }

    private static int check(Generation generation, GenerationReader reader, int series, int least) {
        ColumnCursor cursor = reader.histograms(series, TimeRange.ALL, ReadBudget.UNLIMITED);
        int size = 0;
        long before = Long.MIN_VALUE;
        while (cursor != null && cursor.nextPage()) {
            for (int i = 0; i < cursor.size(); i += 1 + i / 50) { // not each of thousands, each time
                long time = cursor.times()[i];
                assertThat(time).isGreaterThan(before);
                before = time;
                assertThat(cursor.histogram(i)).isEqualTo(at(time));
            }
            size = cursor.size();
        }
        assertThat(size).as("what was seen stays").isGreaterThanOrEqualTo(least);
        List<StartTime> starts = new ArrayList<>();
        generation.kinds().starts(series, starts);
        assertThat(starts).allMatch(start -> start.time() >= 10_000);
        return size;
    }
}
