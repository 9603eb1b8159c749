package io.varve.core.telemetry;

import io.varve.core.model.TimeSource;
import java.time.Duration;

/**
 * What a pipeline knows of all its messages, and decides over them: which are chosen, which are slow, what they cost.
 */
final class MessageSampler {

    private static final Duration LAST_MINUTE = Duration.ofMinutes(1);

    /** After so long what is over is forgotten: else a fault hid for a minute whatever is less slow. */
    private static final Duration LAST_SECONDS = Duration.ofSeconds(10);

    private static final double SLOW_QUANTILE = 0.99;

    /** A window of fewer does not tell which are slow. */
    private static final long ENOUGH_FOR_SLOW = 100;

    private final MessageCells cells;
    private final MessageCost cost;
    private volatile SamplePlan plan = SamplePlan.ALL;
    private volatile long slowAbove = Long.MAX_VALUE;
    private long startedBefore;

    MessageSampler(String pipeline, int stages, TimeSource clock) {
        cells = new MessageCells(stages, pipeline.hashCode());
        cost = new MessageCost(clock);
    }

    /** Counts a message that begins, and decides over it: what its state says. */
    int begin() {
        long[] mine = cells.mine();
        return plan.choose(MessageCells.start(mine), MessageCells.salt(mine));
    }

    /** Counts a message that comes to a stage from elsewhere, and decides over it: what its state says. */
    int takeOver(int stage) {
        long[] mine = cells.mine();
        long before = MessageCells.start(mine);
        MessageCells.pass(mine, 0, stage);
        return plan.chooseFromElsewhere(before, mine, stage > 0);
    }

    MessageCells cells() {
        return cells;
    }

    MessageCost cost() {
        return cost;
    }

    /** Share of messages that is chosen. */
    double ratio() {
        return plan.ratio();
    }

    void plan(SamplePlan value) {
        plan = value;
    }

    /** Whether a message of this length, in nanoseconds, is slow: over the P99 of the last minute or ten seconds. */
    boolean isSlow(long took) {
        return took > slowAbove;
    }

    /** Whether it took over twice as long as what is slow. */
    boolean isFarSlower(long took) {
        return took / 2 > slowAbove;
    }

    /** A step of windows has ended: what is slow is known anew. One thread at a time. */
    void tick(Distribution whole) {
        long started = cells.started();
        if (started != startedBefore) {
            startedBefore = started;
            slowAbove = Math.min(slowAbove(whole.recent(LAST_MINUTE)), slowAbove(whole.recent(LAST_SECONDS)));
        }
    }

    private static long slowAbove(Window window) {
        return window.count() < ENOUGH_FOR_SLOW ? Long.MAX_VALUE : window.above(SLOW_QUANTILE);
    }

    long bytes() {
        return 128 + cells.bytes();
    }
}
