package io.varve.core.read;

import io.varve.core.storage.ReadBudget;

/** Passes on what is charged and read, and adds up the bytes read. One thread. */
final class MeteredBudget implements ReadBudget {

    private final ReadBudget budget;
    private long bytesRead;

    MeteredBudget(ReadBudget budget) {
        this.budget = budget;
    }

    @Override
    public void charge(long samples, long bytes) {
        budget.charge(samples, bytes);
    }

    @Override
    public void read(long bytes) {
        bytesRead += bytes;
        budget.read(bytes);
    }

    /** Bytes read so far. */
    long bytesRead() {
        return bytesRead;
    }
}
