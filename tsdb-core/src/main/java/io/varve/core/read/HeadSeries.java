package io.varve.core.read;

import io.varve.codec.PageCodec;
import io.varve.core.block.EstimatedPages;
import io.varve.core.head.Generation;
import io.varve.core.head.GenerationReader;
import io.varve.core.head.SeriesRegistry;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.model.StartTime;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.ReadBudget;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/** Series of a generation, sorted by their labels. */
final class HeadSeries implements SeriesSource {

    private final Generation generation;
    private final SeriesRegistry registry;
    private final GenerationReader reader;
    private final int[] numbers;
    private final ReadBudget budget;
    private final int to;
    private int at;

    /**
     * Series of a generation.
     *
     * @param present which of the selected series count: those with samples, or also those with anything else
     * @param upTo position of the newest deletion to mind
     */
    HeadSeries(
            Generation generation,
            IntPredicate present,
            PageCodec codec,
            ImmutableRoaringBitmap selected,
            ReadBudget budget,
            long upTo) {
        this.generation = generation;
        this.registry = generation.registry();
        this.reader = generation.reader(codec, upTo);
        this.budget = budget;
        int[] found = Arrays.stream(selected.toArray()).filter(present).toArray();
        budget.charge(0, 24L * found.length);
        numbers = registry.sorted(found);
        at = -1;
        to = numbers.length;
    }

    /** Some of a list of series in the order of their labels: from a place to before another. */
    HeadSeries(Generation generation, PageCodec codec, int[] sorted, int from, int to, ReadBudget budget, long upTo) {
        this.generation = generation;
        this.registry = generation.registry();
        this.reader = generation.reader(codec, upTo);
        this.budget = budget;
        this.numbers = sorted;
        this.at = from - 1;
        this.to = to;
    }

    @Override
    public boolean next() {
        return ++at < to;
    }

    @Override
    public Labels labels() {
        return registry.labels(numbers[at]);
    }

    @Override
    public void columns(TimeRange range, List<ColumnCursor> target) {
        target.add(reader.columns(numbers[at], range, budget));
        ColumnCursor histograms = reader.histograms(numbers[at], range, budget);
        if (histograms != null) {
            target.add(histograms);
        }
    }

    @Override
    public boolean estimate(TimeRange range, EstimatedPages target) {
        GenerationReader.Estimate of = reader.estimate(numbers[at], range);
        target.read(of.bytes());
        if (of.rows() > 0) {
            long first = of.found() == 0 ? range.from() : of.first(); // without samples in range it is read for nothing
            target.add(first, of.found() == 0 ? range.from() : of.last(), (int) of.rows(), 0, false);
        }
        return of.found() > 0;
    }

    @Override
    public boolean isHead() {
        return true;
    }

    @Override
    public void exemplars(List<Exemplar> target) {
        generation.kinds().exemplars(numbers[at], TimeRange.ALL, target);
    }

    @Override
    public void starts(List<StartTime> target) {
        generation.kinds().starts(numbers[at], target);
    }
}
