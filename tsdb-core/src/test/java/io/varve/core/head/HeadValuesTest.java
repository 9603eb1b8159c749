package io.varve.core.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.PageCodec;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** Values that are encoded while they come: the same answers, less memory, and readers that get in nobody's way. */
class HeadValuesTest {

    private static final int STEP = 10;

    private final SeriesRegistry registry = new SeriesRegistry(1, new Random(1));
    private final Generation generation = new Generation(1, registry);
    private final int[] one = new int[1];
    private final long[] oneTime = new long[1];
    private final double[] oneValue = new double[1];

    /** Each series another shape: whole numbers, decimals, any bits, a constant. */
    private static double value(int series, int row) {
        long mixed = (row * 0x9E3779B97F4A7C15L + series) * 0xBF58476D1CE4E5B9L;
        mixed ^= mixed >>> 31;
        return switch (series & 3) {
            case 0 -> row * 7L + (mixed & 3) + series * 1_000L;
            case 1 -> ((mixed & 0xFFF) + series) / 100.0;
            case 2 -> Double.longBitsToDouble(mixed);
            default -> series;
        };
    }

    private void append(int series, int row) {
        if (series == registry.size()) {
            registry.add(Labels.of("i", "" + series));
        }
        one[0] = series;
        oneTime[0] = (long) row * STEP;
        oneValue[0] = value(series, row);
        generation.apply(one, oneTime, oneValue, 1);
    }

    private static void check(double[] values, int series, int from, int to) {
        for (int row = from; row < to; row++) {
            if (Double.doubleToRawLongBits(values[row - from]) != Double.doubleToRawLongBits(value(series, row))) {
                throw new AssertionError("series=" + series + ", row=" + row + ", value=" + values[row - from]);
            }
        }
    }

    @Test
    void every_range_of_rows_comes_back_bit_for_bit() {
        int rows = 3 * PageLayout.PAGE + 5;
        PageScratch scratch = new PageScratch(new PageCodec());
        double[] target = new double[rows];
        for (int series = 0; series < 9; series++) {
            for (int row = 0; row < rows; row++) {
                append(series, row);
                generation.copyValues(series, Math.max(0, row - 20), row + 1, target, scratch);
                check(target, series, Math.max(0, row - 20), row + 1);
            }
            Random random = new Random(series);
            for (int i = 0; i < 2_000; i++) {
                int from = random.nextInt(rows);
                int to = from + 1 + random.nextInt(rows - from);
                generation.copyValues(series, from, to, target, scratch);
                check(target, series, from, to);
            }
        }
    }

    @Test
    void repeats_are_judged_against_pages_as_against_raw_values() {
        int rows = 3 * PageLayout.PAGE;
        for (int row = 0; row < rows; row++) {
            for (int series = 0; series < 8; series++) {
                append(series, row);
            }
        }
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            int series = random.nextInt(8);
            int row = random.nextInt(rows);
            double value = value(series, row);
            assertThat(generation.judge(series, (long) row * STEP, value)).isEqualTo(Verdict.DUPLICATE);
            double other = Double.longBitsToDouble(Double.doubleToRawLongBits(value) ^ 1);
            assertThat(generation.judge(series, (long) row * STEP, other)).isEqualTo(Verdict.ACCEPTED);
        }
    }

    @Test
    void rows_counted_before_their_chunks_went_to_others_are_still_read() {
        int rows = PageLayout.PAGE / 2 + 3;
        for (int row = 0; row < rows; row++) {
            append(0, row);
        }
        int counted = generation.table().rows(0);
        for (int row = rows; row < rows + 2 * PageLayout.PAGE; row++) {
            append(0, row);
        }
        for (int series = 1; series < 3_000; series++) { // the table grows, and the chunks are used again
            append(series, 0);
        }
        double[] target = new double[counted];
        generation.copyValues(0, 0, counted, target, new PageScratch(new PageCodec()));
        check(target, 0, 0, counted);
    }

    @Test
    void long_series_take_a_fraction_of_eight_bytes_a_value() {
        int seriesCount = 100;
        int rows = 7_200;
        for (int row = 0; row < rows; row++) {
            for (int series = 0; series < seriesCount; series++) {
                one[0] = registry.add(Labels.of("i", "" + series));
                oneTime[0] = (long) row * STEP;
                oneValue[0] = row * 3L + (row * 31L + series & 7);
                generation.apply(one, oneTime, oneValue, 1);
            }
        }
        assertThat((double) generation.bytes() / seriesCount / rows).isLessThan(2);
    }

    @Test
    void memory_is_taken_over_when_the_last_view_has_gone() {
        for (int series = 0; series < 20_000; series++) {
            append(series, 0);
        }
        long taken = generation.bytes();
        long before = registry.bytes();
        generation.retain();
        generation.retain();
        generation.release();
        assertThat(generation.bytes()).isEqualTo(taken);
        generation.release();
        assertThat(registry.bytes() - before).isBetween(taken - 8_192, taken);
        Generation next = generation.following(2);
        next.apply(new int[] {19_999}, new long[] {5}, new double[] {1.5}, 1);
        assertThat(registry.bytes() - before).isLessThan(taken - (1 << 20));
        assertThat(next.has(0)).isFalse();
        assertThat(next.has(19_999)).isTrue();
    }

    /** Raw values that stand on no page yet, in chunks, and what is known of a series; pages never take more. */
    @Test
    void short_series_take_little_more_than_their_values() {
        int seriesCount = 16_384; // the table's capacity
        for (int row = 0; row < PageLayout.PAGE; row++) {
            for (int series = 0; series < seriesCount; series++) {
                one[0] = registry.add(Labels.of("i", "" + series));
                oneTime[0] = (long) row * STEP;
                oneValue[0] = value(series >> 3, row); // so that every length of a first page has every shape
                generation.apply(one, oneTime, oneValue, 1);
            }
            long raw = seriesCount * ((row / ValueSlabs.CHUNK + 1) * (8L * ValueSlabs.CHUNK + 4) + 40);
            long slack = 12 * (1 << 16) + (1 << 13); // slabs that were begun, and the times
            assertThat(generation.bytes()).as("rows=%d", row + 1).isLessThan(raw + slack);
        }
    }

    /**
     * Few series, so that chunks go from one to the next at once; each reader compares what it gets with the model, and
     * with how far the writer was before it asked. Without the second look at the pages this fails.
     */
    @Test
    void readers_see_what_was_written_while_pages_are_encoded() throws Exception {
        int hot = 5;
        int rows = 150_000;
        AtomicIntegerArray applied = new AtomicIntegerArray(hot);
        for (int series = 0; series < hot; series++) {
            append(series, 0);
            applied.set(series, 1);
        }
        ExecutorService readers = Executors.newFixedThreadPool(3);
        List<Future<Long>> results = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                long seed = i;
                results.add(readers.submit(() -> readAll(applied, rows, seed)));
            }
            int added = hot;
            for (int row = 1; row < rows; row++) {
                for (int series = 0; series < hot; series++) {
                    append(series, row);
                    applied.set(series, row + 1);
                }
                if (row % 16 == 0 && added < 9_000) {
                    append(added++, 0); // takes a chunk for good, and lets the table grow
                }
            }
            for (Future<Long> result : results) {
                assertThat(result.get(60, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            readers.shutdownNow();
        }
    }

    /** Reads until the writer is done; returns how often. */
    private long readAll(AtomicIntegerArray applied, int rows, long seed) {
        Random random = new Random(seed);
        GenerationReader reader = generation.reader(new PageCodec());
        long reads = 0;
        int least = 0;
        while (least < rows) {
            int series = random.nextInt(applied.length());
            least = applied.get(series);
            int from = Math.max(0, least - random.nextInt(reads % 512 == 0 ? 20_000 : 3 * PageLayout.PAGE));
            long to = reads % 4 == 0 ? (long) least * STEP : Long.MAX_VALUE;
            ColumnCursor cursor = reader.columns(series, TimeRange.of((long) from * STEP, to), ReadBudget.UNLIMITED);
            int size = cursor.nextPage() ? cursor.size() : 0;
            if (size < least - from) {
                throw new AssertionError("series=" + series + ", rows=" + size + ", applied=" + (least - from));
            }
            check(cursor.values(), series, from, from + size);
            for (int i = 0; i < size; i++) {
                if (cursor.times()[i] != (long) (from + i) * STEP) {
                    throw new AssertionError("series=" + series + ", row=" + (from + i));
                }
            }
            reads++;
        }
        return reads;
    }
}
