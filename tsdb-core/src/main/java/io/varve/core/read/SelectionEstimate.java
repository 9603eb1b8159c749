package io.varve.core.read;

import io.varve.core.block.EstimatedPages;
import io.varve.core.compact.Cutoffs;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.ReadEstimate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what reading the series of several sources would read. As a {@link MergedCursor} does, it takes the summary
 * of a page only where no other source has samples of the series. One thread, one use.
 */
final class SelectionEstimate {

    private final List<SeriesSource> sources;
    private final EstimatedPages[] pages;
    private final boolean[] used;
    private final long[] decoded;
    private final long[] summarized;
    private long series;
    private long samples;
    private long mostSamples;

    SelectionEstimate(List<SeriesSource> sources) {
        this.sources = List.copyOf(sources);
        this.pages = new EstimatedPages[sources.size()];
        this.used = new boolean[pages.length];
        this.decoded = new long[pages.length];
        this.summarized = new long[pages.length];
        for (int i = 0; i < pages.length; i++) {
            pages[i] = new EstimatedPages();
        }
    }

    /**
     * Visits all series.
     *
     * @param budget asked before each whether to go on
     * @param postingsBytes what the selection has read
     */
    ReadEstimate of(TimeRange range, Cutoffs cutoffs, ReadBudget budget, long postingsBytes) {
        LockstepSeries all = new LockstepSeries(sources);
        for (@Nullable Labels labels = all.next(); labels != null; labels = all.next()) {
            budget.charge(0, 0);
            TimeRange alive = cutoffs.within(labels, range);
            for (int i = 0; i < pages.length; i++) {
                pages[i].clear();
                used[i] = all.isIn(i) && !alive.isEmpty() && sources.get(i).estimate(alive, pages[i]);
            }
            add();
        }
        ReadEstimate.Part head = ReadEstimate.Part.NONE;
        ReadEstimate.Part blocks = ReadEstimate.Part.NONE;
        for (int i = 0; i < pages.length; i++) {
            ReadEstimate.Part part = new ReadEstimate.Part(1, decoded[i], summarized[i], pages[i].bytes());
            head = sources.get(i).isHead() ? head.plus(part) : head;
            blocks = sources.get(i).isHead() ? blocks : blocks.plus(part);
        }
        return new ReadEstimate(series, samples, mostSamples, postingsBytes, head, blocks);
    }

    /** Adds one series. */
    private void add() {
        boolean any = false;
        long before = samples;
        for (int i = 0; i < pages.length; i++) {
            any |= used[i];
            EstimatedPages of = pages[i];
            for (int page = 0; page < of.size(); page++) {
                if (of.isSummarized(page) && !touched(i, of.first(page), of.last(page))) {
                    summarized[i]++;
                } else {
                    of.decode(page);
                    decoded[i]++;
                    samples += of.samples(page);
                }
            }
        }
        series += any ? 1 : 0;
        mostSamples = Math.max(mostSamples, samples - before);
    }

    private boolean touched(int source, long from, long to) {
        for (int i = 0; i < pages.length; i++) {
            if (i != source && pages[i].touches(from, to)) {
                return true;
            }
        }
        return false;
    }
}
