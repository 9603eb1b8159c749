package io.varve.core.read;

import io.varve.core.block.BlockMeta;
import io.varve.core.compact.Cutoffs;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SeriesSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The labels of the series that a selection would find, in order, each once; no sample is read. One thread. */
final class ListedSeries implements SeriesSet {

    private final List<Walk> walks = new ArrayList<>();
    private final List<Hole> holes;
    private Labels current = Labels.EMPTY;
    private boolean begun;

    /** The selected series of a part. */
    private static final class Walk {
        private final ListedPart part;
        private final int[] numbers;
        private int at;
        private @Nullable Labels labels;

        Walk(ListedPart part, int[] numbers) {
            this.part = part;
            this.numbers = numbers;
        }

        void advance(List<Hole> holes) {
            labels = null;
            while (labels == null && at < numbers.length) {
                int series = numbers[at++];
                try {
                    labels = part.has(series) ? part.labels().apply(series) : null;
                } catch (InternalError e) { // of a mapped page that the device did not deliver
                    holes.add(unreadable(part, 1, "labels of series " + series, e));
                }
            }
        }
    }

    /** @param holes what is missing already */
    ListedSeries(List<ListedPart> parts, List<Hole> holes, Cutoffs cutoffs, ReadBudget budget, Matcher... matchers) {
        this.holes = new ArrayList<>(holes);
        for (ListedPart part : parts) {
            try {
                walks.add(new Walk(part, part.numbers(cutoffs, budget, matchers)));
            } catch (InternalError e) {
                this.holes.add(unreadable(part, -1, "its index", e));
            }
        }
    }

    private static Hole unreadable(ListedPart part, long series, String what, InternalError e) {
        BlockMeta block = part.block();
        if (block == null) {
            throw e;
        }
        return BlockSeries.unreadable(block, series < 0 ? block.series() : series, what + ": " + e);
    }

    @Override
    public boolean next() {
        Labels least = null;
        for (Walk walk : walks) {
            Labels head = walk.labels;
            if (!begun || head != null && current.equals(head)) {
                walk.advance(holes);
                head = walk.labels;
            }
            if (head != null && (least == null || head.compareTo(least) < 0)) {
                least = head;
            }
        }
        begun = true;
        current = least == null ? Labels.EMPTY : least;
        return least != null;
    }

    @Override
    public Labels labels() {
        return current;
    }

    @Override
    public ColumnCursor columns() {
        throw new UnsupportedOperationException("series that are listed have no samples: labels=" + current);
    }

    @Override
    public List<Hole> holes() {
        return List.copyOf(holes);
    }

    @Override
    public void close() {}
}
