package io.varve.query.plan;

import io.varve.core.storage.ReadBudget;
import java.util.function.BooleanSupplier;

/**
 * What a part of a query's reading uses, noted by the thread that reads it and charged to the query when the part's
 * turn comes, so that a query is refused where it would be if one thread read everything. One thread at a time.
 */
public final class PartBudget implements ReadBudget {

    private final QueryBudget budget;
    private final BooleanSupplier stopped;
    private long samples;
    private long bytes;
    private long chargedSamples;
    private long chargedBytes;

    /**
     * A budget that nothing was taken from.
     *
     * @param stopped whether nobody wants the part any more
     */
    public PartBudget(QueryBudget budget, BooleanSupplier stopped) {
        this.budget = budget;
        this.stopped = stopped;
    }

    /** Thrown where nobody wants the part any more; never seen by the asker. */
    public static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Stopped() {
            super("nobody wants it any more", null, false, false);
        }
    }

    /** What the part alone uses must fit the query's limits. */
    @Override
    public void charge(long moreSamples, long moreBytes) {
        if (stopped.getAsBoolean()) {
            throw new Stopped();
        }
        samples += moreSamples;
        bytes += moreBytes;
        budget.checkLimits(samples, bytes);
    }

    @Override
    public void read(long bytesRead) {
        budget.read(bytesRead);
    }

    /** Samples since this was asked last. */
    public long takeSamples() {
        long more = samples - chargedSamples;
        chargedSamples = samples;
        return more;
    }

    /** Bytes since this was asked last. */
    public long takeBytes() {
        long more = bytes - chargedBytes;
        chargedBytes = bytes;
        return more;
    }
}
