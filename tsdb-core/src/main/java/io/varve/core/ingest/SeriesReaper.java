package io.varve.core.ingest;

import io.varve.core.head.Generation;
import io.varve.core.head.SeriesRegistry;
import io.varve.core.model.TimeSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;

/**
 * Lets series die of which no generation has a sample any more, and which had none for a while (ADR 0013). One step is
 * a slice of the work, so that batches wait for none of it; the agent alone takes steps.
 *
 * <p>The order is what makes a number safe to use again: look for the dead → wait for the readers whose generations may
 * have samples of them → unlink those that got none meanwhile → wait for the readers that may have found them
 * before, for the batches that may name them, and for a while → copy the labels of the others, once the
 * dead are an eighth → wait for the readers that may look at what was copied → free the numbers of the dead under a
 * new epoch.
 */
final class SeriesReaper {

    private static final int SLICE = 8_192;
    private static final int COPIED_SLICE = 512;

    /** The dead are left where they are until they are this part of all. */
    private static final int WORTH = 8;

    /** How long batches are waited for that name series and do not come: their appenders may be forgotten. */
    static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private enum Phase {
        IDLE,
        LOOK,
        WAIT_TO_UNLINK,
        UNLINK,
        WAIT_TO_COPY,
        COPY,
        WAIT_TO_FREE
    }

    private final SeriesRegistry registry;
    private final LabelCache cache;
    private final LongPredicate cachedLives;
    private final ReaderWatch readers;
    private final OpenBatches batches;
    private final TimeSource clock;
    private final long idleNanos;

    private volatile boolean requested;
    private Phase phase = Phase.IDLE;
    private int cursor;
    private int[] dead = new int[64];
    private int count;
    private int unlinked;
    private int leftBehind;
    private long mark;
    private long batchMark;
    private long since;

    /**
     * For the series of a shard.
     *
     * @param cachedLives whether a reference of the cache names a series that lives
     * @param idleNanos how long a series is without samples at least before it dies, and how long it can come back
     */
    SeriesReaper(
            SeriesRegistry registry,
            LabelCache cache,
            LongPredicate cachedLives,
            ReaderWatch readers,
            OpenBatches batches,
            TimeSource clock,
            long idleNanos) {
        this.registry = registry;
        this.cache = cache;
        this.cachedLives = cachedLives;
        this.readers = readers;
        this.batches = batches;
        this.clock = clock;
        this.idleNanos = idleNanos;
        since = clock.nanoTime();
    }

    /** A generation was sealed: series may have lost their last sample of the head. Any thread. */
    void request() {
        requested = true;
    }

    /** A series was made for a batch that the log had no room for. The agent alone. */
    void unlinkNow(int number) {
        add(number);
        int last = count - 1;
        registry.unlink(dead, last, count);
        switch (phase) {
            case LOOK, WAIT_TO_UNLINK, UNLINK -> { // in front of those that may still live
                dead[last] = dead[unlinked];
                dead[unlinked++] = number;
            }
            case IDLE, WAIT_TO_COPY -> {
                unlinked = count;
                waitToCopy();
            }
            case COPY, WAIT_TO_FREE -> unlinked = count; // it is copied, and has its turn later
        }
    }

    /** Does a slice of what there is to do; whether there was something. */
    boolean step() {
        return switch (phase) {
            case IDLE -> begin();
            case LOOK -> look();
            case WAIT_TO_UNLINK -> readers.haveGone(mark) && go(Phase.UNLINK);
            case UNLINK -> unlink();
            case WAIT_TO_COPY -> mayCopy(clock.nanoTime() - since) && beginCopy();
            case COPY -> copy();
            case WAIT_TO_FREE -> readers.haveGone(mark) && free();
        };
    }

    private boolean go(Phase next) {
        phase = next;
        return true;
    }

    private boolean begin() {
        if (!requested || clock.nanoTime() - since < idleNanos) {
            return false;
        }
        requested = false;
        cursor = 0;
        return go(Phase.LOOK);
    }

    private boolean look() {
        int end = Math.min(registry.numbers(), cursor + SLICE);
        readers.withGenerations(generations -> look(generations, end));
        cursor = end;
        if (end < registry.numbers()) {
            return true;
        }
        since = clock.nanoTime();
        if (count == unlinked) {
            return go(Phase.IDLE);
        }
        mark = readers.mark();
        return go(Phase.WAIT_TO_UNLINK);
    }

    private void look(List<Generation> generations, int end) {
        for (int number = cursor; number < end; number++) {
            if (!registry.isLiving(number) || hasSamples(generations, number)) {
                continue;
            }
            if (registry.isIdle(number)) {
                add(number);
            } else {
                registry.markIdle(number);
                requested = true; // look again, even if nothing is sealed until then
            }
        }
    }

    private static boolean hasSamples(List<Generation> generations, int number) {
        for (Generation generation : generations) {
            if (generation.has(number) || generation.kinds().has(number)) {
                return true;
            }
        }
        return false;
    }

    private void add(int number) {
        if (count == dead.length) {
            dead = Arrays.copyOf(dead, count * 2);
        }
        dead[count++] = number;
    }

    private boolean unlink() {
        int from = unlinked;
        int end = Math.min(count, from + SLICE);
        int kept = from;
        for (int i = from; i < end; i++) {
            if (registry.isIdle(dead[i])) {
                dead[kept++] = dead[i];
            }
        }
        registry.unlink(dead, from, kept);
        System.arraycopy(dead, end, dead, kept, count - end);
        count -= end - kept;
        unlinked = kept;
        if (unlinked == count) {
            cache.forgetDead(cachedLives, count);
            waitToCopy();
        }
        return true;
    }

    private void waitToCopy() {
        mark = readers.mark();
        batchMark = batches.mark();
        since = clock.nanoTime();
        phase = Phase.WAIT_TO_COPY;
    }

    private boolean mayCopy(long waitedNanos) {
        return waitedNanos >= idleNanos
                && readers.haveGone(mark)
                && batches.haveGone(batchMark, waitedNanos >= PATIENCE_NANOS);
    }

    private boolean beginCopy() {
        since = clock.nanoTime() - idleNanos; // the wait was the pause between two looks
        if ((long) count * WORTH < registry.numbers()) {
            return go(Phase.IDLE);
        }
        leftBehind = count;
        registry.beginCopy(dead, 0, leftBehind);
        return go(Phase.COPY);
    }

    private boolean copy() {
        if (!registry.copy(COPIED_SLICE)) {
            registry.endCopy();
            mark = readers.mark();
            phase = Phase.WAIT_TO_FREE;
        }
        return true;
    }

    private boolean free() {
        long epoch = readers.nextEpoch();
        if (epoch < 0) {
            return false;
        }
        registry.free(dead, 0, leftBehind, epoch);
        System.arraycopy(dead, leftBehind, dead, 0, count - leftBehind);
        count -= leftBehind;
        unlinked = count;
        since = clock.nanoTime() - idleNanos;
        return go(Phase.IDLE);
    }
}
