package io.varve.core.ingest;

import io.varve.core.storage.Verdict;

/** Where a shard reports what it does; called once a batch, from the agent and the syncer. */
public interface ShardMetrics {

    /**
     * A batch was acknowledged or refused.
     *
     * @param stamps nanoseconds at which it entered the ring, left it, reached the log and was durable; not to be kept
     */
    void batch(int accepted, long[] stamps);

    /** Samples were refused. */
    void refused(Verdict reason, int samples);

    /** A force of the log took so long, in nanoseconds. */
    void forced(long nanos);

    /** A write or a force of the log failed. */
    void logFailed();

    /** What could not be made durable was written into files of its own. */
    void logRescued();

    /** Reports nothing. */
    ShardMetrics NONE = new ShardMetrics() {
        @Override
        public void batch(int accepted, long[] stamps) {}

        @Override
        public void refused(Verdict reason, int samples) {}

        @Override
        public void forced(long nanos) {}

        @Override
        public void logFailed() {}

        @Override
        public void logRescued() {}
    };
}
