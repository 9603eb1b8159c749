package io.varve.core.read;

import io.varve.core.head.Generation;
import io.varve.core.model.Labels;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SummaryRule;
import java.util.Arrays;
import java.util.function.Consumer;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/** Series of a generation, sorted by their labels. */
final class FoundInHead implements FoundSeries {

    private final Generation generation;
    private final int[] numbers;
    private final long upTo;

    /**
     * The series with samples among some.
     *
     * @param budget charged for the list of them
     * @param upTo position of the newest deletion to mind
     */
    FoundInHead(Generation generation, ImmutableRoaringBitmap selected, ReadBudget budget, long upTo) {
        this.generation = generation;
        this.upTo = upTo;
        int[] found = Arrays.stream(selected.toArray()).filter(generation::has).toArray();
        budget.charge(0, 24L * found.length);
        this.numbers = generation.registry().sorted(found);
    }

    @Override
    public int size() {
        return numbers.length;
    }

    @Override
    public Labels labels(int index) {
        return generation.registry().labels(numbers[index]);
    }

    @Override
    public SeriesSource open(
            int from, int to, SummaryRule rule, ReadScratch scratch, ReadBudget budget, Consumer<Hole> holes) {
        return new HeadSeries(generation, scratch.decode().codec(), numbers, from, to, budget, upTo);
    }
}
