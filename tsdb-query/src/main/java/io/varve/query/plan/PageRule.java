package io.varve.query.plan;

import io.varve.core.storage.PageSummary;
import io.varve.core.storage.SummaryRule;

/**
 * Pages that lie in each window as a whole or not at all, and whose summary says of a window what its samples would
 * (design: statistics answer for whole pages alone).
 */
public final class PageRule implements SummaryRule {

    private final int count;
    private final long firstEnd;
    private final long step;
    private final long range;

    /** A rule for windows that end at {@code firstEnd + i * step}; parameters as of {@link WindowBounds}. */
    public PageRule(int count, long firstEnd, long step, long range) {
        this.count = count;
        this.firstEnd = firstEnd;
        this.step = step;
        this.range = range;
    }

    @Override
    public boolean fits(long firstTime, long lastTime) {
        return !anyEdge(firstEnd, firstTime, lastTime) && !anyEdge(Steps.minus(firstEnd, range), firstTime, lastTime);
    }

    /** Whether an edge lies at or behind the first sample and before the last one, so that it parts them. */
    private boolean anyEdge(long firstEdge, long firstTime, long lastTime) {
        if (firstEdge >= lastTime) {
            return false;
        }
        if (firstEdge >= firstTime) {
            return true;
        }
        if (step == 0) {
            return false;
        }
        long index = -Math.floorDiv(firstEdge - firstTime, step); // rounded up
        return index < count && firstEdge + index * step < lastTime;
    }

    @Override
    public boolean suffices(PageSummary summary) {
        return summary.stales() == 0 && Double.isFinite(summary.sum()) && Double.isFinite(summary.correction());
    }
}
