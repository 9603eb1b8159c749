package io.varve.core.read;

import io.varve.codec.PageCodec;
import io.varve.core.head.Generation;
import io.varve.core.head.GenerationReader;
import io.varve.core.head.SeriesRegistry;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.ReadBudget;
import java.util.Arrays;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/** Series of a generation, sorted by their labels. */
final class HeadSeries implements SeriesSource {

    private final SeriesRegistry registry;
    private final GenerationReader reader;
    private final int[] numbers;
    private final ReadBudget budget;
    private int at = -1;

    HeadSeries(Generation generation, PageCodec codec, ImmutableRoaringBitmap selected, ReadBudget budget, long upTo) {
        this.registry = generation.registry();
        this.reader = generation.reader(codec, upTo);
        this.budget = budget;
        int[] present =
                Arrays.stream(selected.toArray()).filter(generation::has).toArray();
        budget.charge(0, 24L * present.length);
        numbers = registry.sorted(present);
    }

    @Override
    public boolean next() {
        return ++at < numbers.length;
    }

    @Override
    public Labels labels() {
        return registry.labels(numbers[at]);
    }

    @Override
    public ColumnCursor columns(TimeRange range) {
        return reader.columns(numbers[at], range, budget);
    }
}
